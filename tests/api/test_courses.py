"""Courses for machines: the bodies of seed 004, and each refusal."""

import pytest

from access.models import CourseEnrollment
from catalog.models import FavoriteCourse
from progress.models import CourseProgress, LessonProgress
from tests import factories as make

pytestmark = pytest.mark.django_db
LEVELLED = {"enrollment_method": "purchase", "required_level": 2}


def code_of(response):
    return response.status_code, response.json()["error"]["code"]


@pytest.fixture
def course():
    course = make.CourseFactory(
        title="Speak up",
        slug="speak-up",
        description="d" * 300,
        instructor_name="Ina",
        instructor_bio="Bio",
        discussion_url="https://example.com/talk",
    )
    course.tags.add(make.TagFactory(slug="voice"), make.TagFactory(slug="body"))
    return course


@pytest.fixture
def lesson(course):
    module = make.ModuleFactory(course=course, title="One", order=3)
    return make.LessonFactory(
        course=course,
        module=module,
        title="Breathe",
        order=5,
        body="B",
        body_html="<p>B</p>",
        homework="H",
        homework_html="<p>H</p>",
        video_url="https://youtu.be/abc",
        timestamps=[{"time_seconds": 1, "label": "x"}],
    )


@pytest.mark.parametrize("url", ["/api/courses", "/api/courses/"])
def test_the_list_has_the_fields_of_the_seed(client, course, url):
    assert client.get(url).json() == {
        "courses": [
            {
                "id": course.pk,
                "slug": "speak-up",
                "title": "Speak up",
                "description": "d" * 200,
                "cover_image_url": None,
                "instructor_name": "Ina",
                "tags": ["body", "voice"],
                "is_free": True,
                "required_level": 0,
                "is_locked": True,
            }
        ]
    }


def test_the_list_shows_what_is_open_to_the_caller(student_client, student, course):
    make.CourseAccessFactory(user=student, course=course)
    make.CourseFactory()

    locks = {each["slug"]: each["is_locked"] for each in student_client.get("/api/courses").json()["courses"]}
    assert (locks.pop("speak-up"), list(locks.values())) == (False, [True])


@pytest.mark.parametrize(
    "fields",
    [{"status": "draft"}, {"status": "archived"}, {"visibility": "hidden"}, {"visibility": "private"}],
)
def test_the_list_leaves_out_what_is_in_no_list(student_client, fields):
    make.CourseFactory(**fields)

    assert student_client.get("/api/courses").json() == {"courses": []}


def test_a_course_shows_its_syllabus_and_no_protected_content(client, course, lesson):
    body = client.get("/api/courses/speak-up").json()

    assert body["syllabus"] == [
        {
            "id": lesson.module_id,
            "title": "One",
            "sort_order": 1,
            "units": [{"id": lesson.pk, "title": "Breathe", "sort_order": 1, "is_preview": False}],
        }
    ]
    assert (body["description"], body["instructor_bio"], body["is_locked"]) == ("d" * 300, "Bio", True)


def test_progress_is_shown_to_the_signed_in_only(client, student_client, course, lesson):
    assert "progress" not in client.get("/api/courses/speak-up").json()
    assert student_client.get("/api/courses/speak-up/").json()["progress"] == {"completed": 0, "total": 1}


@pytest.mark.parametrize(("fields", "shown"), [({}, True), ({"enrollment_method": "purchase"}, False)])
def test_the_discussion_is_shown_on_free_courses_or_with_access(
    *, client, student_client, student, course, fields, shown
):
    type(course).objects.update(**fields)
    make.CourseAccessFactory(user=student, course=course)

    links = [each.get("/api/courses/speak-up").json()["discussion_url"] for each in (client, student_client)]

    assert links == ["https://example.com/talk" if shown else None, "https://example.com/talk"]


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"visibility": "private"}])
def test_a_course_one_may_not_know_of_is_404(student_client, course, fields):
    type(course).objects.update(**fields)

    assert code_of(student_client.get("/api/courses/speak-up")) == (404, "not_found")


def test_a_members_course_asks_a_visitor_to_log_in(client, student_client, course):
    type(course).objects.update(visibility="members_only")

    assert code_of(client.get("/api/courses/speak-up")) == (401, "authentication_required")
    assert student_client.get("/api/courses/speak-up").status_code == 200


def test_a_lesson_shows_everything_to_those_who_may_open_it(student_client, student, lesson):
    make.CourseAccessFactory(user=student, course=lesson.course)

    assert student_client.get(f"/api/courses/speak-up/units/{lesson.pk}").json() == {
        "id": lesson.pk,
        "title": "Breathe",
        "sort_order": 5,
        "video_url": "https://youtu.be/abc",
        "body": "B",
        "body_html": "<p>B</p>",
        "homework": "H",
        "homework_html": "<p>H</p>",
        "timestamps": [{"time_seconds": 1, "label": "x"}],
        "is_preview": False,
        "module": {"id": lesson.module_id, "title": "One", "sort_order": 3},
        "is_completed": False,
    }


