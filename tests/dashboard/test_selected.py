"""Students chosen in the list: who is meant, and what is done for all of them."""

import csv

import pytest

from access.models import AccessBatch, CohortMembership, CourseAccess
from accounts.models import StaffAction
from dashboard import many_students
from tests import factories as make
from tests.conftest import counted_queries
from tests.dashboard.undo import told

pytestmark = pytest.mark.django_db
URL = "/dashboard/students/selected/"


@pytest.fixture
def people():
    return [make.UserFactory(name=f"Person {number:02}", email=f"p{number:02}@example.com") for number in range(12)]


@pytest.fixture
def course():
    return make.CourseFactory(title="Camera", slug="camera", enrollment_method="purchase")


@pytest.fixture
def cohort(course):
    cohort = make.CohortFactory(name="Spring group", grants_access=True)
    cohort.courses.add(course)
    return cohort


def address(do, people=(), **query):
    asked = [f"id={person.pk}" for person in people] + [f"{name}={value}" for name, value in query.items()]
    return f"{URL}?do={do}&{'&'.join(asked)}"


def members(cohort):
    return sorted(CohortMembership.objects.filter(cohort=cohort).values_list("user__email", flat=True))


def test_the_list_has_a_box_for_each_student_and_keeps_its_filters(owner_client, people):
    page = owner_client.get("/dashboard/students/?q=Person+01&sort=name")

    assert page.text.count('name="id"') == 1
    assert '<input type="hidden" name="q" value="Person 01">' in page.text
    assert "Select all 1 matching" in page.text


def test_who_only_looks_may_export_and_nothing_else(staff_client, people):
    page = staff_client.get("/dashboard/students/")

    assert [f'name="do" value="{do}"' in page.text for do in ("grant", "cohort", "export")] == [False, False, True]


@pytest.mark.parametrize("do", ["grant", "cohort"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_only_looks_changes_nothing(staff_client, people, do, method):
    assert getattr(staff_client, method)(address(do, people)).status_code == 403


def test_the_page_names_the_first_and_counts_the_others(owner_client, people):
    page = owner_client.get(address("grant", people))

    assert "Person 00, Person 01" in page.text
    assert ("and 2 more" in page.text, "<h1>Grant a course</h1>" in page.text) == (True, True)


def test_granting_makes_a_batch_that_is_only_checked(owner_client, people, course):
    answer = owner_client.post(address("grant", people[:3]), {"course": course.pk, "notes": "Prize"})

    batch = AccessBatch.objects.get()
    assert answer.url == f"/dashboard/access/bulk/{batch.pk}/"
    assert (batch.state, batch.total, batch.tells, CourseAccess.objects.count()) == ("draft", 3, True, 0)
    assert sorted(batch.rows.values_list("email", "slug", "note")) == [
        (f"p0{number}@example.com", "camera", "Prize") for number in range(3)
    ]


def test_a_last_day_goes_with_the_batch(owner_client, people, course):
    owner_client.post(address("grant", people[:1]), {"course": course.pk, "last_day": "2099-05-31"})

    assert AccessBatch.objects.get().rows.get().until_text == "2099-05-31"


def test_all_means_whom_the_filters_find(owner_client, people, course):
    owner_client.post(address("grant", all="yes", q="Person+1"), {"course": course.pk})

    assert AccessBatch.objects.get().total == 3


def test_too_many_are_refused(owner_client, people, course, monkeypatch):
    monkeypatch.setattr(many_students, "MOST", 11)

    answer = owner_client.post(address("grant", people), {"course": course.pk})

    assert (answer.status_code, "At most 11 students at once. Narrow the list." in answer.text) == (422, True)


@pytest.mark.parametrize("data", [{}, {"course": "x"}, {"course": 10**20}, {"last_day": "soon"}, {"notes": "a\0"}])
def test_a_wrong_form_is_shown_again(owner_client, people, data):
    answer = owner_client.post(address("grant", people), data)

    assert (answer.status_code, AccessBatch.objects.count()) == (422, 0)


def test_all_chosen_come_into_the_cohort(owner_client, people, cohort):
    answer = owner_client.post(address("cohort", people[:2], q="Person"), {"cohort": cohort.pk})

    assert answer.url == "/dashboard/students/?q=Person"
    assert members(cohort) == ["p00@example.com", "p01@example.com"]
    assert told(owner_client) == ["2 added to Spring group."]
    assert CourseAccess.objects.count() == 2


def test_it_is_in_the_log_of_staff_once(owner_client, owner, people, cohort):
    for _ in range(2):
        owner_client.post(address("cohort", people[:2]), {"cohort": cohort.pk})

    action = StaffAction.objects.get()
    assert (action.actor, action.verb, action.label, action.detail) == (
        owner,
        "added students",
        "Spring group",
        "2 at once",
    )


def test_members_stay_and_who_finds_no_seat_is_counted(owner_client, people, cohort):
    cohort.max_participants = 2
    cohort.save()
    owner_client.post(address("cohort", people[:1]), {"cohort": cohort.pk})

    owner_client.post(address("cohort", people[:4]), {"cohort": cohort.pk})

    assert told(owner_client)[-1] == (
        "1 added to Spring group. 1 were in it already. "
        "2 were not added: no seat is free, or a course of it ends before it starts."
    )


def test_too_many_for_a_cohort_are_refused(owner_client, people, cohort, monkeypatch):
    monkeypatch.setattr(many_students, "MOST_INTO_A_COHORT", 11)

    answer = owner_client.post(address("cohort", people), {"cohort": cohort.pk})

    assert (answer.status_code, CohortMembership.objects.count()) == (422, 0)


def test_export_gives_just_the_chosen(staff_client, people):
    answer = staff_client.get(address("export", people[3:5]), follow=True)

    rows = list(csv.reader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))
    assert [row[1] for row in rows[1:]] == ["p03@example.com", "p04@example.com"]


def test_export_of_all_gives_what_the_filters_find(staff_client, people):
    answer = staff_client.get(address("export", all="yes", q="Person+11"), follow=True)

    assert b"".join(answer.streaming_content).count(b"\n") == 2


@pytest.mark.parametrize("ids", ["", "id=", "id=x", "id=-1", "id=1.5", "id=" + "9" * 40, "id=%00", "id=99999"])
@pytest.mark.parametrize("do", ["grant", "cohort", "export"])
def test_with_nobody_chosen_the_list_says_so(owner_client, do, ids):
    answer = owner_client.get(f"{URL}?do={do}&{ids}&q=none")

    assert answer.url == "/dashboard/students/?q=none"
    assert told(owner_client) == ["Nobody was chosen. Tick students in the list first."]


@pytest.mark.parametrize("do", ["", "delete", "\0"])
def test_what_cannot_be_done_leads_back(owner_client, people, do):
    assert owner_client.get(URL, {"do": do, "id": people[0].pk}).url == "/dashboard/students/"


def test_staff_are_never_among_them(owner_client, owner, staff):
    assert owner_client.get(f"{URL}?do=grant&id={owner.pk}&id={staff.pk}").url == "/dashboard/students/"


def test_the_page_asks_as_much_for_few_as_for_many(owner_client, people):
    counts = []
    for some in (people[:1], people):
        with counted_queries() as queries:
            owner_client.get(address("grant", some))
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12
