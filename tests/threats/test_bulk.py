"""T85, T87, T88: hostile and enormous lists, and jobs that die half-way; nothing is half done, done twice or forced."""

import time
import tracemalloc

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from access.invariants import violations
from access.models import AccessBatch, AccessEvent, CourseAccess
from dashboard.forms.bulk import SHAPE
from tests import factories as make
from tests.access.bulk import LATER, applied, apply, checked, everything, undo, verdicts, wish
from tests.access.ledgers import give, rebuild
from tests.conftest import client_of
from tests.factories import NOW
from tests.threats.state import unchanged

pytestmark = pytest.mark.django_db
URL = "/dashboard/access/bulk/"
HEADER = "email,course_slug,action,expires_at,note\n"
LINE = "student@example.com,camera,grant,,\n"
NAMES = "Line 1 must name the columns: email, course_slug, action, expires_at, note."


@pytest.fixture
def owner(db):
    return client_of(make.StaffFactory(is_superuser=True))


@pytest.fixture
def course():
    return make.CourseFactory(slug="camera")


def send(client, content, name="students.csv"):
    data = content if isinstance(content, bytes) else content.encode()
    return client.post(URL, {"action": "grant", "file": SimpleUploadedFile(name, data)})


FILES = {
    "wrong header": ("name,course\nx,y\n", [NAMES]),
    "no header": (LINE, [NAMES]),
    "header twice": ("email,email\na,b\n", [NAMES]),
    "only a header": (HEADER, ["The file has no line below its header."]),
    "UTF-16": ((HEADER + LINE).encode("utf-16"), ["The file is UTF-16. Save it as CSV UTF-8."]),
    "Latin-1": ((HEADER + "jos\xe9@example.com,camera,,,\n").encode("latin-1"),
                ["Line 2 is not UTF-8. Save the file as CSV UTF-8."]),
    "NUL": (HEADER + LINE + "a\0@example.com,camera,,,\n",
            ["Line 3, email: holds a character that is no text, such as a NUL or a line break."]),
    "unbalanced quotes": (HEADER + LINE + '"a@example.com,camera,,,\n' + LINE, ["Line 3: a quote is not closed."]),
    "formula": (HEADER + LINE + '=HYPERLINK("x"),camera,,,\n',
                ["Line 3, email: begins with “=”, which a spreadsheet takes for a formula."]),
    "plain formula": (HEADER + LINE + "a@example.com,camera,,,@SUM(1)\n",
                      ["Line 3, note: begins with “@”, which a spreadsheet takes for a formula."]),
    "HTML": (HEADER + LINE + "a@example.com,camera,,,<script>alert(1)</script>\n", ["Line 3, note: holds HTML."]),
    "too many cells": (HEADER + "a,b,c,d,e,f\n", ["Line 2 has 6 cells; the header names 5 columns."]),
    "one huge cell": (HEADER + LINE + "a@example.com,camera,,," + "x" * 5_000_000,
                      ["Line 3: a cell is longer than 300 characters."]),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(1000), ["Line 1 is not UTF-8. Save the file as CSV UTF-8."]),
}  # fmt: skip


@pytest.mark.parametrize("attack", FILES)
def test_t87_a_hostile_file_is_refused_with_its_lines_and_nothing_is_saved(owner, student, course, attack):
    content, problems = FILES[attack]

    with unchanged():
        answer = send(owner, content)

    assert (answer.status_code, list(answer.context["form"].errors["file"])) == (422, problems)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (HEADER + LINE * 300_001, "The file is larger than 10 MB."),
        ("email\n" + "a@b.c\n" * 1_000_000, "The file has more than 100,000 lines. Send it in parts."),
        (HEADER + '"' + "x" * 50_000_000, "The file is larger than 10 MB."),
    ],
    ids=["300,000 lines", "1,000,000 short lines", "a cell of 50 MB"],
)
def test_t87_an_enormous_file_is_refused_in_bounded_time(owner, content, problem):
    started = time.process_time()

    answer = send(owner, content)

    assert (list(answer.context["form"].errors["file"]), AccessBatch.objects.count()) == ([problem], 0)
    assert time.process_time() - started < 10


def test_t87_a_file_too_large_is_not_even_read(owner):
    file = SimpleUploadedFile("students.csv", b"x" * (SHAPE.most_bytes + 1))
    tracemalloc.start()

    answer = owner.post(URL, {"action": "grant", "file": file})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (answer.status_code, peak < 4 * SHAPE.most_bytes) == (422, True)


def test_t87_more_than_a_megabyte_is_not_pasted(owner):
    assert owner.post(URL, {"action": "grant", "pasted": "a@b.c\n" * 300_000}).status_code == 400


@pytest.mark.parametrize("value", ["\0", "x" * 600_000, b"\xed\xa0\x80", "a" * 10_000 + "@b.c"])
def test_t87_hostile_text_is_refused_where_it_was_pasted(owner, course, value):
    with unchanged():
        answer = owner.post(URL, {"action": "grant", "course": "camera", "pasted": value})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["pasted"])


@pytest.mark.parametrize(
    "fields",
    [
        {"course": "none"},
        {"course": "\0"},
        {"action": "delete"},
        {"last_day": "9999-12-31"},
        {"note": "x" * 301},
        {"note": "\0"},
    ],
)
def test_t87_odd_values_beside_the_list_are_refused_at_their_field(owner, course, fields):
    with unchanged():
        answer = owner.post(URL, {"action": "grant", "pasted": "a@b.c", "course": "camera"} | fields)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, list(fields))


def test_t88_what_is_taken_away_again_holds_no_formula(owner, course):
    boss = make.StaffFactory(name="=cmd|' /C calc'!A0")
    batch = checked(boss, wish("=1+1", "-camera", "+grant", "@now", "\tnote"))

    text = owner.get(f"{URL}{batch.pk}/export/").getvalue().decode()

    assert text.splitlines()[1].split(",")[1:6] == ["'=1+1", "'-camera", "'+grant", "'@now", "'\tnote"]


def test_t85_everything_at_once_is_reported_per_line_and_the_rest_is_done(staff, course):
    fine, held, suspended = make.UserFactory.create_batch(3)
    give(held, course)
    make.SuspensionFactory(user=suspended, course=course)
    lines = [wish(who, course) for who in (fine, held, suspended, fine, "nobody@example.com", staff)]

    batch = applied(staff, *lines)

    assert verdicts(batch) == ["grant", "held", "suspended", "repeated", "unknown_email", "staff"]
    assert list(CourseAccess.objects.order_by("pk").values_list("user", flat=True)) == [held.pk, fine.pk]


def test_t85_sent_twice_it_comes_to_the_same(staff, course):
    lines = [wish(user, course) for user in make.UserFactory.create_batch(3)]
    first, second = checked(staff, *lines), checked(staff, *lines)
    apply(first, staff)
    once = everything()

    apply(second, staff)

    assert (everything(), verdicts(second)) == (once, ["held"] * 3)


def test_t85_rights_and_events_are_whole_after_all_of_it(staff, course):
    students = make.UserFactory.create_batch(4)
    give(students[3], course, expires_at=NOW.replace(month=4))
    lines = [wish(user, course) for user in students[:3]] + [wish(students[3], course, "extend", "2026-05-31")]
    batch = applied(staff, *lines)
    undo(batch, staff)

    assert (rebuild("--check")[1], list(violations(LATER)), AccessEvent.objects.count()) == (0, [], 9)
