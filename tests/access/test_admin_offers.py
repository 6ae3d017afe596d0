"""Bundles and paths in Django's admin: contents are edited, purchases and members go through the services."""

import pytest
from django.urls import reverse

from access.models import AccessEvent, Bundle, BundlePurchase, CourseAccess, LearningPath, PathMembership
from access.services import buy_bundle, join_path
from tests import factories as make
from tests.conftest import client_of
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make.UserFactory(is_staff=True, is_superuser=True)


@pytest.fixture
def owner_client(owner):
    return client_of(owner)


def lines(prefix, *rows):
    """The formset of an inline with these new rows."""
    count = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
    return count | {f"{prefix}-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}


def post(client, model, **fields):
    return client.post(reverse(f"admin:access_{model}_add"), fields)


def act(client, model, action, *rows, **fields):
    data = {"action": action, "_selected_action": [row.pk for row in rows], **fields}
    return client.post(reverse(f"admin:access_{model}_changelist"), data, follow=True)


def errors(response):
    return [error for found in response.context["errors"] for error in found]


def test_a_bundle_is_saved_with_its_courses_under_its_name(owner_client):
    course = make.CourseFactory()
    entries = lines("entries", {"course": course.pk, "level": 1, "order": 0})

    post(owner_client, "bundle", name="Summer set", bundle_type="fixed", is_active="on", **entries)

    bundle = Bundle.objects.get()
    assert (bundle.slug, list(bundle.courses.all())) == ("summer-set", [course])


@pytest.mark.parametrize(("kind", "most"), [("pick_your_own", ""), ("pick_your_own", "0"), ("fixed", "3")])
def test_a_bundle_says_how_many_may_be_picked_or_does_not(owner_client, kind, most):
    fields = {"name": "Set", "bundle_type": kind, "max_course_selections": most}

    response = post(owner_client, "bundle", **fields, **lines("entries"))

    assert errors(response) == ["A bundle to pick from says how many courses may be picked; no other one does."]


def test_giving_a_bundle_writes_purchase_rights_and_the_reason(owner, owner_client, student):
    entry = make.BundleCourseFactory()

    post(owner_client, "bundlepurchase", user=student.pk, bundle=entry.bundle.pk, reason="Won a prize")

    purchase, event = BundlePurchase.objects.get(), AccessEvent.objects.get()
    assert (purchase.granted_by, purchase.source_key[:6]) == (owner, "staff:")
    assert (event.actor, event.reason, event.course) == (owner, "Won a prize", entry.course)


def test_giving_a_choice_keeps_the_choice(owner_client, student):
    bundle = make.BundleFactory(bundle_type="pick_your_own", max_course_selections=1)
    first, _ = (make.BundleCourseFactory(bundle=bundle).course for _ in range(2))

    post(owner_client, "bundlepurchase", user=student.pk, bundle=bundle.pk, selected_courses=[first.pk], reason="x")

    assert list(BundlePurchase.objects.get().selected_courses.all()) == [first]
    assert list(CourseAccess.objects.values_list("course", flat=True)) == [first.pk]


def test_a_wrong_choice_is_said_above_the_form(owner_client, student):
    bundle = make.BundleCourseFactory(bundle__bundle_type="tiered").bundle

    response = post(owner_client, "bundlepurchase", user=student.pk, bundle=bundle.pk, reason="x")

    assert (errors(response), BundlePurchase.objects.count()) == (["Choose a level: Bronze."], 0)


def test_a_purchase_of_no_bundle_is_an_error_of_the_field(owner_client, student):
    response = post(owner_client, "bundlepurchase", user=student.pk, reason="x")

    assert errors(response) == ["This field is required."]


def test_ending_a_purchase_takes_its_rights_with_the_reason(owner_client, student):
    bundle = make.BundleCourseFactory().bundle
    purchase = buy_bundle(user=student, bundle=bundle, source_key="order:1", now=NOW)

    act(owner_client, "bundlepurchase", "end", purchase, reason="Refund")

    row = CourseAccess.objects.get()
    purchase.refresh_from_db()
    assert (row.status, row.revocation_reason, purchase.ended_at is None) == ("revoked", "Refund", False)


def test_ending_a_purchase_needs_the_reason(owner_client, student):
    bundle = make.BundleCourseFactory().bundle
    purchase = buy_bundle(user=student, bundle=bundle, source_key="order:1", now=NOW)

    response = act(owner_client, "bundlepurchase", "end", purchase)

    assert "Say why this bundle is taken away." in response.text
    assert CourseAccess.objects.get().status == "unlocked"


def test_owners_get_what_a_bundle_has_gained(owner_client, student):
    bundle = make.BundleCourseFactory().bundle
    buy_bundle(user=student, bundle=bundle, source_key="order:1", now=NOW)
    make.BundleCourseFactory(bundle=bundle)

    response = act(owner_client, "bundle", "give_missing", bundle)

    assert ("1 rights given." in response.text, CourseAccess.objects.count()) == (True, 2)


def test_a_bundle_that_was_bought_is_not_deleted(owner_client):
    bundle = make.BundlePurchaseFactory().bundle

    owner_client.post(reverse("admin:access_bundle_delete", args=[bundle.pk]), {"post": "yes"})

    assert Bundle.objects.count() == 1


def test_a_path_is_saved_with_its_steps(owner_client):
    course = make.CourseFactory()
    steps = lines("steps", {"course": course.pk, "order": 0, "is_required": "on"})

    post(owner_client, "learningpath", title="On air", slug="on-air", **steps)

    assert list(LearningPath.objects.get().courses.all()) == [course]


@pytest.mark.parametrize("times", [1, 2])
def test_a_member_joins_through_the_service_and_once(owner, owner_client, student, times):
    step = make.PathStepFactory()

    for _ in range(times):
        post(owner_client, "pathmembership", user=student.pk, path=step.path.pk, reason="Promised")

    event = AccessEvent.objects.get()
    assert (PathMembership.objects.count(), event.actor, event.reason) == (1, owner, "Promised")


@pytest.mark.parametrize(("said", "kept"), [("Refund", "Refund"), ("", "Taken off the path")])
def test_a_member_leaves_through_the_service(owner_client, student, said, kept):
    membership = join_path(user=student, path=make.PathStepFactory().path, now=NOW)

    act(owner_client, "pathmembership", "leave", membership, reason=said)

    assert CourseAccess.objects.get().revocation_reason == kept


def test_members_get_what_a_path_has_gained(owner_client, student):
    path = make.PathStepFactory().path
    join_path(user=student, path=path, now=NOW)
    make.PathStepFactory(path=path)

    response = act(owner_client, "learningpath", "give_missing", path)

    assert ("1 rights given or opened." in response.text, CourseAccess.objects.count()) == (True, 2)


@pytest.mark.parametrize("model", ["bundle", "bundlepurchase", "learningpath", "pathmembership"])
def test_lists_and_forms_open_for_the_owner(owner_client, model):
    make.BundlePurchaseFactory()
    make.PathMembershipFactory()

    pages = [owner_client.get(reverse(f"admin:access_{model}_{page}")).status_code for page in ("changelist", "add")]

    assert pages == [200, 200]