def test_a_preview_is_open_to_visitors_without_marks(client, course):
    lesson = make.LessonFactory(course=course, is_preview=True)

    body = client.get(f"/api/courses/speak-up/units/{lesson.pk}/").json()

    assert (body["id"], body["module"], "is_completed" in body) == (lesson.pk, None, False)


@pytest.mark.parametrize(
    ("fields", "code", "tier"),
    [
        ({}, "not_enrolled", None),
        ({"enrollment_method": "purchase"}, "not_purchased", None),
        (LEVELLED, "insufficient_tier", "Main"),
        ({"enrollment_method": "subscription_only", "required_level": 3}, "insufficient_tier", "Premium"),
        ({"status": "coming_soon"}, "coming_soon", None),
    ],
)
def test_a_closed_lesson_says_why(*, student_client, course, lesson, fields, code, tier):
    type(course).objects.update(**fields)

    response = student_client.get(f"/api/courses/speak-up/units/{lesson.pk}")

    body = response.json()
    assert (response.status_code, body["code"], body["required_tier_name"]) == (403, code, tier)
    assert sorted(body) == ["code", "error", "required_tier_name"]


def test_a_closed_lesson_is_403_for_visitors_too_and_names_the_tier(client, course, lesson):
    type(course).objects.update(**LEVELLED)

    body = client.get(f"/api/courses/speak-up/units/{lesson.pk}").json()

    assert (body["code"], body["required_tier_name"]) == ("authentication_required", "Main")


def test_a_lesson_of_another_course_is_404(student_client, course):
    other = make.LessonFactory(is_preview=True)

    assert code_of(student_client.get(f"/api/courses/speak-up/units/{other.pk}")) == (404, "not_found")


def test_an_unpublished_lesson_is_404(student_client, student, lesson):
    make.CourseAccessFactory(user=student, course=lesson.course)
    type(lesson).objects.update(is_published=False)

    assert code_of(student_client.get(f"/api/courses/speak-up/units/{lesson.pk}")) == (404, "not_found")


def test_a_bare_complete_toggles(student_client, student, lesson, send):
    make.CourseAccessFactory(user=student, course=lesson.course)
    url = f"/api/courses/speak-up/units/{lesson.pk}/complete"

    answers = [send(student_client, url).json() for _ in range(3)]

    assert answers == [{"completed": True}, {"completed": False}, {"completed": True}]
    assert (CourseEnrollment.objects.count(), CourseProgress.objects.get().completed_lessons) == (1, 1)


@pytest.mark.parametrize("wanted", [True, False])
def test_complete_with_the_wanted_state_sets_it(student_client, student, lesson, send, wanted):
    make.CourseAccessFactory(user=student, course=lesson.course)
    url = f"/api/courses/speak-up/units/{lesson.pk}/complete/"

    answers = [send(student_client, url, {"completed": wanted}).json() for _ in range(2)]

    assert answers == [{"completed": wanted}] * 2


def test_complete_is_refused_without_a_right(client, student_client, lesson, send):
    url = f"/api/courses/speak-up/units/{lesson.pk}/complete"

    assert [send(each, url).status_code for each in (client, student_client)] == [401, 403]
    assert LessonProgress.objects.count() == 0


def test_complete_under_another_course_is_404(student_client, student, lesson, send):
    other = make.CourseAccessFactory(user=student).course
    make.CourseAccessFactory(user=student, course=lesson.course)

    response = send(student_client, f"/api/courses/{other.slug}/units/{lesson.pk}/complete")

    assert code_of(response) == (404, "not_found")


def test_favorite_toggles_or_sets(student_client, course, send):
    url = f"/api/courses/{course.pk}/favorite/"

    answers = [send(student_client, url, *body).json()["is_favorited"] for body in ((), ({"is_favorited": True},), ())]

    assert (answers, FavoriteCourse.objects.count()) == ([True, True, False], 0)


def test_favorite_answers_in_the_words_of_the_seed(student_client, course, send):
    answers = [send(student_client, f"/api/courses/{course.pk}/favorite").json() for _ in range(2)]

    assert answers == [
        {"success": True, "is_favorited": True, "message": "Course favorited"},
        {"success": True, "is_favorited": False, "message": "Course removed from favorites"},
    ]


def test_favorite_of_an_unknown_course_is_404(student_client, send):
    course = make.CourseFactory(status="draft")

    assert code_of(send(student_client, f"/api/courses/{course.pk}/favorite/")) == (404, "not_found")


@pytest.mark.parametrize("path", ["courses/x/y/z", "nothing", "courses/-/units/1", "lessons/1"])
def test_unknown_addresses_answer_in_the_one_shape(client, path):
    assert code_of(client.get(f"/api/{path}")) == (404, "not_found")


def test_unit_of_a_members_only_course_asks_a_visitor_to_log_in(client):
    lesson = make.LessonFactory(course__visibility="members_only")

    answer = client.get(f"/api/courses/{lesson.course.slug}/units/{lesson.pk}")

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "authentication_required")
