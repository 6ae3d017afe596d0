import pytest
from django.db import IntegrityError

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_the_database_refuses_one_address_twice():
    User.objects.create(email="ada@example.com")

    with pytest.raises(IntegrityError, match=r"user_email_is_unique|accounts_user\.email"):
        User.objects.create(email="ada@example.com")


def test_the_database_refuses_capitals_in_an_address():
    with pytest.raises(IntegrityError, match="user_email_is_lower_case"):
        User.objects.create(email="Ada@example.com")


def test_create_superuser_makes_staff():
    user = User.objects.create_superuser("root@example.com", "a long enough phrase")

    assert (user.is_staff, user.is_superuser) == (True, True)


@pytest.mark.parametrize(
    "change", [{"password": "x"}, {"email": "x@example.com"}, {"is_staff": True}, {"session_epoch": 1}]
)
def test_session_mark_changes_with(change):
    user = User(email="ada@example.com")
    before = user.get_session_auth_hash()

    for name, value in change.items():
        setattr(user, name, value)

    assert user.get_session_auth_hash() != before
