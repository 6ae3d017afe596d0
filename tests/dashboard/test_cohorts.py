"""Cohorts in the dashboard: days, seats, and members who come and go."""

from datetime import date

import pytest
from django.contrib.auth.models import Permission

from access.models import Cohort, CohortMembership, CourseAccess
from accounts.models import StaffAction
from tests import factories as make
from tests.conftest import client_of
from tests.dashboard import undo
from tests.dashboard.grouping import change_courses, courses, enter, group_of, settings_of, url
from tests.dashboard.posting import errors, ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return group_of("cohort", courses=courses("Camera"))


def save(client, cohort, **fields):
    return client.post(url(cohort, "edit"), settings_of("cohort", cohort, **fields))


def add(client, cohort, email):
    return client.post(url(cohort, "members/add"), {"email": email})


def remove(client, cohort, user, **fields):
    return client.post(url(cohort, f"members/{user.pk}/remove"), fields)


def told(client, cohort):
    return undo.told(client, url(cohort))


@pytest.mark.parametrize(("most", "shown"), [(20, "1 of 20"), (None, ">1<")])
def test_the_list_says_how_many_seats_are_taken(staff_client, student, cohort, most, shown):
    Cohort.objects.update(max_participants=most)
    enter(cohort, student)

    assert shown in staff_client.get("/dashboard/cohorts/").text


@pytest.mark.parametrize(
    ("sort", "shown"), [("start", ["Late", "Early", "None"]), ("members", ["Early", "Late", "None"])]
)
def test_cohorts_are_sorted_by_first_day_and_members(staff_client, sort, shown):
    group_of("cohort", "None")
    group_of("cohort", "Early", starts_on=date(2026, 1, 1), member_count=3)
    group_of("cohort", "Late", starts_on=date(2027, 1, 1), member_count=1)
    lines = staff_client.get("/dashboard/cohorts/", {"sort": sort}).context["lines"]

    assert [line.group.name for line in lines] == shown


def test_seats_never_go_below_the_members(owner_client, student, cohort):
    enter(cohort, student)
    answer = save(owner_client, cohort, max_participants="0")

    assert errors(answer) == {"max_participants": ["At least 1, because so many seats are taken."]}


