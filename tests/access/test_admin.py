"""Django's admin: staff look at rights and grant by hand; nothing is edited around the services."""

import pytest
from django.urls import reverse

from access.models import AccessAction, AccessEvent, AccessType, CourseAccess
from tests.conftest import client_of
from tests.factories import CourseFactory, UserFactory


@pytest.fixture
def owner_client(db):
    return client_of(UserFactory(is_staff=True, is_superuser=True))


def grant(client, **fields):
    return client.post(reverse("admin:access_courseaccess_add"), {"expires_at_0": "", "expires_at_1": "", **fields})


def test_granting_by_hand_writes_a_right_and_its_event(owner_client, student):
    course = CourseFactory()

    grant(owner_client, user=student.pk, course=course.pk, notes="promised by phone")

    access = CourseAccess.objects.get()
    event = AccessEvent.objects.get()
    assert (access.user, access.course, access.access_type) == (student, course, AccessType.MANUAL)
    assert (event.access, event.action, event.reason) == (access, AccessAction.GRANTED, "promised by phone")


def test_two_grants_by_hand_are_two_rights(owner_client, student):
    course = CourseFactory()

    for _ in range(2):
        grant(owner_client, user=student.pk, course=course.pk)

    assert CourseAccess.objects.count() == 2


@pytest.mark.parametrize("model", ["courseaccess", "accessevent", "courseenrollment", "suspension", "tier"])
def test_lists_open_for_the_owner(owner_client, model):
    assert owner_client.get(reverse(f"admin:access_{model}_changelist")).status_code == 200


@pytest.mark.parametrize("model", ["accessevent", "courseenrollment", "suspension", "tier"])
def test_rows_of_the_ledger_cannot_be_added(owner_client, model):
    assert owner_client.get(reverse(f"admin:access_{model}_add")).status_code == 403


def test_a_right_cannot_be_edited_or_deleted(owner_client, student):
    grant(owner_client, user=student.pk, course=CourseFactory().pk)
    access = CourseAccess.objects.get()

    changed = owner_client.post(reverse("admin:access_courseaccess_change", args=[access.pk]), {"notes": "x"})
    deleted = owner_client.post(reverse("admin:access_courseaccess_delete", args=[access.pk]), {"post": "yes"})

    assert (changed.status_code, deleted.status_code, CourseAccess.objects.count()) == (403, 403, 1)


def test_a_tier_cannot_be_deleted(owner_client):
    assert owner_client.get(reverse("admin:access_tier_delete", args=[1])).status_code == 403
