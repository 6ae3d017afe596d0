"""The changes of a student's rights as JSON  [001, V-8]: the shapes, what is missing, what is refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from access.models import BundlePurchase, CohortMembership, CourseAccess
from access.services import grant_access
from tests import factories as make
from tests.dashboard.posting import address, ledger

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def course():
    return make.CourseFactory(title="Camera", slug="camera", enrollment_method="purchase")


@pytest.fixture
def send(owner_client, student):
    """Post this body as JSON; the status and what was answered."""

    def post(action, body, to=student):
        answer = owner_client.post(address(to, action), body, content_type=JSON)
        return answer.status_code, answer.json()

    return post


@pytest.fixture
def held(student, course):
    return grant_access(user=student, course=course, access_type="manual", source_key="k", now=timezone.now())


def test_granting_answers_which_right_it_made(send, course):
    status, said = send("grant-access", {"course_id": course.pk, "expires_in_days": 30, "notes": "Prize"})

    access = CourseAccess.objects.get()
    expected = {"success": True, "message": "Sam Student has access to Camera.", "access_id": access.pk}
    assert (status, said) == (200, expected)
    assert (access.expires_at - access.starts_at, access.notes) == (timedelta(days=30), "Prize")


@pytest.mark.parametrize("days", [None, "absent"])
def test_without_days_the_rule_of_the_course_counts(send, course, days):
    body = {"course_id": course.pk} | ({} if days == "absent" else {"expires_in_days": days})

    assert (send("grant-access", body)[0], CourseAccess.objects.get().expires_at) == (200, None)


@pytest.mark.parametrize("days", ["soon", "", "30", [], {}, True, 1.5, 0, -1, 3651, 10**18])
def test_days_that_are_no_number_give_nothing(send, course, days):
    status, said = send("grant-access", {"course_id": course.pk, "expires_in_days": days})

    assert (status, said["success"], CourseAccess.objects.count()) == (400, False, 0)
    assert said["error"].startswith("“expires_in_days” must be ")


@pytest.mark.parametrize(
    ("action", "key"),
    [
        ("grant-access", "course_id"),
        ("revoke-access", "course_id"),
        ("grant-bundle", "bundle_id"),
        ("add-cohort", "cohort_id"),
    ],
)
@pytest.mark.parametrize(
    ("number", "status", "error"),
    [
        (None, 400, "“{key}” is missing."),
        ("x", 400, "“{key}” must be a whole number."),
        (0, 400, "“{key}” must be between 1 and 2147483647."),
        (99_999, 404, "There is no such {kind}."),
    ],
)
def test_a_missing_or_wrong_number_is_refused(send, action, key, number, status, error):
    answer = send(action, {} if number is None else {key: number})

    expected = error.format(key=key, kind=key.removesuffix("_id"))
    assert answer == (status, {"success": False, "error": expected})


@pytest.mark.parametrize("body", ["[]", "{", '{"course_id": 1, "course_id": 2}', '{"course_id": NaN}', "\ud800"])
def test_what_is_no_object_is_refused(owner_client, student, body):
    data = body.encode("utf-8", "surrogatepass")

    answer = owner_client.generic("POST", address(student, "grant-access"), data, content_type=JSON)

    assert (answer.status_code, answer.json()["success"]) == (400, False)


@pytest.mark.parametrize("kind", ["bundle", "cohort"])
def test_what_is_archived_is_given_to_nobody(send, course, kind):
    groups = {"bundle": make.BundleCourseFactory(course=course).bundle, "cohort": make.CohortFactory()}
    type(groups[kind]).objects.update(is_active=False)

    status, said = send({"bundle": "grant-bundle", "cohort": "add-cohort"}[kind], {f"{kind}_id": groups[kind].pk})

    assert (status, said["error"]) == (404, f"There is no such {kind}.")


def test_a_student_who_is_none_is_not_found(send, staff, course):
    assert send("grant-access", {"course_id": course.pk}, staff) == (
        404,
        {"success": False, "error": "No such student."},
    )


def test_revoking_ends_what_is_active(send, student, course, held):
    status, said = send("revoke-access", {"course_id": course.pk, "reason": "Refund", "notes": "By mail"})

    assert (status, said["message"]) == (200, "The access of Sam Student to Camera is revoked.")
    assert ledger(student)[-1] == ("revoked", "Olga Owner", "Refund")


def test_revoking_needs_a_reason(send, course, held):
    status, said = send("revoke-access", {"course_id": course.pk})

    assert (status, said["error"]) == (400, "Say why this access is taken away.")


def test_without_an_active_right_there_is_nothing_to_revoke(send, student, course):
    now = timezone.now()
    source = {"access_type": "manual", "source_key": "k", "now": now - timedelta(days=9)}
    grant_access(user=student, course=course, expires_at=now - timedelta(days=1), **source)

    status, said = send("revoke-access", {"course_id": course.pk, "reason": "Refund"})

    assert (status, said["error"]) == (400, "Sam Student has no active access to Camera.")


def test_granting_a_bundle_answers_which_purchase_it_is(send, course):
    entry = make.BundleCourseFactory(course=course)

    status, said = send("grant-bundle", {"bundle_id": entry.bundle.pk})

    assert (status, said["bundle_purchase_id"]) == (200, BundlePurchase.objects.get().pk)


def test_a_bundle_to_pick_from_takes_the_picked(send, course):
    bundle = make.BundleFactory(bundle_type="pick_your_own", max_course_selections=1)
    make.BundleCourseFactory(bundle=bundle, course=course)

    picked = send("grant-bundle", {"bundle_id": bundle.pk, "course_ids": [course.pk]})[0]
    refused = [send("grant-bundle", {"bundle_id": bundle.pk, "course_ids": ids})[0] for ids in ([], [99], "x", ["x"])]

    assert (picked, refused) == (200, [400] * 4)


def test_adding_to_a_cohort_says_whether_they_were_in_it(send):
    cohort = make.CohortFactory(name="Spring group")

    answers = [send("add-cohort", {"cohort_id": cohort.pk})[1] for _ in range(2)]

    assert [(said["message"], said["added"]) for said in answers] == [
        ("Sam Student was added to Spring group.", True),
        ("Sam Student is already in Spring group.", False),
    ]
    assert CohortMembership.objects.count() == 1


def test_a_full_cohort_is_refused(send):
    cohort = make.CohortFactory(max_participants=1, member_count=1)

    assert send("add-cohort", {"cohort_id": cohort.pk}) == (
        400,
        {"success": False, "error": "This cohort is full."},
    )


def test_a_form_that_asks_for_json_gets_it(owner_client, student, course):
    data = {"course_id": course.pk, "expires_in_days": "30", "notes": "7"}

    answer = owner_client.post(address(student, "grant-access"), data, HTTP_ACCEPT=JSON)

    assert (answer.status_code, answer.json()["success"], CourseAccess.objects.get().notes) == (200, True, "7")


@pytest.mark.parametrize("days", ["soon", "9" * 40, "1.5"])
def test_a_form_with_days_that_are_none_gives_nothing(owner_client, student, course, days):
    data = {"course_id": course.pk, "expires_in_days": days}

    answer = owner_client.post(address(student, "grant-access"), data, HTTP_ACCEPT=JSON)

    assert (answer.status_code, CourseAccess.objects.count()) == (400, 0)


def test_a_form_may_name_several_courses(owner_client, student, course):
    bundle = make.BundleFactory(bundle_type="pick_your_own", max_course_selections=2)
    make.BundleCourseFactory(bundle=bundle, course=course)
    data = {"bundle_id": bundle.pk, "course_ids": [course.pk], "level": ""}

    answer = owner_client.post(address(student, "grant-bundle"), data, HTTP_ACCEPT=JSON)

    assert answer.json()["success"] is True


def test_a_browser_gets_its_page(owner_client, student):
    accept = "text/html,application/xhtml+xml,*/*;q=0.8"

    answer = owner_client.post(address(student, "grant-access"), {}, HTTP_ACCEPT=accept)

    assert (answer.status_code, answer["Content-Type"]) == (422, "text/html; charset=utf-8")


def test_who_may_not_change_rights_may_not_by_json(staff_client, student, course):
    answer = staff_client.post(address(student, "grant-access"), {"course_id": course.pk}, content_type=JSON)

    assert (answer.status_code, CourseAccess.objects.count()) == (403, 0)