def test_a_seat_taken_meanwhile_is_no_conflict_but_refused_at_the_field(owner_client, student, cohort, monkeypatch):
    said = settings_of("cohort", cohort, max_participants="0")
    monkeypatch.setattr("dashboard.forms.groups.refuse_fewer_seats_than_members", lambda cohort, seats: None)
    enter(cohort, student)
    answer = owner_client.post(url(cohort, "edit"), said)

    assert (answer.status_code, list(errors(answer))) == (422, ["max_participants"])


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"starts_on": "2026-05-02", "ends_on": "2026-05-01"}, "ends_on"),
        ({"starts_on": "0001-01-01"}, "starts_on"),
        ({"ends_on": "9999-12-31"}, "ends_on"),
        ({"starts_on": "tomorrow"}, "starts_on"),
        ({"max_participants": "-1"}, "max_participants"),
        ({"max_participants": str(2**63)}, "max_participants"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(owner_client, cohort, fields, refused):
    assert list(errors(save(owner_client, cohort, **fields))) == [refused]


def test_a_moved_start_moves_the_rights_that_wait(owner_client, student, cohort):
    Cohort.objects.update(starts_on=date(2050, 1, 1))
    cohort.refresh_from_db()
    enter(cohort, student)
    save(owner_client, cohort, starts_on="2050-02-01")

    assert (CourseAccess.objects.get().starts_at.date(), ledger(student)[-1][0]) == (date(2050, 1, 31), "extended")


def test_a_start_after_the_end_of_a_course_is_refused_at_the_field(owner_client, student):
    until = make.NOW.replace(year=2050)
    course = make.CourseFactory(access_duration_type="until_date", access_until=until)
    cohort = group_of("cohort", courses=[course], starts_on=date(2040, 1, 1))
    enter(cohort, student)

    assert list(errors(save(owner_client, cohort, starts_on="2060-01-01"))) == ["starts_on"]


def test_a_name_that_is_taken_is_refused(owner_client, cohort):
    group_of("cohort", "Taken")

    assert errors(save(owner_client, cohort, name="Taken")) == {"name": ["There is a cohort of this name."]}


def test_a_name_taken_at_the_same_moment_is_refused_too(owner_client, cohort, monkeypatch):
    group_of("cohort", "Taken")
    monkeypatch.setattr("django.forms.models.BaseModelForm.validate_unique", lambda form: None)
    monkeypatch.setattr("django.forms.models.BaseModelForm.validate_constraints", lambda form: None, raising=False)
    answers = [
        save(owner_client, cohort, name="Taken"),
        owner_client.post("/dashboard/cohorts/add/", settings_of("cohort", name="Taken")),
    ]

    assert [errors(answer) for answer in answers] == [{"name": ["Another of this name was saved a moment ago."]}] * 2


def test_differences_are_said_in_words(owner_client, cohort):
    mine = settings_of("cohort", cohort, starts_on="2026-05-01")
    save(owner_client, cohort, max_participants="20", grants_access="", description="New")
    found = owner_client.post(url(cohort, "edit"), mine).context["conflict"]

    assert [(each.label, each.mine, each.theirs) for each in found] == [
        ("Description", "(empty)", "New"),
        ("First day", "1 May 2026", "(empty)"),
        ("Seats", "(empty)", "20"),
        ("Members get access to its courses", "yes", "no"),
    ]


def test_a_conflict_about_the_courses_only_says_that(owner_client, cohort):
    mine = settings_of("cohort", cohort)
    change_courses(owner_client, cohort, "add", *courses("Sewing"))

    assert "its courses or its state changed" in owner_client.post(url(cohort, "edit"), mine).text


def test_a_member_is_added_by_address_with_what_the_place_gives(owner_client, student, cohort):
    add(owner_client, cohort, "STUDENT@example.com")

    assert (told(owner_client, cohort), ledger(student)) == (
        ["Sam Student is in Spring."],
        [("granted", "Olga Owner", "Member of Spring")],
    )


def test_the_log_says_who_was_added_and_removed(owner_client, student):
    cohort = group_of("cohort", grants_access=False)
    for _ in range(2):
        add(owner_client, cohort, student.email)
    remove(owner_client, cohort, student)

    assert list(StaffAction.objects.order_by("pk").values_list("verb", "detail")) == [
        ("member added", "student@example.com"),
        ("member removed", "student@example.com"),
    ]


def test_a_member_is_in_it_already(owner_client, student, cohort):
    for _ in range(2):
        add(owner_client, cohort, student.email)

    assert told(owner_client, cohort)[-1] == "Sam Student is in Spring already."


@pytest.mark.parametrize("email", ["", "nobody@example.com", "owner@example.com", "x", "\0@example.com", "a" * 10_000])
def test_an_address_of_no_student_is_refused(owner_client, cohort, email):
    answer = add(owner_client, cohort, email)

    assert (answer.status_code, list(errors(answer)), CohortMembership.objects.count()) == (422, ["email"], 0)


def test_a_full_cohort_says_so_at_the_field(owner_client, student, cohort):
    Cohort.objects.update(max_participants=0)
    answer = add(owner_client, cohort, student.email)

    assert (errors(answer), CohortMembership.objects.count()) == ({"email": ["This cohort is full."]}, 0)


def test_a_cohort_whose_course_has_ended_says_so_at_the_field(owner_client, student):
    over = make.CourseFactory(access_duration_type="until_date", access_until=make.NOW)
    answer = add(owner_client, group_of("cohort", courses=[over]), student.email)

    assert (list(errors(answer)), CohortMembership.objects.count()) == (["email"], 0)


@pytest.mark.parametrize(("fields", "live"), [({}, 0), ({"keep_access": "on"}, 1)])
def test_who_is_removed_keeps_the_access_or_not(owner_client, student, cohort, fields, live):
    enter(cohort, student)
    remove(owner_client, cohort, student, reason="Moved", **fields)

    assert told(owner_client, cohort) == ["Sam Student is no longer in Spring."]
    assert CourseAccess.objects.exclude(status="revoked").count() == live


def test_a_removal_can_be_undone_from_the_page_of_the_cohort(owner_client, student, cohort):
    enter(cohort, student)
    remove(owner_client, cohort, student)

    assert undo.press_undo(owner_client).url == url(cohort)
    assert CohortMembership.objects.filter(left_at=None).count() == 1


def test_removing_twice_is_told(owner_client, student, cohort):
    enter(cohort, student)
    for _ in range(2):
        remove(owner_client, cohort, student)

    assert told(owner_client, cohort)[0] == "Sam Student is not in Spring any more."


@pytest.mark.parametrize(
    ("fields", "words"),
    [({}, "unless you let them keep it"), ({"remove_access_on_leave": False}, "stays, as the cohort says")],
)
def test_the_way_out_says_what_becomes_of_the_access(owner_client, student, fields, words):
    cohort = group_of("cohort", **fields)
    enter(cohort, student)

    assert words in owner_client.get(url(cohort, f"members/{student.pk}/remove")).text


def test_a_reason_too_long_is_refused(owner_client, student, cohort):
    enter(cohort, student)

    assert list(errors(remove(owner_client, cohort, student, reason="x" * 301))) == ["reason"]


def test_who_was_never_in_it_is_a_404(owner_client, student, cohort):
    assert remove(owner_client, cohort, student).status_code == 404


@pytest.mark.parametrize(
    ("codename", "statuses"), [("change_courseaccess", [302, 302, 403]), ("view_cohort", [403] * 3)]
)
def test_who_may_change_rights_adds_and_removes_members(staff, student, cohort, codename, statuses):
    staff.user_permissions.add(Permission.objects.get(codename=codename))
    client = client_of(staff)
    enter(cohort, student)
    answers = [add(client, cohort, student.email), remove(client, cohort, student), client.get(url(cohort, "edit"))]

    assert [answer.status_code for answer in answers] == statuses


def test_who_joined_by_themselves_and_staff_who_are_in_it_are_shown_as_such(owner_client, owner, student, cohort):
    enter(cohort, owner)
    add(owner_client, cohort, student.email)
    text = owner_client.get(url(cohort)).text

    assert ("themselves" in text, f"/dashboard/students/{owner.pk}/" in text) == (True, False)


def test_an_archived_cohort_takes_nobody_from_here(owner_client, cohort):
    Cohort.objects.update(is_active=False)
    text = owner_client.get(url(cohort)).text

    assert ("Add member" in text, "Restore cohort" in text) == (False, True)
