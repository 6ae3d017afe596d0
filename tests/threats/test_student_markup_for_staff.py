"""T93: what a student is called and what is written about them is inert on every page of the dashboard, in its tables
to keep, in the log and in the mails that staff's changes send.
"""

import re

import pytest
from django.core import mail
from django.utils import timezone

from accounts.services import note_action
from dashboard.roles import Role
from tests import factories as make
from tests.accounts.helpers import confirm_it_is_you
from tests.conftest import client_of
from tests.dashboard.roles import staff_of
from tests.test_gates import TABLE
from tests.threats.test_stored_markup import dangers
from tests.threats.test_student_markup import QUOTED, follow_up
from tests.urls_of_site import site_addresses

pytestmark = pytest.mark.django_db
# Out of a text, an attribute, a script and a template, all in one name.
NAME = '"></script><script>alert(1)</script><img src=x onerror=alert(1)>{{ 6|add:6 }}'
OWN_FORM = ("form", "action", "#timeline")  # stays on its page
SHOWN = "&lt;script&gt;alert(1)&lt;/script&gt;"


@pytest.fixture
def owner():
    client = client_of(staff_of(Role.OWNER, name="Olga Owner"))
    confirm_it_is_you(client)
    return client


@pytest.fixture
def sam():
    """Called by markup and addressed by it, with a row in every table that staff read."""
    sam = make.UserFactory(name=NAME, email=QUOTED)
    follow_up(sam, NAME)
    course = make.CourseFactory(slug="guarded", title="Guarded", lesson_count=1)
    lesson = make.LessonFactory(course=course, slug="closed")
    access = make.CourseAccessFactory(user=sam, course=course, notes=NAME)
    make.AccessEventFactory(access=access, actor=make.StaffFactory(name=NAME), reason=NAME, at=timezone.now())
    make.CourseEnrollmentFactory(user=sam, course=course)
    make.CourseProgressFactory(user=sam, course=course, last_active_at=timezone.now())
    make.LessonProgressFactory(user=sam, lesson=lesson, completed_at=timezone.now(), status="completed")
    make.CohortMembershipFactory(user=sam, cohort__name="Spring")
    note_action(actor=make.StaffFactory(name=NAME), verb="began to view as", about=sam, detail=NAME)
    return sam


def pages(sam):
    """Every address of the dashboard that is read, about this student and course."""
    values = {"slug": "guarded", "course_slug": "guarded", "student_id": sam.pk}
    values |= {"course_id": sam.enrollments.last().course_id, "cohort_id": sam.cohort_memberships.get().cohort_id}
    for each in site_addresses():
        if each.name.startswith("dashboard:") and TABLE[each.name][0] == "GET":
            blanks = re.findall(r"<(?:\w+:)?(\w+)>", each.pattern)
            yield each.url(**(dict.fromkeys(blanks, 1) | values))


def test_no_page_runs_what_a_student_is_called(owner, sam):
    found, shown = {}, set()
    for page in [*pages(sam), "/dashboard/search/?q=%3Cscript%3E", "/dashboard/search/?q=example.com"]:
        answer = owner.get(page)
        text = answer.getvalue().decode(errors="replace")
        if answer["Content-Type"].startswith("text/html"):
            found[page] = [danger for danger in dangers(text) if danger != OWN_FORM]
            shown |= {page} if SHOWN in text else set()

    assert {page: danger for page, danger in found.items() if danger} == {}
    assert {"/dashboard/students/", "/dashboard/audit/", f"/dashboard/students/{sam.pk}/"} <= shown


def test_the_tables_to_keep_are_no_pages(owner, sam):
    answers = {page: owner.get(page) for page in pages(sam) if page.endswith("/export/")}

    tables = {page: answer for page, answer in answers.items() if answer["Content-Type"].startswith("text/csv")}
    for answer in answers.values():
        answer.getvalue()

    assert {"/dashboard/students/export/", "/dashboard/audit/export/"} <= set(tables)
    assert {answer["X-Content-Type-Options"] for answer in tables.values()} == {"nosniff"}
    assert {"attachment" in answer["Content-Disposition"] for answer in tables.values()} == {True}


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\uff1d"])
@pytest.mark.parametrize("table", ["students", "audit"])
def test_no_cell_is_a_formula(owner, table, mark):
    sam = make.UserFactory(name=f"{mark}HYPERLINK(1)")
    note_action(actor=make.StaffFactory(), verb="viewed", about=make.CourseFactory(title=sam.name), detail=sam.name)

    lines = owner.get(f"/dashboard/{table}/export/").getvalue().decode()

    cells = re.findall(r"[^,\r\n]*HYPERLINK", lines)
    assert {cell.strip('"') for cell in cells} == {f"'{mark}HYPERLINK"}


def test_no_mail_of_a_change_runs_it(owner, sam, run_jobs):
    course = make.CourseFactory(title="Bread")
    form = owner.get(f"/dashboard/students/{sam.pk}/grant-access/").text
    once = re.search(r'name="once" value="(\w+)"', form).group(1)

    owner.post(f"/dashboard/students/{sam.pk}/grant-access/", {"course": course.pk, "reason": NAME, "once": once})
    run_jobs()

    bodies = [message.body for message in mail.outbox]
    html = [part.content for message in mail.outbox for part in getattr(message, "alternatives", [])]
    assert ([dangers(text) for text in html], len(bodies)) == ([[]] * len(html), 1)
    assert [NAME in text for text in bodies] == [False]
