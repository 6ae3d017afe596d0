"""T70: nobody gives themselves rights by adding fields to a form."""

import pytest
from django.urls import reverse

from accounts.models import User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
RIGHTS = {
    "is_staff": "on",
    "is_superuser": "on",
    "is_active": "",
    "groups": "1",
    "user_permissions": "1",
    "role": "admin",
    "tier": "3",
    "session_epoch": "9",
    "profile.is_staff": "true",
    "user[is_staff]": "true",
}


def rights_of(user):
    user = User.objects.get(pk=user.pk)
    return (
        user.is_staff,
        user.is_superuser,
        user.is_active,
        user.session_epoch,
        list(user.groups.all()),
        list(user.user_permissions.all()),
    )


def test_rights_sent_with_sign_up_are_ignored(client):
    form = {"name": "Ada", "email": "ada@example.com", "password1": PASSWORD, "id": "7", "date_joined": "2001-01-01"}

    client.post(reverse("account_signup"), form | RIGHTS)

    assert rights_of(User.objects.get()) == (False, False, True, 0, [], [])


def test_rights_sent_with_the_profile_are_ignored(student_client, student):
    student_client.post(reverse("account"), {"name": "New", "time_zone": "", "email": "x@example.com"} | RIGHTS)

    assert rights_of(student) == (False, False, True, 0, [], [])
    student.refresh_from_db()
    assert (student.name, student.email) == ("New", "student@example.com")


def test_the_profile_changes_only_the_own_account(student_client, stranger):
    student_client.post(reverse("account"), {"name": "New", "time_zone": "", "id": stranger.pk, "user": stranger.pk})

    stranger.refresh_from_db()
    assert stranger.name == "Stella Stranger"
