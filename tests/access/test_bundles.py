"""Buying a bundle, its choice rules (T32), what it gives and what ending it takes: one test per exit."""

from datetime import timedelta

import pytest
from django.db import models

from access.models import AccessEvent, AccessStatus, AccessType, BundlePurchase, CourseAccess
from access.selectors import course_decision
from access.services import (
    BundleRefused,
    ReasonMissing,
    end_bundle_purchase,
    grant_bundle_access,
    revoke_access,
    save_bundle,
)
from tests import factories as make
from tests.access.bundling import actions, bundle_of, buy, ids, open_courses, picked_from, tiered
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def test_fixed_bundle_gives_every_course_a_row_of_its_own(student):
    bundle, courses = bundle_of(3)

    purchase = buy(student, bundle)

    rows = CourseAccess.objects.values_list("access_type", "source_key", "bundle_purchase")
    assert set(rows) == {(AccessType.BUNDLE, f"bundle_purchase:{purchase.pk}", purchase.pk)}
    assert (open_courses(student), actions()) == (set(ids(courses)), ["granted"] * 3)


def test_each_course_keeps_its_own_rule_for_the_end(student):
    bundle, (course,) = bundle_of(1)
    type(course).objects.update(access_duration_type="fixed_days", access_duration_days=30)

    buy(student, bundle)

    assert CourseAccess.objects.get().expires_at == NOW + timedelta(days=30)


def test_the_same_source_again_changes_nothing(student):
    bundle, _ = bundle_of(2)
    first = buy(student, bundle)

    again = buy(student, bundle, now=LATER)

    assert (again, again.purchased_at, actions()) == (first, NOW, ["granted"] * 2)


def test_another_source_is_another_purchase(student):
    bundle, _ = bundle_of(2)
    buy(student, bundle)

    buy(student, bundle, source_key="order:2")

    assert (BundlePurchase.objects.count(), CourseAccess.objects.count()) == (2, 4)


def test_an_ended_purchase_does_not_come_back_with_its_source(student):
    bundle, _ = bundle_of(2)
    end_bundle_purchase(bundle_purchase=buy(student, bundle), now=NOW, reason="Refund")

    buy(student, bundle)

    assert (BundlePurchase.objects.count(), open_courses(student)) == (1, set())


def test_a_course_owned_already_gets_a_row_beside_the_other(student):
    bundle, (course,) = bundle_of(1)
    own = make.CourseAccessFactory(user=student, course=course)

    buy(student, bundle)

    assert (CourseAccess.objects.count(), CourseAccess.objects.exclude(pk=own.pk).get().access_type) == (2, "bundle")


def test_a_gift_of_staff_names_actor_and_reason(student, staff):
    bundle, _ = bundle_of(1)

    purchase = buy(student, bundle, source_key="staff:1", actor=staff, reason="Won a prize", cause="dashboard")

    event = AccessEvent.objects.get()
    assert (purchase.granted_by, event.actor, event.reason, event.cause) == (staff, staff, "Won a prize", "dashboard")


def test_an_inactive_bundle_is_refused(student):
    bundle, _ = bundle_of(2, is_active=False)

    with pytest.raises(BundleRefused, match="no longer on offer"):
        buy(student, bundle)

    assert BundlePurchase.objects.count() == 0


def test_one_bought_before_it_was_archived_is_still_the_same_purchase(student):
    bundle, _ = bundle_of(2)
    first = buy(student, bundle)
    bundle.is_active = False

    assert buy(student, bundle) == first


@pytest.mark.parametrize("kind", [{}, {"bundle_type": "pick_your_own", "max_course_selections": 1}])
def test_an_empty_bundle_is_refused(student, kind):
    with pytest.raises(BundleRefused):
        buy(student, make.BundleFactory(**kind))


def add_course(bundle, **fields):
    return make.BundleCourseFactory(bundle=bundle, **fields).course


def test_granting_again_gives_what_a_fixed_bundle_has_gained(student):
    bundle, courses = bundle_of(1)
    purchase = buy(student, bundle)
    new = add_course(bundle)

    rows = grant_bundle_access(user=student, bundle_purchase=purchase, now=NOW)

    assert ([row.course for row in rows], open_courses(student)) == ([new], {courses[0].pk, new.pk})


def test_granting_again_leaves_out_a_course_whose_last_day_has_passed(student):
    bundle, _ = bundle_of(1)
    purchase = buy(student, bundle)
    add_course(bundle, course=make.CourseFactory(access_duration_type="until_date", access_until=NOW))

    assert grant_bundle_access(user=student, bundle_purchase=purchase, now=NOW) == []


def test_an_ended_purchase_takes_no_part_in_what_the_bundle_gains(student):
    bundle, _ = bundle_of(1)
    purchase = buy(student, bundle)
    end_bundle_purchase(bundle_purchase=purchase, now=NOW, reason="Refund")
    add_course(bundle)

    assert grant_bundle_access(user=student, bundle_purchase=purchase, now=LATER) == []


