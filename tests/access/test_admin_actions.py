"""What staff do with rights and suspensions in Django's admin: each through its service, with reason and event."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from access.models import AccessEvent, CourseAccess, Suspension
from tests import factories as make
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
LIST = "admin:access_courseaccess_changelist"


@pytest.fixture
def owner():
    return make.StaffFactory(is_superuser=True)


@pytest.fixture
def right():
    return make.CourseAccessFactory(expires_at=make.NOW + timedelta(days=10_000))


def act(user, action, *rows, where=LIST, **said):
    form = {"action": action, "_selected_action": [row.pk for row in rows], "days": "", "reason": ""} | said
    return client_of(user).post(reverse(where), form, follow=True).content.decode()


def last_event():
    event = AccessEvent.objects.latest("pk")
    return event.action, event.actor, event.reason


def test_revoking_writes_who_and_why(owner, right):
    act(owner, "revoke", right, reason="Refunded by hand")

    right.refresh_from_db()
    assert (right.status, right.revocation_reason) == ("revoked", "Refunded by hand")
    assert last_event() == ("revoked", owner, "Refunded by hand")


def test_revoking_without_a_reason_is_refused_in_words(owner, right):
    page = act(owner, "revoke", right)

    right.refresh_from_db()
    assert (right.status, "Say why this access is taken away." in page) == ("unlocked", True)


def test_extending_moves_the_end(owner, right):
    end = right.expires_at

    act(owner, "extend", right, days="30", reason="Goodwill")

    right.refresh_from_db()
    assert (right.expires_at - end, last_event()) == (timedelta(days=30), ("extended", owner, "Goodwill"))


@pytest.mark.parametrize("days", ["", "0", "-1", "1.5", "3651", "٣", "9" * 400])
def test_extending_by_nonsense_is_refused_in_words(owner, right, days):
    page = act(owner, "extend", right, days=days)

    assert ("Extend by 1 to 3650 days." in page, AccessEvent.objects.count()) == (True, 0)


def test_locking_and_unlocking(owner, right):
    act(owner, "lock", right, reason="Open instalment")
    act(owner, "unlock", right)

    right.refresh_from_db()
    actions = list(AccessEvent.objects.order_by("pk").values_list("action", flat=True))
    assert (right.status, actions) == ("unlocked", ["locked", "unlocked"])


def test_a_refusal_names_its_row_and_leaves_the_others(owner, right):
    gone = make.CourseAccessFactory(status="revoked", revoked_at=make.NOW, revocation_reason="Refund")

    page = act(owner, "extend", gone, right, days="3")

    assert ("This access is revoked." in page, "1 changed." in page) == (True, True)


@pytest.mark.parametrize("action", ["revoke", "extend", "lock", "unlock"])
def test_staff_without_the_permission_change_nothing(right, action):
    limited = make.StaffFactory()

    act(limited, action, right, days="3", reason="Because")

    right.refresh_from_db()
    assert (right.status, AccessEvent.objects.count()) == ("unlocked", 0)


def test_a_grant_by_hand_tells_the_student(owner, student, run_jobs):
    course = make.CourseFactory(title="Sewing")
    form = {"user": student.pk, "course": course.pk, "expires_at_0": "", "expires_at_1": ""}

    client_of(owner).post(reverse("admin:access_courseaccess_add"), form)
    run_jobs()

    assert [(message.to, "Sewing" in message.body) for message in mail.outbox] == [([student.email], True)]


def suspend(owner, user, course, **more):
    form = {"user": user.pk, "course": course.pk, "reason": "Shared the password", "public_note": ""} | more
    return client_of(owner).post(reverse("admin:access_suspension_add"), form)


def test_suspending_and_reinstating(owner, right):
    suspend(owner, right.user, right.course)
    suspension = Suspension.objects.get()

    act(owner, "lift", suspension, where="admin:access_suspension_changelist", reason="Talked to him")

    suspension.refresh_from_db()
    assert (suspension.lifted_by, last_event()) == (owner, ("reinstated", owner, "Talked to him"))
    assert CourseAccess.objects.get().status == "unlocked"


def test_suspending_twice_is_one_suspension(owner, right):
    for _ in range(2):
        assert suspend(owner, right.user, right.course).status_code == 302

    assert (Suspension.objects.count(), AccessEvent.objects.count()) == (1, 1)


def test_suspending_without_a_reason_is_told_at_the_field(owner, right):
    answer = suspend(owner, right.user, right.course, reason="")

    assert (answer.status_code, Suspension.objects.count()) == (200, 0)


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({}, "Granted by staff"),
        ({"access_type": "cohort"}, "Cohort: Spring"),
        ({"access_type": "path"}, "Learning path: Ways"),
        ({"access_type": "bundle"}, "Bundle: All"),
    ],
)
def test_a_right_says_through_what_it_came(fields, label):
    links = {
        "cohort": {"cohort": make.CohortFactory(name="Spring")},
        "path": {"path": make.LearningPathFactory(title="Ways")},
        "bundle": {"bundle_purchase": make.BundlePurchaseFactory(bundle__name="All")},
    }

    row = make.CourseAccessFactory(**fields, **links.get(fields.get("access_type"), {}))

    assert row.source_label == label
