"""Groups against people who join, and two at once: what the pages of staff cannot show."""

import pytest

from access.models import Bundle, BundlePurchase, LearningPath, PathMembership
from access.services import BundleRefused, PathClosed, buy_bundle, join_path
from access.services.managing import GroupChanged, create_group, lock_version, version_of
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_a_bundle_deleted_while_somebody_buys_it_is_refused(student, monkeypatch):
    bundle = make.BundleCourseFactory().bundle
    monkeypatch.setattr("access.services.bundles.check_choice", lambda **_: Bundle.objects.all().delete())

    with pytest.raises(BundleRefused, match="no longer on offer"):
        buy_bundle(user=student, bundle=bundle, source_key="order:1", now=NOW)

    assert BundlePurchase.objects.count() == 0


def test_a_path_deleted_while_somebody_joins_is_refused(student):
    path = make.LearningPathFactory()
    LearningPath.objects.all().delete()

    with pytest.raises(PathClosed, match="This path is no longer there"):
        join_path(user=student, path=path, now=NOW)

    assert PathMembership.objects.count() == 0


def test_a_version_is_that_of_the_last_save_by_staff():
    cohort = make.CohortFactory()
    seen = version_of(cohort)
    type(cohort).objects.update(member_count=1)
    same = lock_version(cohort, seen)
    same.save()

    with pytest.raises(GroupChanged, match="Somebody else saved this"):
        lock_version(cohort, seen)


def test_another_of_the_same_name_is_another(staff):
    other = make.StaffFactory()
    for actor in (staff, other):
        create_group(group=make.BundleFactory.build(name="Set", slug=""), now=NOW, actor=actor)

    assert list(Bundle.objects.order_by("pk").values_list("slug", flat=True)) == ["set", "set-1"]