def test_granting_again_brings_nothing_back_that_staff_took(student):
    purchase = buy(student, bundle_of(1)[0])
    revoke_access(access=CourseAccess.objects.get(), now=NOW, reason="Abuse")

    assert grant_bundle_access(user=student, bundle_purchase=purchase, now=LATER) == []


@pytest.mark.parametrize("made_to_be", ["fixed", "tiered"])
def test_a_pick_stays_the_pick_whatever_the_bundle_becomes(student, made_to_be):
    bundle, courses = picked_from(3)
    purchase = buy(student, bundle, course_ids=ids(courses[:1]))
    type(bundle).objects.update(bundle_type=made_to_be, max_course_selections=None)

    grant_bundle_access(user=student, bundle_purchase=purchase, now=LATER)

    assert open_courses(student) == {courses[0].pk}


def test_all_of_a_fixed_bundle_is_no_pick_when_it_becomes_one_to_pick_from(student):
    bundle, _ = bundle_of(1)
    purchase = buy(student, bundle)
    type(bundle).objects.update(bundle_type="pick_your_own", max_course_selections=1)
    add_course(bundle)

    assert grant_bundle_access(user=student, bundle_purchase=purchase, now=LATER) == []


def test_a_level_takes_part_in_what_the_level_gains(student):
    bundle, _ = tiered(1, 3)
    purchase = buy(student, bundle, level=1)
    new = [add_course(bundle, level=level) for level in (1, 2)]

    rows = grant_bundle_access(user=student, bundle_purchase=purchase, now=LATER)

    assert [row.course for row in rows] == new[:1]


def test_a_purchase_of_somebody_else_gives_nothing(student, stranger):
    purchase = buy(student, bundle_of(1)[0])

    with pytest.raises(BundlePurchase.DoesNotExist):
        grant_bundle_access(user=stranger, bundle_purchase=purchase, now=NOW)


def test_ending_takes_just_the_rows_of_the_purchase(student, staff):
    bundle, (first, _) = bundle_of(2)
    own = make.CourseAccessFactory(user=student, course=first)
    purchase = buy(student, bundle)
    other = buy(student, bundle_of(1)[0])

    end_bundle_purchase(bundle_purchase=purchase, now=LATER, reason=" Refund ", actor=staff, cause="order:1")

    ended = CourseAccess.objects.filter(status=AccessStatus.REVOKED)
    assert set(ended.values_list("bundle_purchase", "revocation_reason", "revoked_by")) == {
        (purchase.pk, "Refund", staff.pk)
    }
    assert set(CourseAccess.objects.open_at(NOW)) == {own, *other.accesses.all()}
    assert purchase.ended_at == LATER


def test_ending_twice_changes_nothing(student):
    purchase = buy(student, bundle_of(2)[0])
    end_bundle_purchase(bundle_purchase=purchase, now=NOW, reason="Refund")

    end_bundle_purchase(bundle_purchase=purchase, now=LATER, reason="Again")

    assert (purchase.ended_at, actions()) == (NOW, ["granted"] * 2 + ["revoked"] * 2)


def test_ending_needs_a_reason(student):
    purchase = buy(student, bundle_of(1)[0])

    with pytest.raises(ReasonMissing):
        end_bundle_purchase(bundle_purchase=purchase, now=NOW, reason=" ")

    assert open_courses(student) != set()


def test_one_mail_tells_of_the_whole_bundle(student, run_jobs, mailoutbox):
    buy(student, bundle_of(3)[0])
    run_jobs()

    assert [mail.to for mail in mailoutbox] == [[student.email]]


def test_a_suspension_stays_above_a_bundle(student):
    bundle, (course,) = bundle_of(1)
    make.SuspensionFactory(user=student, course=course)

    buy(student, bundle)

    assert course_decision(student, course, NOW).code == "suspended"


@pytest.mark.parametrize(
    ("name", "slug"), [("Summer Set", "summer-set"), ("夏", "bundle"), ("A" * 120, "a" * 110)]
)  # fmt: skip
def test_address_is_made_from_the_name(name, slug):
    assert save_bundle(bundle=make.BundleFactory.build(name=name, slug="")).slug == slug


def test_taken_addresses_get_numbers():
    slugs = [save_bundle(bundle=make.BundleFactory.build(name="Set", slug="")).slug for _ in range(3)]

    assert slugs == ["set", "set-1", "set-2"]


def test_address_follows_the_name_and_otherwise_stays():
    make.BundleFactory(name="Set", slug="set")
    bundle = save_bundle(bundle=make.BundleFactory.build(name="Set", slug=""))
    stayed = save_bundle(bundle=bundle).slug
    bundle.name = "Other"

    assert (stayed, save_bundle(bundle=bundle).slug) == ("set-1", "other")


def test_a_bundle_with_purchases_cannot_be_deleted(student):
    bundle, _ = bundle_of(1)
    buy(student, bundle)

    with pytest.raises(models.ProtectedError):
        bundle.delete()


def test_a_bundle_nobody_bought_can():
    bundle, (course,) = bundle_of(1)

    bundle.delete()

    assert type(course).objects.filter(pk=course.pk).exists()
