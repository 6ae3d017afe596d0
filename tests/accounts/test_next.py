"""T78: whatever `next` says, people stay on this site."""

import pytest
from django.urls import reverse

from tests.accounts.helpers import log_in
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example/",
    "http:///evil.example",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "http://localhost/",
    "http://127.0.0.1/",
    "data:text/html,x",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_log_in_stays_on_the_site(client, student, target):
    assert log_in(client, student, next=target).url == reverse("my_dashboard")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_log_out_stays_on_the_site(student_client, target):
    assert student_client.post(reverse("account_logout"), {"next": target}).url == reverse("home")


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "javascript:alert(1)"])
def test_sign_up_stays_on_the_site(client, target):
    form = {"name": "Ada", "email": "ada@example.com", "password1": PASSWORD, "next": target}

    assert client.post(reverse("account_signup"), form).url == reverse("my_dashboard")


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "javascript:alert(1)"])
def test_log_in_of_someone_who_is_in_stays_on_the_site(student_client, target):
    assert student_client.get(reverse("account_login"), {"next": target}).url == reverse("my_dashboard")


def test_an_encoded_double_slash_is_a_path_of_this_site(client, student):
    assert log_in(client, student, next="%2f%2fevil.example").url == "%2f%2fevil.example"  # no scheme, no host
