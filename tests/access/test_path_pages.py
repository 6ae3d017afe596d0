"""The list of learning paths, one path step by step, starting it, and its line on the dashboard."""

import re

import pytest

from access.models import CourseAccess, LearningPath
from access.services import grant_access, join_path, revoke_access, suspend
from progress.services import finish_course
from tests import factories as make
from tests.conftest import counted_queries
from tests.factories import NOW

pytestmark = pytest.mark.django_db
HIDDEN = [{"status": "draft"}, {"visibility": "private"}]


def path_of(*courses, **fields):
    path = make.LearningPathFactory(**{"title": "On air", "slug": "on-air"} | fields)
    for number, course in enumerate(courses):
        make.PathStepFactory(path=path, course=course, order=number)
    return path


def course(title, **fields):
    return make.CourseFactory(**{"title": title, "enrollment_method": "purchase", "lesson_count": 1} | fields)


def complete(user, *courses):
    for each in courses:
        make.CourseEnrollmentFactory(user=user, course=each)
        make.CourseProgressFactory(user=user, course=each, completed_lessons=1)
        finish_course(user_id=user.pk, course_id=each.pk, now=NOW)


@pytest.fixture
def three():
    return [course(title) for title in ("Alpha", "Beta", "Gamma")]


def states(response):
    return [(step.course.title, step.state.value) for step in response.context["steps"]]


def words(response):
    return [str(message) for message in response.context["messages"]]


def listed(client):
    return [route.path.title for route in client.get("/paths/").context["routes"]]


def test_without_paths_the_list_says_so(client):
    assert "No learning paths yet." in client.get("/paths/").text


def test_the_list_names_paths_on_offer_by_title(client, three):
    for title, fields in {"Zebra": {}, "Ant": {}, "Archived": {"is_active": False}}.items():
        path_of(*three, title=title, slug=title.lower(), **fields)

    assert listed(client) == ["Ant", "Zebra"]


@pytest.mark.parametrize("fields", HIDDEN)
def test_a_path_that_names_nobody_a_course_is_not_listed(client, fields):
    path_of(course("Secret", **fields))
    path_of(title="Empty", slug="empty")

    assert listed(client) == []


def test_the_list_shows_the_first_five_courses_and_how_many_more(client):
    path_of(*[course(f"Course no. {number}") for number in range(1, 8)])

    text = client.get("/paths/").text

    assert ("Course no. 5" in text, "Course no. 6" in text, "and 2 more" in text) == (True, False, True)


def test_the_list_shows_a_member_how_far_they_are(student, student_client, three):
    path = path_of(*three, is_active=False)
    join_path(user=student, path=path, now=NOW)
    complete(student, three[0])

    route = student_client.get("/paths/").context["routes"][0]

    assert (route.path.is_mine, route.done, route.total, route.percent, route.number) == (True, 1, 3, 33, 2)


@pytest.mark.parametrize("path", ["/paths/nowhere/", "/paths/on-air/"])
def test_an_unknown_path_and_an_archived_one_are_404(student_client, three, path):
    path_of(*three, is_active=False)

    assert student_client.get(path).status_code == 404


def test_an_archived_path_stays_with_its_members_and_out_of_search_engines(student, student_client, three):
    join_path(user=student, path=path_of(*three, is_active=False), now=NOW)

    response = student_client.get("/paths/on-air/")

    assert (response.status_code, 'content="noindex"' in response.text) == (200, True)


def test_a_visitor_is_asked_to_sign_up_and_comes_back(client, three):
    path_of(*three, is_free=True)

    response = client.get("/paths/on-air/")

    assert '/register/?next=/paths/on-air/">Sign up free to start this path' in response.text
    assert states(response) == [("Alpha", "ahead"), ("Beta", "ahead"), ("Gamma", "ahead")]


def test_a_student_may_start_a_free_path(student_client, three):
    path_of(*three, is_free=True)

    text = student_client.get("/paths/on-air/").text

    assert re.search(r'<form action="/paths/on-air/join/".*?Start path', text, re.DOTALL)


def test_a_path_that_is_not_free_has_to_be_asked_for(student_client, three):
    path_of(*three)

    text = student_client.get("/paths/on-air/").text

    assert ("Ask for access" in text, "Start path" in text) == (True, False)


def test_starting_opens_the_first_course_and_shows_the_path(student, student_client, three):
    path_of(*three, is_free=True)

    response = student_client.post("/paths/on-air/join/", follow=True)

    assert response.redirect_chain == [("/paths/on-air/", 302)]
    assert states(response) == [("Alpha", "current"), ("Beta", "locked"), ("Gamma", "locked")]


def test_a_second_click_changes_nothing(student_client, three):
    path_of(*three, is_free=True)

    for _ in range(2):
        student_client.post("/paths/on-air/join/")

    assert CourseAccess.objects.count() == 3


