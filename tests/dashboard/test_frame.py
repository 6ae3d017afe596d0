"""What all staff pages share: who gets in, the menu, and the way there."""

import re

import pytest

from tests.test_gates import TABLE
from tests.urls_of_site import site_addresses

pytestmark = pytest.mark.django_db
PAGES = [address for address in site_addresses() if address.name.startswith("dashboard:")]
READ = [address for address in PAGES if TABLE[address.name][0] == "GET"]


def url_of(address):
    """The address with blanks that name nothing."""
    return "/" + re.sub(r"<(\w+):\w+>", lambda blank: "0" if blank[1] == "int" else "none", address.pattern)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("address", PAGES, ids=lambda address: address.name)
def test_a_visitor_is_sent_to_log_in_and_back(client, address, method):
    url = url_of(address)

    assert getattr(client, method)(url).url == f"/login/?next={url}"


@pytest.mark.parametrize("address", READ, ids=lambda address: address.name)
def test_a_student_reads_that_the_page_is_not_open_to_them(student_client, address):
    answer = student_client.get(url_of(address))

    assert (answer.status_code, "not open to your account" in answer.text) == (403, True)


@pytest.mark.parametrize("address", PAGES, ids=lambda address: address.name)
def test_a_student_posts_nothing(student_client, address):
    assert student_client.post(url_of(address)).status_code in {403, 405}


def test_staff_find_the_dashboard_in_the_menu_of_their_account(staff_client):
    assert 'href="/dashboard/"' in staff_client.get("/courses/").text


def test_students_do_not(student_client):
    assert 'href="/dashboard/"' not in student_client.get("/courses/").text


def test_the_dashboard_begins_with_the_overview(staff_client):
    assert '<a href="/dashboard/" aria-current="page">' in staff_client.get("/dashboard/").text


def test_the_menu_marks_where_one_is(staff_client):
    text = staff_client.get("/dashboard/students/").text

    assert '<a href="/dashboard/students/" aria-current="page">' in text


def test_search_engines_keep_nothing(staff_client):
    assert '<meta name="robots" content="noindex">' in staff_client.get("/dashboard/students/").text


def test_the_page_lasts_no_longer_than_the_visit(staff_client):
    assert staff_client.get("/dashboard/students/")["Cache-Control"] == "private, no-store"
