"""Memberships given for a time: they only raise, end at the instant, replace each other, and leave a history."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail

from access.models import AccessAction, AccessEvent, CourseAccess
from access.selectors import course_decision
from access.services import AccessRefused, ReasonMissing, override_tier, revoke_access
from access.tiers import Mark, effective_level, membership_of, plans_for, yearly_saving
from tests import factories as make
from tests.access.ledgers import rebuild

pytestmark = pytest.mark.django_db
NOW, DAY = make.NOW, timedelta(days=1)


def give(user, staff, level=2, until=NOW + 14 * DAY, now=NOW, reason="goodwill"):
    return override_tier(user=user, level=level, until=until, actor=staff, reason=reason, now=now)


def membership(user, level, **row):
    return make.CourseAccessFactory(user=user, course=None, tier_level=level, access_type="subscription", **row)


def history():
    return list(AccessEvent.objects.order_by("pk").values_list("action", "reason"))


def test_an_override_opens_the_courses_of_its_level(student, staff):
    courses = [
        make.CourseFactory(enrollment_method="purchase", required_level=2),
        make.CourseFactory(enrollment_method="purchase", required_level=3),
    ]

    give(student, staff, level=2)

    assert [course_decision(student, course, NOW).is_allowed for course in courses] == [True, False]


@pytest.mark.parametrize(("paid", "given", "counts"), [(1, 3, 3), (3, 1, 3), (2, 2, 2)])
def test_an_override_only_ever_raises(student, staff, paid, given, counts):
    membership(student, paid)

    give(student, staff, level=given)

    assert effective_level(student, NOW) == counts


@pytest.mark.parametrize(("seconds", "level"), [(-1, 2), (0, 0), (1, 0)])
def test_an_override_ends_at_the_instant(student, staff, seconds, level):
    until = give(student, staff).expires_at

    assert effective_level(student, until + timedelta(seconds=seconds)) == level


def test_a_second_override_replaces_the_first_and_the_history_stays(student, staff):
    give(student, staff, level=3)

    give(student, staff, level=1, now=NOW + DAY)

    rows = CourseAccess.objects.order_by("pk").values_list("tier_level", "status")
    assert list(rows) == [(3, "revoked"), (1, "unlocked")]
    assert history() == [
        (AccessAction.GRANTED, "goodwill"),
        (AccessAction.REVOKED, "Replaced by another override"),
        (AccessAction.GRANTED, "goodwill"),
    ]


@pytest.mark.parametrize("is_swept", [False, True])
def test_an_ended_override_of_the_same_level_can_be_given_again(student, staff, is_swept):
    first = give(student, staff, until=NOW + DAY)
    if is_swept:
        CourseAccess.objects.filter(pk=first.pk).update(status="expired")

    second = give(student, staff, now=NOW + 2 * DAY)

    assert (second.pk == first.pk, effective_level(student, NOW + 2 * DAY)) == (False, 2)


@pytest.mark.parametrize("until", [NOW, NOW - DAY])
def test_an_override_that_would_have_ended_leaves_the_present_one(student, staff, until):
    give(student, staff)

    with pytest.raises(AccessRefused):
        give(student, staff, until=until)

    assert effective_level(student, NOW) == 2


def test_an_override_needs_a_reason(student, staff):
    with pytest.raises(ReasonMissing):
        give(student, staff, reason=" ")

    assert history() == []


def test_an_override_is_told_in_one_mail(student, staff, run_jobs):
    give(student, staff)
    run_jobs()

    assert [(message.to, message.subject) for message in mail.outbox] == [
        (["student@example.com"], "You have access to Main membership")
    ]


def test_ending_an_override_leaves_what_is_paid_for(student, staff):
    membership(student, 1)
    given = give(student, staff, level=3)

    revoke_access(access=given, actor=staff, reason="mistake", now=NOW + DAY)

    assert effective_level(student, NOW + DAY) == 1
    assert history()[-1] == (AccessAction.REVOKED, "mistake")


def test_the_history_of_overrides_folds_to_the_rows(student, stranger, staff):
    give(student, staff, until=NOW + DAY)
    give(student, staff, now=NOW + 2 * DAY)
    given = give(stranger, staff, level=3)
    revoke_access(access=given, actor=staff, reason="mistake", now=NOW + DAY)

    assert rebuild("--check") == (["Rights: 3, suspensions: 0, differences: 0."], 0)


def test_levels_of_those_without_a_membership(student, staff):
    membership(student, 3, expires_at=NOW + DAY)

    levels = [effective_level(user, NOW + DAY) for user in (student, staff, AnonymousUser())]

    assert levels == [0, 3, 0]


def test_a_membership_is_the_one_that_lasts_longest(student, staff):
    membership(student, 2, expires_at=NOW + DAY)
    lasting = membership(student, 2, expires_at=NOW + 9 * DAY)
    added = give(student, staff, level=3)

    found = membership_of(student, NOW)

    assert (found.base, found.override, found.level) == (lasting, added, 3)


def marks(user):
    return [plan.mark for plan in plans_for(membership_of(user, NOW), is_member=True, now=NOW)]


def test_plans_are_marked_for_a_student(student, stranger, staff):
    membership(student, 1)
    give(student, staff, level=3)

    assert marks(student) == [Mark.INCLUDED, Mark.CURRENT, Mark.INCLUDED, Mark.ADDED]
    assert marks(stranger) == [Mark.CURRENT, Mark.NONE, Mark.NONE, Mark.NONE]


def test_an_override_below_the_membership_is_no_addition(student, staff):
    membership(student, 3)
    give(student, staff, level=1)

    assert marks(student) == [Mark.INCLUDED, Mark.INCLUDED, Mark.INCLUDED, Mark.CURRENT]


NOT_OPENED = (
    {"visibility": "private"},
    {"visibility": "hidden"},
    {"status": "draft"},
    {"status": "coming_soon"},
    {"access_duration_type": "until_date", "access_until": NOW},
)


def test_plans_count_the_public_courses_they_open(student):
    for level, count in ((1, 4), (2, 1), (3, 0)):
        for _ in range(count):
            make.CourseFactory(enrollment_method="purchase", required_level=level)
    make.CourseFactory()
    for fields in NOT_OPENED:
        make.CourseFactory(enrollment_method="purchase", required_level=2, **fields)
    make.CourseFactory(enrollment_method="invite_only")

    plans = plans_for(membership_of(student, NOW), is_member=True, now=NOW)

    assert [(plan.course_count, len(plan.courses), plan.more_courses) for plan in plans] == [
        (1, 1, 0),
        (4, 3, 1),
        (5, 1, 0),
        (5, 0, 0),
    ]


@pytest.mark.parametrize(("yearly", "saving"), [(50_000, 17), (None, 17), (70_000, 0), (60_000, 0)])
def test_saving_is_what_every_tier_saves(student, yearly, saving):
    plans = plans_for(membership_of(student, NOW), is_member=True, now=NOW)
    plans[2].tier.price_yearly_minor = yearly

    assert yearly_saving(plans) == saving
