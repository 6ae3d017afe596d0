"""Suspensions, cohorts, paths and bundles from a student's page; and who may not change anything."""

import pytest
from django.contrib.auth.models import Permission
from django.core import mail

from access.models import BundlePurchase, CohortMembership, CourseAccess, Suspension
from access.services import add_to_cohort, join_path, suspend
from tests import factories as make
from tests.conftest import client_of
from tests.dashboard.posting import address, errors, ledger, told
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ONCE = "abcdefghij12"
ACTIONS = [
    "grant-access", "extend-access", "revoke-access", "lock-access", "unlock-access", "give-membership", "suspend",
    "reinstate", "add-cohort", "remove-cohort", "add-path", "remove-path", "grant-bundle",
    "end-bundle",
]  # fmt: skip


@pytest.fixture
def course():
    return make.CourseFactory(title="Camera", slug="camera", enrollment_method="purchase")


@pytest.fixture
def cohort(course):
    cohort = make.CohortFactory(name="Spring group", grants_access=True)
    cohort.courses.add(course)
    return cohort


@pytest.fixture
def path(course):
    return make.PathStepFactory(path__title="On air", course=course).path


def post(client, student, action, data=(), **query):
    return client.post(address(student, action, **query), dict(data))


def live(student):
    return CourseAccess.objects.filter(user=student).exclude(status="revoked").count()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("action", ACTIONS)
def test_staff_without_the_permission_change_nothing(staff_client, student, action, method):
    assert getattr(staff_client, method)(address(student, action)).status_code == 403


def test_staff_with_the_permission_do(staff, student, course):
    staff.user_permissions.add(Permission.objects.get(codename="change_courseaccess"))
    post(client_of(staff), student, "suspend", {"reason": "abuse"}, course="camera")

    assert ledger(student) == [("suspended", "Stan Staff", "abuse")]


def test_the_permission_alone_makes_nobody_staff(student, student_client):
    student.user_permissions.add(Permission.objects.get(codename="change_courseaccess"))

    assert student_client.post(address(student, "grant-access")).status_code == 403


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_and_staff_are_no_students(owner_client, staff, action, method):
    answers = [
        getattr(owner_client, method)(f"/dashboard/students/{number}/{action}/").status_code for number in (0, staff.pk)
    ]

    assert answers == [404, 404]


def test_suspending_closes_the_course_and_tells_the_student(owner_client, student, course, run_jobs):
    said = {"reason": "Shared the password", "public_note": "Please write to us"}
    answer = post(owner_client, student, "suspend", said, course="camera")
    run_jobs()

    assert (answer.status_code, ledger(student)) == (302, [("suspended", "Olga Owner", "Shared the password")])
    assert (Suspension.objects.get().public_note, len(mail.outbox)) == ("Please write to us", 1)


@pytest.mark.parametrize("reason", ["", "  "])
def test_suspending_needs_a_reason(owner_client, student, course, reason):
    answer = post(owner_client, student, "suspend", {"reason": reason}, course="camera")

    assert (answer.status_code, errors(answer), ledger(student)) == (422, {"reason": ["Say why."]}, [])


def test_suspending_twice_is_written_once(owner_client, student, course):
    for _ in range(2):
        post(owner_client, student, "suspend", {"reason": "abuse"}, course="camera")

    assert len(ledger(student)) == 1


def test_the_way_there_says_what_it_means(owner_client, student, course):
    text = owner_client.get(address(student, "suspend", course="camera")).text

    assert ("Camera closes to Sam Student at once" in text, ledger(student)) == (True, [])


def test_reinstating_lifts_the_suspension(owner_client, owner, student, course):
    suspend(user=student, course=course, actor=owner, reason="abuse", now=NOW)
    answers = [post(owner_client, student, "reinstate", {"reason": "Sorry"}, course="camera") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert ledger(student)[1:] == [("reinstated", "Olga Owner", "Sorry")]


@pytest.mark.parametrize("action", ["suspend", "reinstate"])
@pytest.mark.parametrize("slug", ["", "none", "%00"])
def test_a_course_that_is_none_is_a_404(owner_client, student, action, slug):
    assert post(owner_client, student, action, {"reason": "x"}, course=slug).status_code == 404


def test_who_was_never_suspended_is_not_reinstated(owner_client, student, course):
    assert post(owner_client, student, "reinstate", course="camera").status_code == 404


def test_a_student_is_put_into_a_cohort_with_what_it_gives(owner_client, student, cohort):
    answer = post(owner_client, student, "add-cohort", {"cohort": cohort.pk})

    assert (answer.status_code, ledger(student)) == (302, [("granted", "Olga Owner", "Member of Spring group")])


def test_a_member_is_in_it_already(owner_client, student, cohort):
    for _ in range(2):
        post(owner_client, student, "add-cohort", {"cohort": cohort.pk})

    assert told(owner_client, student)[-1] == "Sam Student is in Spring group already."


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"max_participants": 0}, "This cohort is full."), ({"is_active": False}, "Select a valid choice.")],
)
def test_a_cohort_that_takes_nobody_says_so_at_the_field(owner_client, student, fields, said):
    cohort = make.CohortFactory(**fields)
    answer = post(owner_client, student, "add-cohort", {"cohort": cohort.pk})

    assert (answer.status_code, errors(answer)["cohort"][0].startswith(said)) == (422, True)
    assert CohortMembership.objects.count() == 0


