"""The log of staff: two tables as one list, newest first, found by words, person, kind and day."""

from datetime import timedelta

import pytest
from django.urls import reverse

from access.models import AccessEvent
from accounts.models import StaffAction
from dashboard.selectors.audit import Position, position_at
from tests.conftest import counted_queries
from tests.factories import (
    NOW,
    AccessEventFactory,
    CourseAccessFactory,
    CourseFactory,
    StaffActionFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LOG = "/dashboard/audit/"


def lines(client, query=""):
    return [(line.actor.name, line.did, line.kind, line.what) for line in client.get(LOG + query).context["lines"]]


def labels(client, query=""):
    return [line.what for line in client.get(LOG + query).context["lines"]]


def at(minutes):
    return NOW + timedelta(minutes=minutes)


@pytest.fixture
def sue():
    return StaffFactory(name="Sue Support", email="sue@example.com")


@pytest.fixture
def bread():
    return CourseFactory(title="Bread")


def event(actor, course, minutes, **fields):
    access = CourseAccessFactory(course=course, user__name="Ann Aster", user__email="ann@example.com")
    return AccessEventFactory(access=access, actor=actor, at=at(minutes), **fields)


def test_both_kinds_of_lines_stand_in_one_list(staff_client, sue, bread):
    StaffActionFactory(actor=sue, verb="published", kind="course", label="Bread", at=at(1))
    event(sue, bread, 2)
    StaffActionFactory(actor=sue, verb="renamed", kind="lesson", label="Dough", at=at(3))

    assert lines(staff_client) == [
        ("Sue Support", "renamed", "lesson", "Dough"),
        ("Sue Support", "granted", "access", "Bread, for Ann Aster"),
        ("Sue Support", "published", "course", "Bread"),
    ]


def test_what_students_do_and_what_happens_by_itself_is_no_work_of_staff(staff_client, bread):
    access = CourseAccessFactory(course=bread)
    AccessEventFactory(access=access, actor=None)
    AccessEventFactory(access=access, actor=access.user)

    assert lines(staff_client) == []


def test_a_membership_is_called_by_its_name(staff_client, sue):
    access = CourseAccessFactory(course=None, tier_level=2, access_type="subscription", user__name="Ann Aster")
    AccessEventFactory(access=access, course=None, actor=sue)

    assert labels(staff_client) == ["Membership Main, for Ann Aster"]


def test_a_change_for_a_student_leads_to_them_and_for_staff_nowhere(staff_client, sue, bread):
    of_student = event(sue, bread, 1)
    AccessEventFactory(access=CourseAccessFactory(course=bread, user=StaffFactory()), actor=sue)

    page = staff_client.get(LOG)

    leads = f'href="/dashboard/students/{of_student.user_id}/"' in page.text
    assert ({line.student for line in page.context["lines"]}, leads) == ({None, of_student.user}, True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=bread", ["Bread, for Ann Aster", "Bread"]),
        ("?q=bread+published", ["Bread"]),
        ("?q=ann@example", ["Bread, for Ann Aster"]),
        ("?q=goodwill", ["Bread, for Ann Aster"]),
        ("?q=other", ["Dough"]),
        ("?q=lesson", ["Dough"]),
        ("?kind=access", ["Bread, for Ann Aster"]),
        ("?kind=course", ["Bread"]),
        ("?first_day=2026-03-03", ["Dough"]),
        ("?last_day=2026-03-02", ["Bread, for Ann Aster", "Bread"]),
        ("?first_day=2026-03-02&last_day=2026-03-02&kind=course", ["Bread"]),
        ("?q=nothing+like+this", []),
    ],
)
def test_lines_are_found(staff_client, sue, bread, query, found):
    StaffActionFactory(actor=sue, verb="published", kind="course", label="Bread", at=at(1))
    event(sue, bread, 2, reason="Goodwill")
    StaffActionFactory(actor__name="Other", kind="lesson", label="Dough", at=at(60 * 24))

    assert labels(staff_client, query) == found


def test_lines_are_found_by_who_did_it(staff_client, sue, bread):
    StaffActionFactory(label="Of somebody else")
    event(sue, bread, 2)
    StaffActionFactory(actor=sue, label="Of Sue", at=at(3))

    assert labels(staff_client, f"?who={sue.pk}") == ["Of Sue", "Bread, for Ann Aster"]


def test_who_was_staff_can_still_be_chosen(staff_client, student):
    StaffActionFactory(actor=student)
    UserFactory(email="never@example.com")

    offered = [user.email for user in staff_client.get(LOG).context["form"].fields["who"].queryset]

    assert offered == ["staff@example.com", "student@example.com"]