def test_a_path_that_cannot_be_started_says_why(student_client, three):
    path_of(*three)

    response = student_client.post("/paths/on-air/join/", follow=True)

    assert (words(response), CourseAccess.objects.count()) == (["This path cannot be started here."], 0)


def test_the_suspended_are_refused_in_words(student, staff, student_client, three):
    path_of(*three, is_free=True)
    suspend(user=student, course=three[2], actor=staff, reason="Abuse", now=NOW)

    response = student_client.post("/paths/on-air/join/", follow=True)

    assert (words(response), CourseAccess.objects.count()) == (
        ["Your access to a course of this path is suspended."],
        0,
    )


def test_an_archived_path_cannot_be_started(student_client, three):
    path_of(*three, is_free=True, is_active=False)

    assert student_client.post("/paths/on-air/join/").status_code == 404


def test_a_member_sees_what_is_done_current_and_locked(student, student_client, three):
    join_path(user=student, path=path_of(*three), now=NOW)
    complete(student, three[0])

    response = student_client.get("/paths/on-air/")

    assert states(response) == [("Alpha", "done"), ("Beta", "current"), ("Gamma", "locked")]
    assert "Opens when you finish “Beta”" in response.text
    assert re.search(r'href="/courses/[\w-]+/continue/">Start<span class="sr-only">: Beta', response.text)


def test_a_begun_course_is_continued(student, student_client, three):
    join_path(user=student, path=path_of(*three), now=NOW)
    make.CourseEnrollmentFactory(user=student, course=three[0])
    type(three[0]).objects.update(lesson_count=2)
    make.CourseProgressFactory(user=student, course=three[0], completed_lessons=1)

    text = student_client.get("/paths/on-air/").text

    assert "Step 1 of 3" in text
    assert 'Continue<span class="sr-only">: Alpha' in text


def test_a_finished_path_says_so(student, student_client, three):
    join_path(user=student, path=path_of(*three), now=NOW)
    complete(student, *three)

    assert "You have finished this path." in student_client.get("/paths/on-air/").text


def test_what_is_open_from_elsewhere_is_available_before_its_turn(student, student_client, three):
    join_path(user=student, path=path_of(*three), now=NOW)
    make.CourseAccessFactory(user=student, course=three[2])

    assert states(student_client.get("/paths/on-air/"))[2] == ("Gamma", "available")


def test_a_right_that_asks_for_joining_leads_to_the_course_page(student, student_client, three):
    join_path(user=student, path=path_of(*three), now=NOW)
    revoke_access(access=CourseAccess.objects.get(course=three[0]), now=NOW, reason="Moved")
    grant_access(user=student, course=three[0], access_type="purchase", source_key="o", now=NOW, must_join=True)

    step = student_client.get("/paths/on-air/").context["step"]

    assert (step.state, step.url) == ("current", three[0].get_absolute_url())


def close(way, student, staff, first):
    if way == "suspended":
        suspend(user=student, course=first, actor=staff, reason="Abuse", now=NOW)
    elif way == "revoked":
        revoke_access(access=CourseAccess.objects.get(course=first), now=NOW, reason="Abuse")
    else:
        make.PrerequisiteFactory(course=first, required=course("Before"))


REASONS = {
    "suspended": "Suspended",
    "revoked": "Access ended",
    "prerequisite": "Another course has to be completed first",
}


@pytest.mark.parametrize("way", REASONS)
def test_a_step_that_is_closed_otherwise_says_how(student, staff, student_client, three, way):
    join_path(user=student, path=path_of(*three), now=NOW)
    close(way, student, staff, three[0])

    response = student_client.get("/paths/on-air/")

    assert (states(response)[0][1], response.context["closed"].reason) == ("locked", REASONS[way])
    assert "Go to the course" in response.text


def test_an_empty_course_is_open_but_never_the_current_step(student, student_client):
    join_path(user=student, path=path_of(course("Empty", lesson_count=0), course("Full")), now=NOW)

    response = student_client.get("/paths/on-air/")

    assert states(response) == [("Empty", "available"), ("Full", "current")]
    assert response.context["done"] == 1


def test_an_optional_step_says_so_and_is_not_waited_for(student, student_client, three):
    path = path_of(*three)
    path.steps.filter(course=three[1]).update(is_required=False)
    join_path(user=student, path=path, now=NOW)

    response = student_client.get("/paths/on-air/")

    assert ("<span>Optional</span>" in response.text, response.text.count("Opens when you finish “Alpha”")) == (True, 2)


@pytest.mark.parametrize("fields", HIDDEN)
def test_a_course_nobody_may_know_of_is_not_named(client, student_client, fields):
    path_of(course("Alpha"), course("Secret", **fields), course("Gamma"))

    texts = [each.get(address).text for each in (client, student_client) for address in ("/paths/", "/paths/on-air/")]

    assert ["Secret" in text for text in texts] == [False] * 4
    assert [step.number for step in client.get("/paths/on-air/").context["steps"]] == [1, 2]


