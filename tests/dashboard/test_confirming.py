"""The gravest steps ask who it is, on the way to the form and once more if the form comes late."""

import time

import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from dashboard.roles import Role
from tests.access.bulk import checked, wish
from tests.accounts.helpers import confirm_it_is_you, logged_in
from tests.dashboard.roles import staff_of
from tests.factories import (
    NOW,
    PASSWORD,
    AppliedBatchFactory,
    CourseFactory,
    LessonFactory,
    StaffFactory,
    UserFactory,
)
from tests.threats.state import unchanged

pytestmark = pytest.mark.django_db
ADD = "/dashboard/staff/add/"
ASK = f"/account/confirm/?next={ADD.replace('/', '%2F')}"


@pytest.fixture
def client():
    """Of an owner who is logged in and has not said again who she is."""
    return logged_in(staff_of(Role.OWNER))


@pytest.fixture
def user():
    user = UserFactory(email="new@example.com")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def checked_batch():
    return checked(StaffFactory(), wish(UserFactory(), CourseFactory()))


def trashed_course():
    return CourseFactory(trashed_at=NOW, status="draft", status_before_trash="active")


def test_the_way_to_the_form_asks_and_comes_back(client):
    asked = client.get(ADD)

    answer = client.post("/account/confirm/", {"password": PASSWORD, "next": ADD})

    assert (asked.url, answer.url, client.get(ADD).status_code) == (ASK, ADD, 200)


def test_each_of_the_gravest_steps_asks_before_it_does_anything(client):
    lesson, member, batch = LessonFactory(trashed_at=NOW, is_published=False), staff_of(Role.READER), checked_batch()
    steps = [f"staff/{member.pk}/role/", f"staff/{member.pk}/remove/", "tiers/2/edit/"]
    steps += [f"access/bulk/{batch.pk}/apply/", f"access/bulk/{AppliedBatchFactory().pk}/undo/"]
    steps += [f"trash/lessons/{lesson.pk}/delete/", f"trash/courses/{trashed_course().pk}/delete/"]

    with unchanged():
        answers = {step: client.post(f"/dashboard/{step}", {"role": "Owner", "name": lesson.title}) for step in steps}

    assert {step: answer.url.partition("?")[0] for step, answer in answers.items()} == dict.fromkeys(
        steps, "/account/confirm/"
    )


def test_a_wrong_password_opens_nothing(client):
    confirm_it_is_you(client, password="a guess of mine")

    assert client.get(ADD).url == ASK


def test_a_form_that_comes_late_is_kept_and_carried_out(client, user):
    asked = client.post(ADD, {"email": user.email, "role": "Support"})
    assert (asked.url, User.objects.get(pk=user.pk).is_staff) == (ASK, False)

    answer = client.post("/account/confirm/", {"password": PASSWORD, "next": ADD})

    assert (answer.url, User.objects.get(pk=user.pk).is_staff) == ("/dashboard/staff/", True)


def test_it_holds_for_five_minutes(client, monkeypatch):
    confirm_it_is_you(client)
    assert client.get(ADD).status_code == 200

    late = time.time() + 301
    monkeypatch.setattr("time.time", lambda: late)

    assert client.get(ADD).url == ASK


def test_who_may_not_is_refused_without_being_asked():
    assert logged_in(staff_of(Role.SUPPORT)).get(ADD).status_code == 403
