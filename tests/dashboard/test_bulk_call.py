"""Users times courses by JSON  [V-7, V-8]."""

import pytest

from access.models import AccessBatch, AccessEvent, CourseAccess
from catalog.trash import trash_course
from common.models import OutgoingMail
from tests import factories as make
from tests.access.ledgers import give
from tests.accounts.helpers import confirm_it_is_you
from tests.factories import NOW

pytestmark = pytest.mark.django_db
URL = "/dashboard/access/bulk/grant/"


@pytest.fixture
def call(owner_client):
    confirm_it_is_you(owner_client)

    def post(users, courses):
        answer = owner_client.post(URL, {"users": users, "courses": courses}, content_type="application/json")
        return answer.status_code, answer.json()

    return post


@pytest.fixture
def course():
    return make.CourseFactory()


def test_every_student_gets_every_course(call, owner, run_jobs):
    users, courses = make.UserFactory.create_batch(2), make.CourseFactory.create_batch(2)

    status, said = call([user.pk for user in users], [course.pk for course in courses])
    run_jobs()

    assert (status, said) == (200, {"success": True, "message": "Granted 4 rights.", "granted_count": 4})
    assert (AccessEvent.objects.filter(actor=owner).count(), OutgoingMail.objects.count()) == (4, 2)
    assert AccessBatch.objects.values_list("state", "name").get() == ("applied", "Call")


def test_open_rights_and_unknown_ids_are_skipped(call, student, course):
    give(student, course)
    other = make.UserFactory()

    assert call([student.pk, other.pk, other.pk, 2**62, -1], [course.pk, 0]) == (
        200, {"success": True, "message": "Granted 1 right.", "granted_count": 1},
    )  # fmt: skip


def test_a_course_in_the_trash_is_left_out_like_an_unknown_one(call, student, staff, course):
    trash_course(course=course, actor=staff, now=NOW)

    assert call([student.pk], [course.pk])[1]["granted_count"] == 0
    assert AccessBatch.objects.count() == 0


def test_a_right_that_is_over_but_not_yet_swept_is_no_open_one(call, student, course):
    give(student, course, now=NOW.replace(year=2020), expires_at=NOW.replace(year=2021))

    assert (call([student.pk], [course.pk])[1]["granted_count"], CourseAccess.objects.count()) == (1, 2)


def test_when_all_is_there_nothing_is_given(call, student, course):
    give(student, course)

    assert call([student.pk], [course.pk])[1]["granted_count"] == 0
    assert call([0], [course.pk])[1]["granted_count"] == 0


@pytest.mark.parametrize(
    ("users", "courses", "error"),
    [
        ([], [1], "“users” must be a list of ids with at least one."),
        ([1], [], "“courses” must be a list of ids with at least one."),
        ([True], [1], "“users” must be a list of ids with at least one."),
        (["1"], [1], "“users” must be a list of ids with at least one."),
        ([1.5], [1], "“users” must be a list of ids with at least one."),
        ("1", [1], "“users” must be a list."),
        (list(range(1001)), [1, 2], "At most 2,000 pairs at once; use a file for more."),
        ([2**63], [1], "A number is out of range."),
    ],
)
def test_what_are_no_lists_of_ids_is_refused(call, users, courses, error):
    assert call(users, courses) == (400, {"success": False, "error": error})


@pytest.mark.parametrize("body", ["", "[]", "{", "\x00", '{"users": [1]}', '{"users": [1], "users": [1]}'])
def test_other_bodies_are_refused(owner_client, body):
    answer = owner_client.post(URL, body, content_type="application/json")

    assert (answer.status_code, answer.json()["success"]) == (400, False)


def test_who_did_not_confirm_who_they_are_gives_nothing(owner_client, student, course):
    body = {"users": [student.pk], "courses": [course.pk]}
    answer = owner_client.post(URL, body, content_type="application/json")

    error = "Confirm that it is you at /account/confirm/ first."
    assert (answer.status_code, answer.json()) == (403, {"success": False, "error": error})
    assert CourseAccess.objects.count() == 0


def test_who_only_looks_gives_nothing(staff_client, student, course):
    body = {"users": [student.pk], "courses": [course.pk]}

    assert staff_client.post(URL, body, content_type="application/json").status_code == 403
