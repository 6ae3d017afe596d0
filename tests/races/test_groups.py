"""Staff who change a group beside others: two editors, deleting beside joining, granting to all beside leaving.

Each beside a twin without its guard, which goes wrong.
"""

import time

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError

from access.models import Bundle, BundlePurchase, Cohort, CohortMembership, CourseAccess, LearningPath, PathMembership
from access.services import (
    BundleRefused,
    CohortFull,
    PathClosed,
    add_to_cohort,
    buy_bundle,
    end_bundle_purchase,
    join_path,
    leave_cohort,
    leave_path,
)
from access.services.catching_up import ask_to_catch_up, catch_up
from access.services.contents import add_courses, move_course
from access.services.managing import (
    GroupChanged,
    change_group,
    create_group,
    delete_or_archive,
    restore_group,
    version_of,
)
from accounts.models import StaffAction
from common.models import Job
from tests import factories as make
from tests.factories import NOW
from tests.races.conftest import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MODELS = {"cohort": Cohort, "bundle": Bundle, "path": LearningPath}
every_noun = pytest.mark.parametrize("noun", MODELS)


def group_of(noun):
    """A group with a course, which gives it."""
    if noun == "cohort":
        cohort = make.CohortFactory(grants_access=True)
        cohort.courses.add(make.CourseFactory())
        return cohort
    return make.BundleCourseFactory().bundle if noun == "bundle" else make.PathStepFactory().path


def entering(group, user):
    group = type(group).objects.get(pk=group.pk)
    if isinstance(group, Cohort):
        return lambda: add_to_cohort(user=user, cohort=group, now=NOW)
    if isinstance(group, Bundle):
        return lambda: buy_bundle(user=user, bundle=group, source_key="order:1", now=NOW)
    return lambda: join_path(user=user, path=group, now=NOW)


def leaving(group, user):
    if isinstance(group, Cohort):
        return lambda: leave_cohort(user=user, cohort=Cohort.objects.get(), now=NOW)
    if isinstance(group, Bundle):
        purchase = BundlePurchase.objects.get(user=user)
        return lambda: end_bundle_purchase(bundle_purchase=purchase, now=NOW, reason="Refund")
    membership = PathMembership.objects.get(user=user)
    return lambda: leave_path(membership=membership, now=NOW)


def later(seconds, call):
    time.sleep(seconds)
    return call()


def places():
    return sum(model.objects.count() for model in (CohortMembership, BundlePurchase, PathMembership))


def editing(group, description, actor):
    mine = type(group).objects.get(pk=group.pk)
    version = version_of(mine)
    mine.description = description
    return lambda: change_group(group=mine, version=version, now=NOW, actor=actor)


def kinds(results):
    return sorted(type(result).__name__ for result in results)


@every_noun
def test_of_two_editors_at_once_one_is_told(noun):
    group, staff = group_of(noun), make.StaffFactory()

    results = at_once(*[editing(group, f"By {number}", staff) for number in range(6)], may_fail=True)

    assert kinds(results).count("GroupChanged") == 5


def test_twin_without_the_lock_both_save(without_row_locks, meet):
    bundle, staff = group_of("bundle"), make.StaffFactory()
    meet("access.services.managing.changed_fields", 2)

    results = at_once(*[editing(bundle, f"By {number}", staff) for number in range(2)])

    assert kinds(results) == ["Bundle", "Bundle"]


def moving(bundle, course, actor):
    version = version_of(Bundle.objects.get())
    return lambda: move_course(group=bundle, course=course, by=-1, version=version, actor=actor)


def three_in_order():
    bundle = make.BundleFactory()
    return bundle, [make.BundleCourseFactory(bundle=bundle, order=order).course for order in range(3)]


def test_two_who_order_at_once_never_mix_their_orders():
    bundle, courses = three_in_order()
    staff = make.StaffFactory()

    results = at_once(*[moving(bundle, course, staff) for course in courses[1:]], may_fail=True)

    assert kinds(results) == ["GroupChanged", "bool"]
    assert sorted(bundle.entries.values_list("order", flat=True)) == [0, 1, 2]


def test_twin_without_the_lock_the_orders_mix(without_row_locks, meet):
    bundle, courses = three_in_order()
    staff = make.StaffFactory()
    meet("access.services.contents._number", 2)

    results = at_once(*[moving(bundle, course, staff) for course in courses[1:]])

    assert (results, isinstance(results[0], GroupChanged)) == ([True, True], False)


def test_the_same_form_sent_six_times_at_once_makes_one():
    staff = make.StaffFactory()
    fresh = [make.BundleFactory.build(name="Set", slug="") for _ in range(6)]

    at_once(*[lambda bundle=bundle: create_group(group=bundle, now=NOW, actor=staff) for bundle in fresh])

    assert Bundle.objects.count() == 1


def test_twin_without_the_lock_of_who_sends_it_a_name_is_taken_twice(monkeypatch, meet):
    monkeypatch.setattr("access.services.managing.lock_student", lambda user_id: None)
    meet("access.services.managing.save_bundle", 2)
    staff = make.StaffFactory()
    fresh = [make.BundleFactory.build(name="Set", slug="") for _ in range(2)]

    results = at_once(
        *[lambda bundle=bundle: create_group(group=bundle, now=NOW, actor=staff) for bundle in fresh], may_fail=True
    )

    assert kinds(results) in (["Bundle", "NameTaken"], ["Bundle", "Bundle"])