def test_leaving_a_cohort_ends_what_it_gave(owner_client, student, cohort):
    add_to_cohort(user=student, cohort=cohort, now=NOW)
    post(owner_client, student, "remove-cohort", {"reason": "Moved away"}, cohort=cohort.pk)

    assert (live(student), ledger(student)[-1]) == (0, ("revoked", "Olga Owner", "Moved away"))


def test_what_the_place_gave_may_be_kept(owner_client, student, cohort):
    add_to_cohort(user=student, cohort=cohort, now=NOW)
    post(owner_client, student, "remove-cohort", {"keep_access": "on"}, cohort=cohort.pk)

    assert live(student) == 1


def test_removing_twice_is_no_error(owner_client, student, cohort):
    add_to_cohort(user=student, cohort=cohort, now=NOW)
    answers = [post(owner_client, student, "remove-cohort", cohort=cohort.pk).status_code for _ in range(2)]

    assert (answers, told(owner_client, student)[0]) == ([302, 302], "Sam Student was not in Spring group any more.")


@pytest.mark.parametrize(("removes", "word"), [(True, "gave ends"), (False, "gave stays")])
def test_the_way_out_says_what_becomes_of_the_access(owner_client, student, cohort, removes, word):
    cohort.remove_access_on_leave = removes
    cohort.save()
    add_to_cohort(user=student, cohort=cohort, now=NOW)

    assert word in owner_client.get(address(student, "remove-cohort", cohort=cohort.pk)).text


def test_a_cohort_they_were_never_in_is_a_404(owner_client, student, cohort):
    assert post(owner_client, student, "remove-cohort", cohort=cohort.pk).status_code == 404


def test_a_student_is_put_on_a_path_once(owner_client, student, path):
    answers = [post(owner_client, student, "add-path", {"path": path.pk, "reason": "Wish"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert ledger(student) == [("granted", "Olga Owner", "Wish")]


def test_a_path_must_be_chosen(owner_client, student):
    assert errors(post(owner_client, student, "add-path")) == {"path": ["Choose a learning path."]}


@pytest.mark.parametrize(("reason", "written"), [("Wish", "Wish"), ("", "Taken off the path")])
def test_leaving_a_path_ends_what_it_gave(owner_client, student, path, reason, written):
    membership = join_path(user=student, path=path, now=NOW)
    for _ in range(2):
        post(owner_client, student, "remove-path", {"reason": reason}, membership=membership.pk)

    assert ledger(student)[1:] == [("revoked", "Olga Owner", written)]


def test_a_path_of_somebody_else_is_a_404(owner_client, student, stranger, path):
    membership = join_path(user=stranger, path=path, now=NOW)

    assert post(owner_client, student, "remove-path", membership=membership.pk).status_code == 404


def bundle_of(course, level=1, **fields):
    return make.BundleCourseFactory(
        bundle=make.BundleFactory(name="Starter", **fields), course=course, level=level
    ).bundle


def test_first_the_bundle_is_chosen(owner_client, student, course):
    bundle_of(course)

    assert "Starter" in owner_client.get(address(student, "grant-bundle")).text


def test_a_bundle_gives_its_courses_once(owner_client, student, course):
    bundle = bundle_of(course)
    for _ in range(2):
        post(owner_client, student, "grant-bundle", {"reason": "Prize", "once": ONCE}, bundle=bundle.pk)

    assert ledger(student) == [("granted", "Olga Owner", "Prize")]


def test_a_tiered_bundle_asks_for_its_level(owner_client, student, course):
    bundle = bundle_of(course, level=2, bundle_type="tiered")
    missing = post(owner_client, student, "grant-bundle", {"once": ONCE}, bundle=bundle.pk)
    post(owner_client, student, "grant-bundle", {"once": ONCE, "level": "2"}, bundle=bundle.pk)

    assert (errors(missing), BundlePurchase.objects.get().level) == ({"level": ["Choose a level."]}, 2)


def test_a_bundle_to_pick_from_asks_for_courses(owner_client, student, course):
    bundle = bundle_of(course, bundle_type="pick_your_own", max_course_selections=1)
    missing = post(owner_client, student, "grant-bundle", {"once": ONCE}, bundle=bundle.pk)
    post(owner_client, student, "grant-bundle", {"once": ONCE, "courses": [course.pk]}, bundle=bundle.pk)

    assert (errors(missing), live(student)) == ({"courses": ["Choose the courses."]}, 1)


def test_too_many_courses_are_refused_at_the_field(owner_client, student, course):
    bundle = bundle_of(course, bundle_type="pick_your_own", max_course_selections=1)
    other = make.BundleCourseFactory(bundle=bundle).course
    chosen = {"once": ONCE, "courses": [course.pk, other.pk]}

    assert errors(post(owner_client, student, "grant-bundle", chosen, bundle=bundle.pk)) == {
        "courses": ["Choose 1; you chose 2."]
    }


def test_a_bundle_without_courses_says_so(owner_client, student):
    answer = post(owner_client, student, "grant-bundle", {"once": ONCE}, bundle=make.BundleFactory().pk)

    assert (answer.status_code, errors(answer)) == (422, {"__all__": ["This bundle has no courses yet."]})


def test_an_archived_bundle_is_a_404(owner_client, student, course):
    bundle = bundle_of(course, is_active=False)

    assert post(owner_client, student, "grant-bundle", {"once": ONCE}, bundle=bundle.pk).status_code == 404
