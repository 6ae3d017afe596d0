import pytest
from django.urls import reverse

from accounts.models import User
from tests.accounts.helpers import logged_in


def test_account_shows_name_and_time_zone(student_client):
    page = student_client.get(reverse("account")).text

    assert 'value="Sam Student"' in page
    assert '<option value="Asia/Tokyo">Tokyo</option>' in page


def test_account_saves_name_and_time_zone(student_client, student):
    response = student_client.post(reverse("account"), {"name": "Samira", "time_zone": "Asia/Tokyo"}, follow=True)

    student.refresh_from_db()
    assert (student.name, student.time_zone) == ("Samira", "Asia/Tokyo")
    assert [str(message) for message in response.context["messages"]] == ["Saved."]


@pytest.mark.parametrize(
    "changes", [{"name": ""}, {"name": "x" * 121}, {"time_zone": "Mars/Olympus"}, {"time_zone": "../etc/passwd"}]
)
def test_account_refuses_a_wrong_form_with_422(student_client, student, changes):
    response = student_client.post(reverse("account"), {"name": "Samira", "time_zone": ""} | changes)

    assert response.status_code == 422
    assert "<title>Error: " in response.text
    student.refresh_from_db()
    assert student.name == "Sam Student"


def test_account_shows_the_saved_name_in_the_header_while_the_form_is_wrong(student_client):
    response = student_client.post(reverse("account"), {"name": "Other", "time_zone": "Mars/Olympus"})

    assert "Menu of Sam Student" in response.text


@pytest.mark.parametrize(
    ("zone", "place"), [("Asia/Tokyo", "(Tokyo)"), ("", "(Paris)"), ("Gone/Away", "(Paris)"), ("../x", "(Paris)")]
)
def test_dates_are_shown_in_the_time_zone_of_the_account(student, zone, place):
    User.objects.filter(pk=student.pk).update(time_zone=zone)

    assert place in logged_in(student).get(reverse("usersessions_list")).text


def test_account_knows_no_other_method(student_client):
    assert student_client.put(reverse("account")).status_code == 405


@pytest.mark.django_db
def test_account_needs_a_log_in(client):
    assert client.get(reverse("account")).status_code == 302


@pytest.mark.django_db
def test_users_are_found_whatever_the_case():
    user = User.objects.create_user("Ada@Example.com", "a long enough phrase")

    assert User.objects.get_by_natural_key("ADA@example.com") == user
    assert str(user) == "ada@example.com"


def test_display_name_is_the_mailbox_until_a_name_is_given():
    assert User(email="ada@example.com").display_name == "ada"
    assert User(email="ada@example.com", name="Ada").display_name == "Ada"