HOSTILE = [
    "who=x", "who=9223372036854775808", "who=%00", "kind=none", "kind=%00", "first_day=yesterday",
    "first_day=0001-01-01", "last_day=9999-12-31", "q=%00", "q=" + "x" * 10_000, "q=%ED%A0%80",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_what_is_not_understood_is_said_or_finds_nothing(staff_client, query):
    StaffActionFactory(label="Here")

    page = staff_client.get(f"{LOG}?{query}")

    told = bool(page.context["form"].errors)
    assert (page.status_code, told or query == "q=%ED%A0%80") == (200, True)


@pytest.mark.parametrize(
    "before", ["x", "1-2", "1-9-1", "1" * 18 + "-0-1", "-1-0-1", "1-0-" + "9" * 19, "٣-0-1", "%00"]
)
def test_a_position_that_is_none_shows_the_newest(staff_client, before):
    StaffActionFactory(label="Here")

    assert labels(staff_client, f"?before={before}") == ["Here"]


def test_a_position_is_read_as_it_was_written():
    position = Position(at(1), 1, 10**18 - 1)

    assert position_at(str(position)) == position


def read_through(client, query=""):
    """Every line, page after page, by the link to what is older."""
    found, before = [], ""
    while before is not None:
        page = client.get(f"{LOG}?{query}{before}").context
        found += [(line.kind, line.position.pk) for line in page["lines"]]
        before = f"&before={page['older']}" if page["older"] else None
    return found


def test_pages_hold_every_line_once_also_those_of_one_moment(staff_client, sue, bread):
    for minutes in (0, 0, 1):
        access = CourseAccessFactory(course=bread)
        AccessEvent.objects.bulk_create(
            AccessEventFactory.build(access=access, user=access.user, course=bread, actor=sue, at=at(minutes))
            for _ in range(20)
        )
        StaffAction.objects.bulk_create(StaffActionFactory.build(actor=sue, at=at(minutes)) for _ in range(25))

    found = read_through(staff_client)

    assert (len(found), len(set(found))) == (135, 135)


def test_the_page_after_the_last_line_says_so(staff_client):
    line = StaffActionFactory()

    page = staff_client.get(f"{LOG}?before={Position(line.at, 0, line.pk)}")

    assert ("Nothing older" in page.text, "Newest" in page.text) == (True, False)


def test_an_empty_log_says_what_will_be_there(staff_client):
    assert "Every change that staff make appears here." in staff_client.get(LOG).text


def test_a_filter_that_finds_nothing_can_be_cleared(staff_client):
    assert "No line fits all of this." in staff_client.get(f"{LOG}?q=nothing").text


def test_the_log_costs_the_same_for_sixty_lines(staff_client, sue, bread):
    event(sue, bread, 0)
    StaffActionFactory(actor=sue)
    with counted_queries() as few:
        staff_client.get(LOG)
    for minutes in range(30):
        access = CourseAccessFactory(course=bread)
        AccessEventFactory(access=access, actor=StaffFactory(), at=at(minutes))
        StaffActionFactory(at=at(minutes))
    with counted_queries() as many:
        staff_client.get(LOG)

    assert (len(few), len(many) <= 12) == (len(many), True)


def csv(client, query=""):
    return client.get(f"{LOG}export/{query}").getvalue().decode("utf-8-sig").splitlines()


def test_the_export_holds_what_was_asked_for(staff_client, sue, bread):
    event(sue, bread, 1, reason="=1+1")
    StaffActionFactory(actor=sue, label="Dough", kind="lesson", at=at(2))

    assert csv(staff_client, "?kind=access") == [
        "When,Who,E-mail,Did,About,What,Detail",
        '2026-03-02 10:01,Sue Support,sue@example.com,granted,access,"Bread, for Ann Aster",\'=1+1',
    ]


def test_the_export_reads_on_where_a_batch_ends(staff_client, sue, monkeypatch):
    monkeypatch.setattr("dashboard.selectors.audit.BATCH", 2)
    for minutes in range(5):
        StaffActionFactory(actor=sue, label=f"Line {minutes}", at=at(minutes))

    assert [row.split(",")[5] for row in csv(staff_client)[1:]] == [f"Line {n}" for n in (4, 3, 2, 1, 0)]


def test_the_export_is_named_after_the_day(staff_client):
    answer = staff_client.get(f"{LOG}export/")
    answer.getvalue()

    assert answer["Content-Disposition"].startswith('attachment; filename="audit-20')


def test_the_log_is_in_the_menu(staff_client):
    assert f'<a href="{reverse("dashboard:audit")}" aria-current="page">' in staff_client.get(LOG).text
