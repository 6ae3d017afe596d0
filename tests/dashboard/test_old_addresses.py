"""Addresses of staff pages in [004] lead to the dashboard for good."""

import pytest

pytestmark = pytest.mark.django_db
COURSES = ["/admin/courses", "/admin/courses/", "/admin/courses/7/edit", "/admin/courses/no-such-course/edit/"]


@pytest.mark.parametrize("address", COURSES)
def test_the_list_of_courses_moved(client, address):
    answer = client.get(address)

    assert (answer.status_code, answer.url) == (301, "/dashboard/courses/")


@pytest.mark.parametrize("address", ["/admin/courses/new", "/admin/courses/new/"])
def test_the_page_for_a_new_course_moved(client, address):
    answer = client.get(address)

    assert (answer.status_code, answer.url) == (301, "/dashboard/courses/add/")
