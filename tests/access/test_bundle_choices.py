"""What may be chosen of a bundle, and that a choice gives exactly what was chosen (T32)."""

import pytest

from access.models import BundlePurchase
from access.services import BundleRefused
from tests import factories as make
from tests.access.bundling import actions, bundle_of, buy, ids, open_courses, picked_from, tiered
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_pick_your_own_gives_exactly_what_was_picked(student):
    bundle, courses = picked_from(5)

    purchase = buy(student, bundle, course_ids=ids(courses[1:4]))

    assert open_courses(student) == set(ids(courses[1:4]))
    assert set(purchase.selected_courses.all()) == set(courses[1:4])


WRONG_PICKS = {
    "nothing": (lambda courses: [], "Choose at least one course; you may choose 3."),
    "too many": (lambda courses: ids(courses[:4]), "Choose 3; you chose 4."),
    "one twice": (lambda courses: [courses[0].pk] * 2, "Choose each course once."),
    "a foreign one": (
        lambda courses: [courses[0].pk, make.CourseFactory().pk],
        "Choose among the courses of this bundle.",
    ),
    "one that is not there": (lambda courses: [10**9], "Choose among the courses of this bundle."),
}


@pytest.mark.parametrize("case", WRONG_PICKS)
def test_a_wrong_pick_is_refused_and_gives_nothing(student, case):
    bundle, courses = picked_from(5)
    pick, words = WRONG_PICKS[case]

    with pytest.raises(BundleRefused) as refusal:
        buy(student, bundle, course_ids=pick(courses))

    assert (str(refusal.value), BundlePurchase.objects.count(), actions()) == (words, 0, [])


def test_the_same_pick_in_another_order_is_the_same_pick(student):
    bundle, courses = picked_from(5)
    first = buy(student, bundle, course_ids=ids(courses[:2]))

    assert buy(student, bundle, course_ids=ids(courses[1::-1])) == first


def test_a_second_pick_for_the_same_purchase_is_refused_and_changes_nothing(student):
    bundle, courses = picked_from(5)
    buy(student, bundle, course_ids=ids(courses[:2]))

    with pytest.raises(BundleRefused, match="a choice is made once"):
        buy(student, bundle, course_ids=ids(courses[2:4]))

    assert open_courses(student) == set(ids(courses[:2]))


def test_a_pick_from_a_fixed_bundle_is_refused(student):
    bundle, courses = bundle_of(2)

    with pytest.raises(BundleRefused, match="not chosen one by one"):
        buy(student, bundle, course_ids=ids(courses[:1]))


@pytest.mark.parametrize(("level", "count"), [(1, 1), (2, 3), (3, 4)])
def test_a_level_gives_its_courses_and_those_below(student, level, count):
    bundle, courses = tiered(1, 2, 2, 3)

    buy(student, bundle, level=level)

    assert open_courses(student) == set(ids(courses[:count]))


@pytest.mark.parametrize("level", [None, 0, 2, 4])
def test_a_level_that_is_not_on_offer_is_refused(student, level):
    bundle, _ = tiered(1, 3)

    with pytest.raises(BundleRefused) as refusal:
        buy(student, bundle, level=level)

    assert str(refusal.value) == "Choose a level: Bronze, Gold."


def test_a_tiered_bundle_without_courses_is_refused(student):
    with pytest.raises(BundleRefused, match="no courses yet"):
        buy(student, make.BundleFactory(bundle_type="tiered"), level=1)


def test_a_level_of_a_bundle_without_levels_is_refused(student):
    bundle, _ = bundle_of(1)

    with pytest.raises(BundleRefused, match="has no levels"):
        buy(student, bundle, level=1)


def test_another_level_from_the_same_source_is_refused(student):
    bundle, courses = tiered(1, 2)
    buy(student, bundle, level=1)

    with pytest.raises(BundleRefused):
        buy(student, bundle, level=2)

    assert open_courses(student) == {courses[0].pk}


def test_a_bundle_with_a_course_whose_last_day_has_passed_is_refused_whole(student):
    bundle, (_, ended) = bundle_of(2)
    type(ended).objects.filter(pk=ended.pk).update(access_duration_type="until_date", access_until=NOW)

    with pytest.raises(BundleRefused) as refusal:
        buy(student, bundle)

    assert (str(refusal.value), actions()) == (f"Access to {ended.title} would have ended already.", [])


def test_a_course_out_of_reach_of_the_choice_does_not_stand_in_its_way(student):
    bundle, (_, ended) = tiered(1, 2)
    type(ended).objects.filter(pk=ended.pk).update(access_duration_type="until_date", access_until=NOW)

    buy(student, bundle, level=1)

    assert actions() == ["granted"]
