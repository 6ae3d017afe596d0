"""Bulk access in the dashboard: the form, the batch and its lines, applying with identity confirmed, undoing."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from access.models import AccessBatch, AccessBatchRow, CourseAccess
from access.services.bulk_checking import Wish, check_batch
from dashboard.forms.bulk import COLUMNS
from tests import factories as make
from tests.accounts.helpers import confirm_it_is_you
from tests.conftest import counted_queries

pytestmark = pytest.mark.django_db
URL = "/dashboard/access/bulk/"
GAPS = {"action": "grant"}


@pytest.fixture
def course():
    return make.CourseFactory(slug="camera", title="Camera")


@pytest.fixture
def confirmed(owner_client):
    confirm_it_is_you(owner_client)
    return owner_client


def send(client, text=None, **fields):
    """Send a list as a file, or as it is pasted."""
    file = {"file": SimpleUploadedFile("students.csv", text.encode())} if text is not None else {}
    return client.post(URL, GAPS | file | fields)


def lines():
    return list(AccessBatchRow.objects.order_by("line").values_list("email", "slug", "action", "until_text", "note"))


def errors(response):
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def batch_of(owner, *emails, slug="camera", action="grant", now=None, note="Why", until=""):
    wishes = [Wish(line, email, slug, action, until, note) for line, email in enumerate(emails, 2)]
    now = now or timezone.now()
    return check_batch(wishes=wishes, by=owner, name="students.csv", sha256="0" * 64, tells=False, now=now)


def page_of(client, batch, **query):
    return client.get(f"{URL}{batch.pk}/", query)


def told(response):
    return [str(message) for message in response.context["messages"]]


def test_a_file_is_checked_and_its_page_shown(owner_client, owner, student, course):
    answer = send(owner_client, "email,course_slug\nStudent@Example.com,camera\n", tells="on")

    batch = AccessBatch.objects.get()
    assert answer.url == f"{URL}{batch.pk}/"
    assert (batch.by, batch.name, batch.tells, batch.state, len(batch.sha256)) == (
        owner, "students.csv", True, "draft", 64,
    )  # fmt: skip
    assert (lines(), CourseAccess.objects.count()) == ([("student@example.com", "camera", "grant", "", "")], 0)


def test_what_a_line_leaves_empty_is_taken_from_the_form(owner_client, student, course):
    table = "email,course_slug,action,expires_at,note\na@b.c,,,,\nd@e.f,bread,REVOKE,2026-01-01,Left\n"

    send(owner_client, table, course="camera", action="extend", last_day="2026-05-31", note="Ill")

    assert lines() == [
        ("a@b.c", "camera", "extend", "2026-05-31", "Ill"),
        ("d@e.f", "bread", "revoke", "2026-01-01", "Left"),
    ]


@pytest.mark.parametrize("text", ["a@b.c\nd@e.f", "a@b.c, d@e.f", "a@b.c; d@e.f;\n", "\n a@b.c\td@e.f "])
def test_addresses_are_taken_as_people_paste_them(owner_client, course, text):
    send(owner_client, pasted=text, course="camera")

    assert [line[:3] for line in lines()] == [("a@b.c", "camera", "grant"), ("d@e.f", "camera", "grant")]


def test_a_table_may_be_pasted_too(owner_client, course):
    send(owner_client, pasted="email\tcourse_slug\na@b.c\tcamera")

    assert (lines()[0][:2], AccessBatch.objects.get().name) == (("a@b.c", "camera"), "Pasted list")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"__all__": ["Choose a file or paste a list."]}),
        ({"text": "email\na@b.c", "pasted": "a@b.c"}, {"__all__": ["Choose a file or paste a list, not both."]}),
        ({"pasted": "a@b.c"}, {"course": ["Line 2 names no course. Choose one here, or name it there."]}),
        ({"text": ""}, {"file": ["The file is empty."]}),
        ({"pasted": "a@b.c", "last_day": "soon"}, {"last_day": ["Write the day as in 2026-05-31."]}),
        ({"pasted": "a@b.c", "last_day": "2201-01-01"}, {"last_day": ["Choose a day before the year 2201, or none."]}),
        ({"text": "email\n=1\n<b>"}, {"file": [
            "Line 2, email: begins with “=”, which a spreadsheet takes for a formula.", "Line 3, email: holds HTML.",
        ]}),
        ({"pasted": "a@b.c camera"}, {"pasted": [
            f"“camera” is no e-mail address. A table begins with its header: {', '.join(COLUMNS)}.",
        ]}),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_read_is_told_at_its_field_and_nothing_is_kept(owner_client, fields, expected):
    answer = send(owner_client, **fields)

    assert (answer.status_code, errors(answer), AccessBatch.objects.count()) == (422, expected, 0)


def test_who_only_looks_sees_the_batches_and_no_form(staff_client, owner, student, course):
    batch = batch_of(owner, "student@example.com")
    listed, page = staff_client.get(URL), page_of(staff_client, batch)

    assert ("Check list" in listed.text, f"Batch {batch.pk}" in listed.text) == (False, True)
    assert ("Apply 1 change" in page.text, send(staff_client, "email\na@b.c").status_code) == (False, 403)


def test_the_menu_leads_there(owner_client):
    assert f'<a href="{URL}" aria-current="page">' in owner_client.get(URL).text


def test_the_sample_is_a_table_that_is_read(owner_client, course):
    sample = owner_client.get(f"{URL}sample/").getvalue()

    answer = owner_client.post(URL, GAPS | {"file": SimpleUploadedFile("sample.csv", sample)})

    assert (answer.status_code, [line[2] for line in lines()]) == (302, ["grant", "grant", "extend", "revoke"])


def test_the_page_counts_and_explains(owner_client, owner, student, course):
    make.SuspensionFactory(user=make.UserFactory(email="sam@example.com"), course=course)
    batch = batch_of(owner, "student@example.com", "sam@example.com", "nobody@example.com", "student@example.com")

    page = page_of(owner_client, batch)

    assert [(chip.sign.text, chip.count) for chip in page.context["chips"]] == [
        ("Will grant", 1), ("Suspended", 1), ("Unknown e-mail", 1), ("Repeated line", 1),
    ]  # fmt: skip
    assert [(line.row.line, line.cause) for line in page.context["lines"]] == [
        (2, "Why"),
        (3, "Suspended from the course. Reinstate them first."),
        (4, "Nobody has an account with this address."),
        (5, "A line before names this student and course."),
    ]
    assert "Apply 1 change" in page.text


@pytest.mark.parametrize(
    ("fields", "cause"),
    [
        ({"action": "extend", "until": ""}, "Extending needs the last day, in the column expires_at."),
        ({"action": "extend", "until": "soon"}, "Write the day as in 2026-05-31."),
        ({"until": "2199-05-31"}, "Until Sat 1 June 2199, 00:00 (Paris)"),
    ],
)
def test_the_cause_of_a_line(owner_client, owner, student, course, fields, cause):
    page = page_of(owner_client, batch_of(owner, "student@example.com", **fields))

    assert page.context["lines"][0].cause == cause


@pytest.mark.parametrize(
    ("show", "count"), [("", 3), ("grant", 1), ("unknown_email", 2), ("late", 0), ("undone", 0), ("x", 3)]
)
def test_a_chip_shows_its_lines(owner_client, owner, student, course, show, count):
    page = page_of(owner_client, batch_of(owner, "student@example.com", "a", "b"), show=show)

    assert page.context["page"].paginator.count == count


def test_lines_come_fifty_at_a_time_and_keep_the_chip(owner_client, owner, course):
    batch = batch_of(owner, *[f"nobody{number}@example.com" for number in range(51)])

    page = page_of(owner_client, batch, show="unknown_email", page=2)

    assert (len(page.context["lines"]), 'href="?show=unknown_email&amp;page=1"' in page.text) == (1, True)


def test_the_lines_are_taken_away_as_csv_without_formulas(owner_client, owner, course):
    batch = batch_of(owner, "=1+1", "nobody")

    text = owner_client.get(f"{URL}{batch.pk}/export/").getvalue().decode()

    assert text.splitlines() == [
        "\ufeffLine,email,course_slug,action,expires_at,note,verdict,cause",
        "2,'=1+1,camera,grant,,Why,Unknown e-mail,Nobody has an account with this address.",
        "3,nobody,camera,grant,,Why,Unknown e-mail,Nobody has an account with this address.",
    ]


def test_applying_asks_who_one_is_and_then_does_it(owner_client, owner, student, course, run_jobs):
    batch = batch_of(owner, "student@example.com")

    asked = owner_client.post(f"{URL}{batch.pk}/apply/")
    done = owner_client.post("/account/confirm/", {"password": make.PASSWORD, "next": f"{URL}{batch.pk}/apply/"})
    run_jobs()

    assert asked.url.startswith("/account/confirm/?next=")
    assert (done.url, CourseAccess.objects.get().user) == (f"{URL}{batch.pk}/", student)


def test_while_it_works_the_page_shows_how_far_it_is_and_htmx_the_part(confirmed, owner, student, course):
    batch = batch_of(owner, "student@example.com")
    confirmed.post(f"{URL}{batch.pk}/apply/")

    page = page_of(confirmed, batch)
    part = confirmed.get(f"{URL}{batch.pk}/", headers={"HX-Request": "true"})

    assert ("0 of 1 line" in page.text, "every 2s" in page.text, "Reload" in page.text) == (True, True, True)
    assert ("<html" in part.text, "every 2s" in part.text, part["Vary"]) == (False, True, "HX-Request, Cookie")


def test_when_it_is_done_the_part_asks_no_more(confirmed, owner, student, course, run_jobs):
    batch = batch_of(owner, "student@example.com")
    confirmed.post(f"{URL}{batch.pk}/apply/")
    run_jobs()

    part = confirmed.get(f"{URL}{batch.pk}/", headers={"HX-Request": "true"})

    assert ("every 2s" in part.text, "Undo this batch" in part.text) == (False, True)
    assert [(chip.sign.text, chip.count) for chip in part.context["chips"]] == [("Granted", 1)]


def test_pressing_apply_again_changes_nothing_and_says_so(confirmed, owner, student, course, run_jobs):
    batch = batch_of(owner, "student@example.com")
    for _ in range(2):
        answer = confirmed.post(f"{URL}{batch.pk}/apply/", follow=True)
    run_jobs()

    assert told(answer) == ["This batch has been applied already. Nothing was changed twice."]
    assert CourseAccess.objects.count() == 1


def test_a_check_of_more_than_an_hour_ago_is_not_applied(confirmed, owner, student, course):
    batch = batch_of(owner, "student@example.com", now=timezone.now() - timedelta(hours=1))
    page = page_of(confirmed, batch)

    answer = confirmed.post(f"{URL}{batch.pk}/apply/", follow=True)

    assert ("Apply 1 change" in page.text, "Not applied" in page.text) == (False, True)
    assert told(answer) == ["The check is older than an hour. Check the file again."]


def test_what_changed_since_the_check_is_told_line_by_line(confirmed, owner, student, course, run_jobs):
    batch = batch_of(owner, "student@example.com")
    make.SuspensionFactory(user=student, course=course)
    confirmed.post(f"{URL}{batch.pk}/apply/")
    run_jobs()

    page = page_of(confirmed, batch, show="late")

    assert [chip.sign.text for chip in page.context["chips"]] == ["Suspended", "Changed since the check"]
    assert page.context["lines"][0].cause == "Changed since the check. Suspended from the course. Reinstate them first."


def test_undoing_asks_once_more_and_tells_line_by_line(confirmed, owner, student, course, run_jobs):
    batch = batch_of(owner, "student@example.com")
    confirmed.post(f"{URL}{batch.pk}/apply/")
    run_jobs()

    asked = confirmed.get(f"{URL}{batch.pk}/undo/")
    confirmed.post(f"{URL}{batch.pk}/undo/")
    run_jobs()
    page = page_of(confirmed, batch)

    assert "Undo 1 change" in asked.text
    assert [chip.sign.text for chip in page.context["chips"]] == ["Granted", "Undone"]
    assert (page.context["lines"][0].sign.text, CourseAccess.objects.get().status) == ("Undone", "revoked")


def test_a_second_undo_says_that_it_is_undone(confirmed, owner, student, course, run_jobs):
    batch = batch_of(owner, "student@example.com")
    confirmed.post(f"{URL}{batch.pk}/apply/")
    run_jobs()
    confirmed.post(f"{URL}{batch.pk}/undo/")
    run_jobs()

    asked = confirmed.get(f"{URL}{batch.pk}/undo/")
    answer = confirmed.post(f"{URL}{batch.pk}/undo/", follow=True)

    assert ("cannot be undone" in asked.text, told(answer)) == (True, ["This batch has been undone already."])


def test_what_stays_after_undoing_says_why(confirmed, owner, student, course, run_jobs):
    make.CourseAccessFactory(user=student, course=course)
    batch = batch_of(owner, "student@example.com", action="revoke")
    confirmed.post(f"{URL}{batch.pk}/apply/")
    run_jobs()
    confirmed.post(f"{URL}{batch.pk}/undo/")
    run_jobs()

    page = page_of(confirmed, batch, show="gone")

    assert page.context["lines"][0].cause == "A revoked right does not come back. Grant a new one."


def test_work_that_stopped_goes_on_at_a_press(confirmed, owner, student, course, run_jobs):
    batch = batch_of(owner, "student@example.com")
    confirmed.post(f"{URL}{batch.pk}/apply/")
    refused = confirmed.post(f"{URL}{batch.pk}/continue/", follow=True)
    AccessBatch.objects.update(cause="OperationalError: lock timeout")

    page = page_of(confirmed, batch)
    confirmed.post(f"{URL}{batch.pk}/continue/")
    run_jobs()

    assert told(refused) == ["The work on this batch has not stopped."]
    assert ("Go on now" in page.text, AccessBatch.objects.get().state) == (True, "applied")


def queries_of(client, address):
    with counted_queries() as queries:
        client.get(address)
    return len(queries)


def test_the_list_asks_the_same_whatever_its_length(owner_client, owner):
    make.AccessBatchFactory(by=owner)
    few = queries_of(owner_client, URL)
    make.AccessBatchFactory.create_batch(60)

    assert (queries_of(owner_client, URL), few <= 12) == (few, True)


def test_a_batch_asks_the_same_whatever_its_length(owner_client, owner, course):
    students = [user.email for user in make.UserFactory.create_batch(60)]
    few, many = batch_of(owner, students[0]), batch_of(owner, *students)

    counts = [queries_of(owner_client, f"{URL}{batch.pk}/") for batch in (few, many)]

    assert (counts[0], counts[0] <= 12) == (counts[1], True)


@pytest.mark.parametrize("query", ["page=2147483648", "page=x", "show=%00", "show=" + "x" * 5000, "page=-1"])
def test_odd_addresses_are_survived(owner_client, owner, course, query):
    batch = batch_of(owner, "a", "b")

    pages = [URL, f"{URL}{batch.pk}/", f"{URL}{batch.pk}/export/"]

    assert [owner_client.get(f"{page}?{query}").status_code for page in pages] == [200, 200, 200]


def test_what_is_refused_after_confirming_who_one_is_says_so(owner_client, owner, student, course):
    batch = batch_of(owner, "student@example.com", now=timezone.now() - timedelta(hours=1))
    owner_client.post(f"{URL}{batch.pk}/apply/")

    target = {"next": f"{URL}{batch.pk}/apply/"}
    answer = owner_client.post("/account/confirm/", {"password": make.PASSWORD} | target, follow=True)

    assert "The check is older than an hour. Check the file again." in told(answer)


def test_the_timeline_of_a_student_names_the_batch(confirmed, owner, student, course, run_jobs):
    batch = batch_of(owner, "student@example.com")
    for step in ("apply", "undo"):
        confirmed.post(f"{URL}{batch.pk}/{step}/")
        run_jobs()

    page = confirmed.get(f"/dashboard/students/{student.pk}/")

    assert page.text.count(f"Granted by staff, batch {batch.pk}") == 2