def test_a_member_waits_for_a_draft_without_learning_its_name(student, student_client):
    join_path(user=student, path=path_of(course("Secret", status="draft"), course("Gamma")), now=NOW)

    response = student_client.get("/paths/on-air/")

    assert (states(response), "Opens later" in response.text) == ([("Gamma", "locked")], True)
    assert "Secret" not in response.text


def test_a_path_without_visible_courses_has_a_page_that_says_so(student, student_client):
    join_path(user=student, path=path_of(course("Secret", status="draft")), now=NOW)

    response = student_client.get("/paths/on-air/")

    assert "The courses of this path are being prepared." in response.text


def test_an_empty_path_cannot_be_started(student_client):
    path_of(is_free=True)

    text = student_client.get("/paths/on-air/").text

    assert ("In preparation." in text, "Start path" in text) == (True, False)


def test_staff_see_no_lock(staff_client, three):
    path_of(*three)

    assert {state for _, state in states(staff_client.get("/paths/on-air/"))} == {"ahead"}


def test_the_page_tells_search_engines_what_it_is(client, settings, three):
    path_of(*three, description="Four *steps*.")

    text = client.get("/paths/on-air/").text

    assert "<title>On air – " in text
    assert f'<link rel="canonical" href="{settings.SITE_URL}/paths/on-air/">' in text
    assert ('"@type": "BreadcrumbList"' in text, '"@type": "ItemList"' in text) == (True, True)


def test_the_sitemap_holds_paths_a_visitor_sees(client, three):
    path_of(*three)
    path_of(*three, slug="gone", is_active=False)
    path_of(course("Secret", status="draft"), slug="secret")

    text = client.get("/sitemap.xml").text

    found = [
        slug for slug in ("/paths/", "/paths/on-air/", "/paths/gone/", "/paths/secret/") if f"{slug}</loc>" in text
    ]
    assert found == ["/paths/", "/paths/on-air/"]


@pytest.mark.parametrize("address", ["/paths/", "/paths/on-air/", "/my-dashboard/"])
def test_twenty_courses_cost_no_more_queries_than_one(student, student_client, address):
    path = path_of(course("First"))
    join_path(user=student, path=path, now=NOW)
    with counted_queries() as few:
        student_client.get(address)
    for number in range(19):
        make.PathStepFactory(path=path, course=course(f"Course no. {number}"), order=number)
    other = path_of(*[step.course for step in path.steps.all()], slug="other")
    for each in LearningPath.objects.filter(pk__in=[path.pk, other.pk]):
        join_path(user=student, path=each, now=NOW)

    with counted_queries() as many:
        student_client.get(address)

    assert (len(many), len(many) <= 6) == (len(few), True), "\n".join(many)


def test_my_dashboard_says_which_step_of_which_path(student, student_client, three):
    join_path(user=student, path=path_of(*three), now=NOW)
    complete(student, three[0])

    text = student_client.get("/my-dashboard/").text

    assert "Path: step 2 of 3" in text


def test_my_dashboard_needs_6_queries_between_two_lessons_of_a_path(student, student_client, max_queries):
    begun = course("Begun", lesson_count=2)
    first, _ = (make.LessonFactory(course=begun) for _ in range(2))
    join_path(user=student, path=path_of(begun, course("Next")), now=NOW)
    make.CourseProgressFactory(user=student, course=begun, completed_lessons=1)
    make.LessonProgressFactory(user=student, lesson=first, status="completed", completed_at=NOW)

    with max_queries(6):
        response = student_client.get("/my-dashboard/")

    assert [(route.number, route.total) for route in response.context["routes"]] == [(1, 2)]


def test_my_dashboard_says_when_a_path_is_complete(student, student_client, three):
    join_path(user=student, path=path_of(*three), now=NOW)
    complete(student, *three)

    route = student_client.get("/my-dashboard/").context["routes"][0]

    assert (route.done, route.number, route.percent) == (3, 3, 100)


def test_my_dashboard_without_a_path_asks_for_none(student, student_client, three):
    make.CourseAccessFactory(user=student, course=three[0])

    assert student_client.get("/my-dashboard/").context["routes"] == []


def test_a_free_course_later_in_the_path_is_available_as_to_everybody(student, student_client):
    path = make.LearningPathFactory(slug="way")
    for title in ("First", "Free to all"):
        make.PathStepFactory(path=path, course__title=title, course__lesson_count=2)
    join_path(user=student, path=path, now=make.NOW)

    page = student_client.get("/paths/way/").content.decode()

    assert ("Available" in page, "Locked" in page) == (True, False)
