"""Staff begin to see the site with the eyes of a student, and stop: who may, whom, and what is written down."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import StaffAction, User
from dashboard.roles import Role
from tests.accounts.helpers import is_in, logged_in
from tests.conftest import client_of, counted_queries
from tests.dashboard.roles import staff_of
from tests.factories import CourseEnrollmentFactory, CourseFactory, LessonFactory, UserFactory

pytestmark = pytest.mark.django_db
START, STOP = "/dashboard/view-as/", "/dashboard/view-as/stop/"
BANNER = "You see what {} sees. Nothing is saved."


@pytest.fixture
def sue():
    return staff_of(Role.SUPPORT, name="Sue Support", email="sue@example.com")


@pytest.fixture
def client(sue):
    return client_of(sue)


def view_as(client, student, **more):
    return client.post(START, {"eyes": "student", "student": student.email} | more)


def eyes(client, whose, **more):
    return client.post(START, {"eyes": whose} | more)


def notes():
    return list(StaffAction.objects.order_by("pk").values_list("actor__name", "verb", "label", "detail"))


def test_staff_see_the_dashboard_of_the_student(client, student):
    CourseEnrollmentFactory(user=student, course=CourseFactory(title="Bread for beginners"))

    page = client.get(view_as(client, student).url)

    assert page.context["user"] == student
    assert [words in page.text for words in ("Bread for beginners", BANNER.format("Sam Student"))] == [True, True]


def test_the_way_begins_on_the_page_one_came_from(client, student):
    assert view_as(client, student, next="/courses/?q=bread").url == "/courses/?q=bread"


@pytest.mark.parametrize(
    "target", ["/dashboard/", "/account/", "/no/such/page", "//evil.example/", "https://evil.example/"]
)
def test_it_begins_nowhere_else(client, student, target):
    assert view_as(client, student, next=target).url == "/my-dashboard/"


def test_a_student_without_access_has_an_empty_dashboard(client):
    page = client.get(eyes(client, "newcomer").url)

    assert (page.status_code, BANNER.format("a student without access") in page.text) == (200, True)


def test_a_visitor_is_shown_the_catalog_and_log_in(client):
    page = client.get(eyes(client, "visitor").url)

    assert (page.request["PATH_INFO"], "Sign up free" in page.text) == ("/courses/", True)
    assert BANNER.format("a visitor who is not logged in") in page.text


def test_the_course_page_shows_the_state_of_a_newcomer(client):
    CourseFactory(slug="bread", enrollment_method="purchase")
    states = [client.get("/courses/bread/").context["state"]]
    eyes(client, "newcomer")

    assert [*states, client.get("/courses/bread/").context["state"]] == ["staff_preview", "purchase"]


def test_stopping_leads_back_to_the_students_page(client, student):
    view_as(client, student)

    page = client.get("/my-dashboard/").text
    answer = client.post(STOP, {"next": f"/dashboard/students/{student.pk}/"}, follow=True)

    assert f'name="next" value="/dashboard/students/{student.pk}/"' in page
    assert (answer.status_code, "You see the site as yourself again." in answer.text) == (200, True)
    assert client.get("/account/").context["user"].name == "Sue Support"


def test_beginning_and_end_are_in_the_log(client, student):
    view_as(client, student)
    client.post(STOP)
    eyes(client, "visitor")
    client.post(STOP)

    assert notes() == [
        ("Sue Support", "began to view as", "student@example.com", ""),
        ("Sue Support", "stopped viewing as", "student@example.com", ""),
        ("Sue Support", "began to view as", "sue@example.com", "a visitor who is not logged in"),
        ("Sue Support", "stopped viewing as", "sue@example.com", "a visitor who is not logged in"),
    ]


def test_stopping_twice_is_noted_once(client, student):
    view_as(client, student)
    client.post(STOP)

    answer = client.post(STOP)

    assert (answer.url, len(notes())) == ("/dashboard/", 2)


def test_logging_out_ends_it(client, student):
    view_as(client, student)

    client.post("/logout/")

    assert (is_in(client), [note[1] for note in notes()]) == (False, ["began to view as", "stopped viewing as"])


def test_half_an_hour_ends_it(client, student):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        view_as(client, student)
        clock.shift(timedelta(minutes=29, seconds=59))
        assert client.get("/my-dashboard/").context["user"] == student
        clock.shift(timedelta(seconds=1))
        page = client.get("/my-dashboard/")

    assert (page.context["user"].name, "You see the site as yourself again." in page.text) == ("Sue Support", True)
    assert [note[1] for note in notes()] == ["began to view as", "stopped viewing as"]


@pytest.mark.parametrize("url", [STOP, "/logout/"])
def test_stopping_and_logging_out_work_after_the_time_too(client, student, url):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        view_as(client, student)
        clock.shift(timedelta(hours=1))
        answer = client.post(url)

    assert (answer.status_code, len(notes())) == (302, 2)


@pytest.mark.parametrize("change", [{"is_staff": True}, {"is_superuser": True}, {"is_active": False}])
def test_it_ends_when_the_student_is_none_any_more(client, student, change):
    view_as(client, student)

    User.objects.filter(pk=student.pk).update(**change)

    assert client.get("/courses/").context["user"].name == "Sue Support"


def test_it_ends_with_the_right_to_it(client, sue, student):
    view_as(client, student)

    sue.groups.clear()

    assert client.get("/courses/").context["user"].name == "Sue Support"


def test_it_ends_with_the_session_of_who_is_no_longer_staff(sue, student):
    client = logged_in(sue)
    view_as(client, student)

    User.objects.filter(pk=sue.pk).update(is_staff=False)

    assert client.get("/my-dashboard/").url == "/login/?next=/my-dashboard/"


REFUSED = "No student who can log in has this address."


@pytest.mark.parametrize("fields", [{"is_staff": True}, {"is_superuser": True}, {"is_active": False}])
def test_nobody_is_seen_as_who_is_no_student(client, fields):
    answer = view_as(client, UserFactory(**fields))

    assert (answer.status_code, REFUSED in answer.text, notes()) == (422, True, [])


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "Enter the address of the student."),
        ("nobody@example.com", REFUSED),
        ("nobody", "Enter an address."),
        ("x\x00@example.com", "Null characters are not allowed."),
        ("x" * 10_000 + "@example.com", "at most 254 characters"),
    ],
)
def test_an_address_that_is_no_students_is_refused(client, address, words):
    answer = eyes(client, "student", student=address)

    assert (answer.status_code, words in answer.text) == (422, True)


@pytest.mark.parametrize("whose", ["", "owner", "student\x00"])
def test_eyes_that_are_none_are_refused(client, whose):
    assert eyes(client, whose).status_code == 422


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (Role.OWNER, ["student", "newcomer", "visitor"]),
        (Role.SUPPORT, ["student", "newcomer", "visitor"]),
        (Role.EDITOR, ["newcomer", "visitor"]),
        (Role.READER, ["newcomer", "visitor"]),
    ],
)
def test_each_role_is_offered_what_it_may(role, offered):
    form = client_of(staff_of(role)).get(START).context["form"]

    assert [value for value, _ in form.fields["eyes"].choices] == offered


@pytest.mark.parametrize("role", [Role.EDITOR, Role.READER])
def test_who_may_not_change_access_sees_no_given_student(student, role):
    client = client_of(staff_of(role))

    assert (view_as(client, student).status_code, notes()) == (422, [])


def test_the_card_of_a_course_leads_there(staff_client):
    CourseFactory(slug="bread")

    assert f'href="{START}?next=/courses/bread/"' in staff_client.get("/courses/bread/").text


def test_a_lesson_leads_staff_there(staff_client, student_client):
    LessonFactory(course__slug="bread", slug="dough", is_preview=True)

    pages = [visitor.get("/courses/bread/dough/").text for visitor in (staff_client, student_client)]

    assert [f'href="{START}?next=/courses/bread/dough/"' in page for page in pages] == [True, False]


def test_the_students_page_leads_there(client, student):
    assert f'action="{START}"' in client.get(f"/dashboard/students/{student.pk}/").text


def test_a_page_costs_as_many_queries_as_before_when_nobody_views(student_client, student):
    CourseFactory(slug="bread")
    student_client.get("/courses/bread/")
    with counted_queries() as queries:
        student_client.get("/courses/bread/")

    assert [sql for sql in queries if "staffaction" in sql or "auth_group" in sql] == []
    assert len([sql for sql in queries if "accounts_user" in sql or "django_session" in sql]) == 2
