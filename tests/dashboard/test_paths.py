"""Learning paths in the dashboard: required steps, and members who have reached more than is open."""

import pytest

from access.models import CourseAccess, LearningPath
from access.services import join_path, leave_path
from accounts.models import StaffAction
from tests import factories as make
from tests.conftest import client_of
from tests.dashboard.grouping import change_courses, courses, enter, group_of, settings_of, titles, url
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def taught(*names):
    """Courses with a lesson: an empty one holds nobody up."""
    return [make.CourseFactory(title=name, lesson_count=1, enrollment_method="purchase") for name in names]


def statuses(user):
    return dict(CourseAccess.objects.filter(user=user).values_list("course__title", "status"))


def test_the_address_is_made_from_the_title_and_stays(owner_client):
    for client in (owner_client, client_of(make.StaffFactory(is_superuser=True))):
        client.post("/dashboard/paths/add/", settings_of("path", title="On air"))
    path = LearningPath.objects.order_by("pk").first()
    owner_client.post(url(path, "edit"), settings_of("path", path, title="Off air"))

    assert list(LearningPath.objects.order_by("pk").values_list("title", "slug")) == [
        ("Off air", "on-air"),
        ("On air", "on-air-1"),
    ]


def test_a_title_without_letters_has_an_address_too(owner_client):
    owner_client.post("/dashboard/paths/add/", settings_of("path", title="!?"))

    assert LearningPath.objects.get().slug == "path"


@pytest.mark.parametrize(("is_free", "text"), [(True, "students start it themselves"), (False, "staff put students")])
def test_the_page_says_how_one_gets_on_it(owner_client, is_free, text):
    assert text in owner_client.get(url(group_of("path", is_free=is_free))).text


def test_an_archived_path_is_for_its_members_only(owner_client):
    assert "only for its members" in owner_client.get(url(group_of("path", is_active=False))).text


def test_the_settings_say_that_members_stay(owner_client, student):
    path = group_of("path", courses=courses("Camera"))
    enter(path, student)

    assert "1 member: they stay on it" in owner_client.get(url(path, "edit")).text


def test_a_step_is_made_optional_and_required(owner_client):
    [camera] = courses("Camera")
    path = group_of("path", courses=[camera])
    found = []
    for do in ("release", "release", "require"):
        change_courses(owner_client, path, do, camera)
        found.append(path.steps.get().is_required)

    assert found == [False, False, True]
    assert list(StaffAction.objects.order_by("pk").values_list("detail", flat=True)) == [
        "Camera: optional",
        "Camera: required",
    ]


def test_an_optional_step_says_so(owner_client):
    path = group_of("path", courses=courses("Camera"))
    path.steps.update(is_required=False)

    assert "optional</span>" in owner_client.get(url(path)).text


def test_what_members_have_reached_is_opened_when_asked_for(owner_client, student, run_jobs):
    held = taught("A", "B")
    path = group_of("path", courses=held)
    enter(path, student)
    change_courses(owner_client, path, "release", held[0])
    before = statuses(student)
    owner_client.post(url(path, "grant"))
    run_jobs()

    assert (before["B"], statuses(student)["B"]) == ("pending", "unlocked")


def test_a_new_step_is_given_to_members_and_waits_for_those_before(owner_client, student, run_jobs):
    path = group_of("path", courses=taught("A"))
    enter(path, student)
    change_courses(owner_client, path, "add", *taught("B"), sure="yes")
    owner_client.post(url(path, "grant"))
    run_jobs()

    assert (titles(path), statuses(student)) == (["A", "B"], {"A": "unlocked", "B": "pending"})


@pytest.mark.parametrize("has_left_since", [True, False])
def test_what_staff_took_from_a_member_is_not_missing(owner_client, student, run_jobs, has_left_since):
    path = group_of("path", courses=courses("Camera"))
    place = enter(path, student)
    CourseAccess.objects.update(status="revoked", revoked_at=make.NOW.replace(hour=10), revocation_reason="Abuse")
    if has_left_since:
        leave_path(membership=place, now=NOW.replace(hour=11))
        join_path(user=student, path=path, now=NOW.replace(hour=12))
        CourseAccess.objects.filter(status="unlocked").update(
            status="revoked", revoked_at=NOW.replace(hour=11), revocation_reason="Left"
        )
    counted = sum(lack.people for lack in owner_client.get(url(path)).context["lacks"])
    before = CourseAccess.objects.count()
    owner_client.post(url(path, "grant"))
    run_jobs()

    assert CourseAccess.objects.count() - before == counted == (1 if has_left_since else 0)


def test_members_are_taken_off_on_their_own_page(owner_client, student):
    path = group_of("path", courses=courses("Camera"))
    place = enter(path, student)

    assert f"/dashboard/students/{student.pk}/remove-path/?membership={place.pk}" in owner_client.get(url(path)).text
