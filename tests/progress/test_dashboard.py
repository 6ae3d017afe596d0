"""My dashboard and the report on one course: where one was, what is open, what has ended."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories as make
from tests.conftest import counted_queries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOME = "/my-dashboard/"


def taken(user, title, lessons=3, done=0, **row):
    """A course the student takes, with its counters, and some of its lessons done."""
    course = make.CourseFactory(title=title, enrollment_method="purchase", lesson_count=lessons)
    make.CourseAccessFactory(user=user, course=course, **row)
    make.CourseEnrollmentFactory(user=user, course=course)
    for number in range(lessons):
        lesson = make.LessonFactory(course=course, order=number, title=f"{title} {number}")
        if number < done:
            make.LessonProgressFactory(user=user, lesson=lesson, status="completed", completed_at=make.NOW)
    if done:
        make.CourseProgressFactory(user=user, course=course, completed_lessons=done)
    return course


def shown(response):
    return [card.course.title for card in response.context["cards"]]


@pytest.mark.parametrize("count", [1, 20])
def test_dashboard_costs_6_queries(student, student_client, count):
    for number in range(count):
        taken(student, f"Course {number}", done=1)
        make.FavoriteCourseFactory(user=student)

    with counted_queries() as queries:
        student_client.get(HOME)

    assert len(queries) == 6


@pytest.mark.parametrize("lessons", [1, 20])
def test_course_progress_costs_7_queries(student, student_client, lessons):
    course = taken(student, "Clay", lessons=lessons, done=1)

    with counted_queries() as queries:
        student_client.get(f"{HOME}course/{course.slug}/")

    assert len(queries) == 7


def test_empty_account_shows_one_action(student_client):
    text = student_client.get(HOME).content.decode()

    assert ("You have no courses yet." in text, text.count("btn-primary")) == (True, 1)


def test_continue_opens_the_lesson_one_was_in(student, student_client):
    course = taken(student, "Clay", done=1)
    lesson = course.lessons.get(title="Clay 2")
    make.LessonProgressFactory(user=student, lesson=lesson, last_position_seconds=252, last_accessed=timezone.now())

    text = student_client.get(HOME).content.decode()

    assert (f'href="{lesson.get_absolute_url()}"' in text, "You stopped at 4:12" in text) == (True, True)


@pytest.mark.parametrize(("done", "words"), [(1, "Continue"), (0, "Start")])
def test_continue_names_the_lesson_that_comes_next(student, student_client, done, words):
    course = taken(student, "Clay", done=done)
    lesson = course.lessons.get(title=f"Clay {done}")

    text = student_client.get(HOME).content.decode()

    button = f'btn-primary" href="{lesson.get_absolute_url()}">{words}<span class="sr-only">: {lesson.title}</span>'
    assert (button in text, f'<h2 id="continue">{lesson.title}</h2>' in text) == (True, True)


def test_continue_leads_to_the_same_lesson_as_the_course(student, student_client):
    course = taken(student, "Clay", done=1)
    course.lessons.filter(title="Clay 1").update(is_published=False)
    url = course.lessons.get(title="Clay 2").get_absolute_url()

    found = student_client.get(HOME).context["next_lesson"]

    assert found.get_absolute_url() == student_client.get(f"/courses/{course.slug}/continue/")["Location"] == url


def test_continue_names_no_lesson_that_is_closed_by_drip(student, student_client):
    course = taken(student, "Clay", done=1)
    course.lessons.exclude(title="Clay 0").update(available_after_days=3_000)
    type(course).objects.update(access_duration_type="drip")

    response = student_client.get(HOME)

    assert (response.context["next_lesson"], "/continue/" in response.content.decode()) == (None, True)


def test_continue_never_leads_to_a_course_that_ended(student, student_client):
    taken(student, "Clay", done=1, expires_at=make.NOW + DAY)

    assert student_client.get(HOME).context["continue_card"] is None


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Begun", "Done", "New"]),
        ("?show=in-progress", ["Begun", "New"]),
        ("?show=completed", ["Done"]),
        ("?show=ended", ["Lapsed"]),
        ("?show=favorites", ["Liked"]),
        ("?show=nonsense&sort=nonsense", ["Begun", "Done", "New"]),
    ],
)
def test_filters_of_my_courses(student, student_client, query, titles):
    taken(student, "Begun", done=1)
    taken(student, "Done", done=3)
    taken(student, "New")
    taken(student, "Lapsed", done=1, expires_at=make.NOW + DAY)
    make.FavoriteCourseFactory(user=student, course=make.CourseFactory(title="Liked"))

    assert sorted(shown(student_client.get(f"{HOME}{query}"))) == titles


@pytest.mark.parametrize(
    ("sort", "titles"),
    [("recent", ["B", "C", "A"]), ("title", ["A", "B", "C"]), ("progress", ["C", "B", "A"])],
)
def test_sorting_of_my_courses(student, student_client, sort, titles):
    taken(student, "A")
    recent, _ = taken(student, "B", done=1), taken(student, "C", done=2)
    recent.student_progress.update(last_active_at=make.NOW + DAY)

    assert shown(student_client.get(f"{HOME}?sort={sort}")) == titles


def test_ended_courses_stand_apart_with_what_is_kept(student, student_client):
    taken(student, "Clay", done=2, expires_at=make.NOW + DAY)

    text = student_client.get(HOME).content.decode()

    assert ("Access ended</h2>" in text, "2 of 3 lessons kept" in text, "Renew access" in text) == (True, True, True)


def test_access_that_ends_soon_is_announced(student, student_client):
    taken(student, "Clay", expires_at=timezone.now() + 5 * DAY)

    assert "ends in 5 days, on <time" in student_client.get(HOME).content.decode()


def test_a_right_not_joined_yet_is_among_my_courses(student, student_client):
    course = make.CourseFactory(title="Bought", enrollment_method="purchase")
    make.CourseAccessFactory(user=student, course=course, must_join=True)

    assert shown(student_client.get(HOME)) == ["Bought"]


def test_unlockable_leaves_out_what_the_student_has(student, student_client):
    taken(student, "Mine")
    make.CourseFactory(title="Other")
    make.CourseFactory(title="Hidden", visibility="hidden")
    make.CourseFactory(title="Ended", access_duration_type="until_date", access_until=make.NOW)

    cards = student_client.get(HOME).context["unlockable"]

    assert [card.course.title for card in cards] == ["Other"]


def test_course_progress_lists_every_lesson_with_its_mark(student, student_client):
    course = taken(student, "Clay", done=1)

    text = student_client.get(f"{HOME}course/{course.slug}/").content.decode()

    assert [text.count(word) for word in ('<th scope="row">', "Completed</span>", "Not started</span>")] == [3, 1, 2]


def test_course_progress_stays_readable_when_access_ended(student, student_client):
    course = taken(student, "Clay", done=1, expires_at=make.NOW + DAY)

    text = student_client.get(f"{HOME}course/{course.slug}/").content.decode()

    assert ("Your access ended on" in text, f'href="/courses/{course.slug}/lesson' in text) == (True, False)


def test_course_progress_of_somebody_else_is_a_404(student, stranger_client):
    course = taken(student, "Clay")

    assert stranger_client.get(f"{HOME}course/{course.slug}/").status_code == 404