def deleting(group, actor):
    return lambda: delete_or_archive(group=group, now=NOW, actor=actor)


@every_noun
@pytest.mark.parametrize("first", ["entering", "deleting"])
def test_deleting_beside_joining_archives_or_refuses(noun, first, linger):
    group, staff, user = group_of(noun), make.StaffFactory(), make.UserFactory()
    linger("access.services.managing.note_action", 0.2)
    enter, delete = entering(group, user), deleting(group, staff)
    pauses = (0, 0.1) if first == "entering" else (0.1, 0)

    entered, is_deleted = at_once(lambda: later(pauses[0], enter), lambda: later(pauses[1], delete), may_fail=True)

    model = MODELS[noun]
    if is_deleted is True:
        assert (isinstance(entered, CohortFull | BundleRefused | PathClosed), places(), model.objects.count()) == (
            True,
            0,
            0,
        )
    else:
        assert (is_deleted, places(), model.objects.get().is_active) == (False, 1, False)


@every_noun
def test_many_who_join_while_it_is_deleted_are_all_in_or_all_out(noun):
    group, staff = group_of(noun), make.StaffFactory()
    enters = [entering(group, make.UserFactory()) for _ in range(8)]

    results = at_once(*enters[:4], deleting(group, staff), *enters[4:], may_fail=True)

    refused = [each for each in results if isinstance(each, CohortFull | BundleRefused | PathClosed)]
    assert [each for each in results if isinstance(each, Exception) and each not in refused] == []
    assert (places(), MODELS[noun].objects.count()) in ((8, 1), (0, 0))


@pytest.mark.parametrize("noun", ["bundle", "path"])
def test_twin_without_the_hold_of_who_joins_the_database_has_to_stop_it(noun, linger, monkeypatch):
    for module in ("bundles", "paths"):
        monkeypatch.setattr(f"access.services.{module}.hold_against_deletion", lambda row: True)
    linger("access.services.bundles.grant_bundle_access" if noun == "bundle" else "access.services.paths._give_missing")
    group, staff, user = group_of(noun), make.StaffFactory(), make.UserFactory()
    delete = deleting(group, staff)

    results = at_once(entering(group, user), lambda: later(0.2, delete), may_fail=True)

    assert [each for each in results if isinstance(each, IntegrityError | ObjectDoesNotExist)] != []


def with_a_new_course(noun, count):
    """A group with so many people, and a course that came after them."""
    group, users = group_of(noun), make.UserFactory.create_batch(count)
    for user in users:
        entering(group, user)()
    group.refresh_from_db()
    new = make.CourseFactory()
    add_courses(group=group, courses=[new], version=version_of(group), actor=make.StaffFactory())
    return group, users, new


def granting(noun, group):
    return lambda: catch_up(kind=noun, group_id=group.pk, actor_id=0, after=0, now=NOW)


@every_noun
def test_granting_to_all_beside_leaving_leaves_nobody_with_what_they_lost(noun):
    group, users, new = with_a_new_course(noun, 4)

    at_once(granting(noun, group), *[leaving(group, user) for user in users[:2]], granting(noun, group))

    live = CourseAccess.objects.exclude(status="revoked")
    assert set(live.filter(user__in=users[:2])) == set()
    assert (live.filter(course=new).count(), CourseAccess.objects.filter(course=new, user__in=users[2:]).count()) == (
        2,
        2,
    )


HELD = {
    "cohort": "access.services.cohorts._give",
    "bundle": "access.services.bundles.grant_access",
    "path": "access.services.paths.grant_access",
}


@every_noun
def test_twin_without_the_locks_who_left_gets_it_all_the_same(noun, linger, without_row_locks, monkeypatch):
    group, [user], _ = with_a_new_course(noun, 1)
    linger(HELD[noun])
    leave = leaving(group, user)

    at_once(granting(noun, group), lambda: later(0.2, leave))

    assert CourseAccess.objects.filter(user=user).exclude(status="revoked").count() == 1


def test_two_who_ask_at_once_ask_for_one_job():
    cohort, staff = group_of("cohort"), make.StaffFactory()

    results = at_once(*[lambda: ask_to_catch_up(group=cohort, actor=staff)] * 4)

    assert (sorted(results), Job.objects.count()) == ([False, False, False, True], 1)


def test_twin_without_the_lock_both_ask(without_row_locks, meet):
    cohort, staff = group_of("cohort"), make.StaffFactory()
    meet("access.services.catching_up.enqueue", 2)

    at_once(*[lambda: ask_to_catch_up(group=cohort, actor=staff)] * 2)

    assert Job.objects.count() == 2


def restored_at_once(overlap):
    """How often the log says that a bundle is active again."""
    bundle, staff = make.BundleFactory(is_active=False), make.StaffFactory()
    restore = {"group": bundle, "now": NOW, "actor": staff}
    overlap("access.services.managing.note_action", *[lambda: restore_group(**restore)] * 2)
    return StaffAction.objects.count()


def test_of_two_who_restore_at_once_one_did(overlap):
    assert restored_at_once(overlap) == 1


def test_twin_without_the_lock_both_say_so(overlap, without_row_locks):
    assert restored_at_once(overlap) == 2
