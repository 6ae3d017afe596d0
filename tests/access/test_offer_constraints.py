"""What the database refuses of bundles and paths by itself, each named constraint once; and what not."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, models, transaction

from access.services import join_path
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def refused(build):
    """The text of the database's refusal; PostgreSQL and SQLite both name a check, SQLite names a unique's columns."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        build()
    return str(error.value)


@pytest.mark.parametrize(
    ("constraint", "build", "fields"),
    [
        ("bundle_to_pick_from_says_how_many", make.BundleFactory, {"bundle_type": "pick_your_own"}),
        (
            "bundle_to_pick_from_says_how_many",
            make.BundleFactory,
            {"bundle_type": "pick_your_own", "max_course_selections": 0},
        ),
        ("bundle_to_pick_from_says_how_many", make.BundleFactory, {"max_course_selections": 3}),
        ("bundle_level_is_one_to_three", make.BundleCourseFactory, {"level": 0}),
        ("bundle_level_is_one_to_three", make.BundleCourseFactory, {"level": 4}),
        ("bundle_purchase_names_its_source", make.BundlePurchaseFactory, {"source_key": ""}),
        ("bundle_purchase_level_is_one_to_three", make.BundlePurchaseFactory, {"level": 4}),
        (
            "path_membership_ends_after_it_starts",
            make.PathMembershipFactory,
            {"left_at": NOW - timedelta(seconds=1)},
        ),
        ("access_by_bundle_names_the_purchase", make.CourseAccessFactory, {"access_type": "bundle"}),
        ("access_by_path_names_the_path", make.CourseAccessFactory, {"access_type": "path"}),
    ],
)
def test_a_row_is_refused(constraint, build, fields):
    assert constraint in refused(lambda: build(**fields))


@pytest.mark.parametrize("link", [{"bundle_purchase": make.BundlePurchaseFactory}, {"path": make.LearningPathFactory}])
def test_a_right_from_elsewhere_names_no_bundle_and_no_path(link):
    links = {name: build() for name, build in link.items()}

    assert "access_by_" in refused(lambda: make.CourseAccessFactory(**links))


@pytest.mark.parametrize(
    ("build", "names"),
    [
        (make.BundleCourseFactory, ("bundle", "course")),
        (make.BundlePurchaseFactory, ("user", "bundle", "source_key")),
        (make.PathStepFactory, ("path", "course")),
        (make.PathMembershipFactory, ("path", "user")),
    ],
)
def test_the_same_again_is_refused(build, names):
    row = build()
    same = {name: getattr(row, name) for name in names}

    assert "unique" in refused(lambda: build(**same)).lower()


def test_a_path_may_be_joined_again_once_it_was_left():
    row = make.PathMembershipFactory(left_at=NOW)

    again = make.PathMembershipFactory(path=row.path, user=row.user)

    assert again.pk != row.pk


@pytest.mark.parametrize("build", [make.BundleFactory, make.LearningPathFactory])
def test_two_never_share_an_address(build):
    build(slug="set")

    assert "unique" in refused(lambda: build(slug="set")).lower()


@pytest.mark.parametrize("build", [make.BundleCourseFactory, make.PathStepFactory])
def test_a_course_that_is_offered_is_not_deleted(build):
    course = build().course

    with pytest.raises(models.ProtectedError):
        course.delete()


def test_a_path_with_members_is_not_deleted(student):
    path = make.PathStepFactory().path
    join_path(user=student, path=path, now=NOW)

    with pytest.raises(models.ProtectedError):
        path.delete()


def test_rows_name_themselves():
    entry, step = make.BundleCourseFactory(bundle__name="Set"), make.PathStepFactory(path__title="On air")
    purchase, member = make.BundlePurchaseFactory(), make.PathMembershipFactory()

    assert (str(entry.bundle), str(step.path)) == ("Set", "On air")
    assert (str(entry), str(step)) == (f"{entry.course_id} in {entry.bundle_id}", f"{step.course_id} in {step.path_id}")
    assert str(purchase) == f"{purchase.user} has {purchase.bundle}"
    assert str(member) == f"{member.user} on {member.path}"
