"""The states of a course that say when, what first, and what then; on its page, its contents and its lock pages."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests import factories as make
from tests.catalog.test_course_page import LATER, card, course_with, joined, page, paid, state

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WHEN = "Fri 4 June 2100, 18:00 (Paris)"


@pytest.fixture(autouse=True)
def _paris(settings):
    settings.TIME_ZONE = "Europe/Paris"
    with timezone.override("Europe/Paris"):
        yield


def text(markup):
    words = " ".join(re.sub(r"<[^>]+>", " ", markup).split())
    return re.sub(r" (?=[.,])", "", words)


def lock(client, slug="part-1"):
    """The card of a lesson's lock page, after its status."""
    answer = client.get(f"/courses/it/{slug}/")
    markup = answer.content.decode()
    cards = re.findall(r'<section class="action-card.*?</section>', markup, re.DOTALL)
    assert (answer.status_code, len(cards)) == (403, 1)
    return text(cards[0])


def first(course, title="Before", *, lessons=8, user=None, done=0, score=None, **fields):
    """A course to complete first, and how far the student is in it."""
    required = make.CourseFactory(title=title, slug=title.lower(), lesson_count=lessons, **fields)
    make.PrerequisiteFactory(course=course, required=required)
    if user:
        ended = make.NOW if done >= lessons else None
        make.CourseEnrollmentFactory(user=user, course=required, completed_at=ended, lowest_quiz_score=score)
        make.CourseProgressFactory(user=user, course=required, completed_lessons=done)
    return required


def test_missing_course_is_named_with_its_progress_and_the_way_on(student, student_client):
    course = paid()
    joined(student, course)
    first(course, user=student, done=3)

    shown = card(student_client)

    assert state(student_client) == [("prerequisite", "student")]
    assert "First finish Before. Before 3 of 8 lessons Continue Before" in text(shown)
    assert 'href="/courses/before/continue/"' in shown


def test_lock_page_says_the_same_one_reason(student, student_client):
    course = paid()
    joined(student, course)
    first(course, user=student, done=3)

    assert lock(student_client).startswith("First finish Before. Before 3 of 8 lessons Continue Before")


def test_course_not_begun_is_gone_to_and_several_are_counted(student, student_client):
    course = paid()
    joined(student, course)
    first(course, "Alpha")
    first(course, "Beta", user=student, done=8)
    first(course, "Gamma")

    assert text(card(student_client)).startswith(
        "First finish 2 other courses. Alpha 0 of 8 lessons Beta Done Gamma 0 of 8 lessons Go to Alpha"
    )


@pytest.mark.parametrize(
    ("done", "score", "words"),
    [
        (8, 60, "Lessons done. Best quiz score 60 %, 70 % needed"),
        (2, None, "2 of 8 lessons, then 70 % in every required quiz"),
    ],
)
def test_score_that_is_needed_is_said(student, student_client, done, score, words):
    course = paid(required_quiz_score=70)
    joined(student, course)
    first(course, user=student, done=done, score=score, required_quiz_count=1)

    assert words in text(card(student_client))


def test_missing_course_that_nobody_may_know_of_leads_to_support(student, student_client):
    course = paid()
    joined(student, course)
    first(course, "Secret", visibility="private")

    assert (
        "First finish another course." in text(card(student_client)),
        "Contact support" in card(student_client),
    ) == (
        True,
        True,
    )
    assert "Secret" not in page(student_client)


@pytest.mark.parametrize("fields", [{}, {"enrollment_method": "purchase"}, {"enrollment_method": "invite_only"}])
def test_what_comes_before_is_on_the_page_for_everybody(client, student_client, fields):
    first(course_with(**fields))

    shown = [
        re.search(r'<section class="before-course".*?</section>', page(who), re.DOTALL)
        for who in (client, student_client)
    ]

    names = ["Before this course Before 8 lessons", "Before this course Before 0 of 8 lessons"]
    if not fields:  # the card of a free course names it to a student, who would be refused
        assert (text(shown[0][0]), shown[1]) == (names[0], None)
    else:
        assert [text(found[0]) for found in shown] == names


def test_free_course_leads_to_what_comes_first_instead_of_refusing(student, student_client):
    first(course_with(), user=student, done=1)

    shown = [card(student_client), client_lock := lock(student_client)]

    assert state(student_client) == [("free", "student")]
    assert ("/enroll/" in shown[0], "First finish Before." in text(shown[0])) == (False, True)
    assert client_lock.startswith("Free course. First finish Before.")


@pytest.mark.parametrize("fields", [{}, {"enrollment_method": "purchase", "required_level": 1}])
def test_course_past_its_last_day_is_closed(client, student_client, fields):
    course_with(access_duration_type="until_date", access_until=make.NOW, **fields)

    for who in (client, student_client):
        assert text(card(who)).startswith("Closed to new students. It ended on 2 March 2026. Other courses")
        assert "/enroll/" not in page(who)


PENDING = {
    "purchase": "We are confirming your payment. This usually takes a minute or two.",
    "manual": "Your access has not started yet. Somebody here opens it for you. Check again",
}


@pytest.mark.parametrize(("kind", "words"), PENDING.items())
def test_pending_says_what_it_waits_for(student, student_client, kind, words):
    make.CourseAccessFactory(user=student, course=paid(), access_type=kind, status="pending", starts_at=None)

    assert text(card(student_client)).startswith(words)


@pytest.mark.parametrize("kind", ["purchase", "manual"])
@pytest.mark.parametrize("status", ["pending", "unlocked"])
def test_a_right_with_a_date_says_when(student, student_client, kind, status):
    make.CourseAccessFactory(user=student, course=paid(), access_type=kind, status=status, starts_at=LATER)

    assert text(card(student_client)).startswith(f"Your access starts on {WHEN}.")


def test_later_step_of_a_path_leads_back_to_the_path(student, student_client):
    path = make.LearningPathFactory(title="Potter", slug="potter")
    row = {"access_type": "path", "path": path, "status": "pending", "starts_at": None}
    make.CourseAccessFactory(user=student, course=paid(), **row)

    shown = card(student_client)

    assert ("Opens when you finish the course before it." in shown, 'href="/paths/potter/"' in shown) == (True, True)


def dripped(student, *days):
    """Lessons that open so many days after the student joined, on 3 June 2100."""
    course = course_with(access_duration_type="drip", lessons=0)
    module = make.ModuleFactory(course=course, title="Weeks")
    for number, day in enumerate(days):
        make.LessonFactory(
            course=course, module=module, slug=f"part-{number}", title=f"Part {number}", available_after_days=day
        )
    make.CourseAccessFactory(user=student, course=course)
    make.CourseEnrollmentFactory(user=student, course=course, enrolled_at=LATER - DAY)
    return course


OPENS = "Opens Fri 4 June 2100, 00:00 (Paris)"


def test_lesson_that_opens_later_says_when_on_the_viewers_clock(student, student_client):
    dripped(student, None, 1)

    here = text(page(student_client))
    student.time_zone = "America/New_York"
    student.save()
    there = text(page(student_client))

    assert (OPENS in here, "Opens Thu 3 June 2100, 18:00 (New York)" in there, OPENS in there) == (True, True, False)


def test_lock_page_of_a_lesson_that_opens_later(student, student_client):
    dripped(student, None, 1)

    assert lock(student_client).startswith(OPENS)
    outline = client_outline(student_client)
    assert f"Part 1 {OPENS}" in outline


def client_outline(client):
    markup = client.get("/courses/it/part-1/").content.decode()
    return text(re.search(r'<nav class="outline".*?</nav>', markup, re.DOTALL)[0])


def test_own_list_of_lessons_says_the_day_too(student, student_client):
    dripped(student, None, 1)

    shown = student_client.get("/my-dashboard/course/it/").content.decode()

    assert "2 Part 1 Opens 4 June 2100" in text(shown)


@pytest.mark.parametrize(("done", "name"), [(0, "active_new"), (1, "active")])
def test_when_the_next_lesson_opens_is_said_if_all_the_rest_opens_later(student, student_client, done, name):
    course = dripped(student, *([None] * done), 1, 2)
    for lesson in course.lessons.order_by("order")[:done]:
        make.LessonProgressFactory(user=student, lesson=lesson, status="completed", completed_at=make.NOW)

    assert state(student_client) == [(name, "student")]
    assert "The next lesson opens Fri 4 June 2100, 00:00 (Paris)." in text(card(student_client))


def test_module_that_opens_later_says_so_when_folded(student, student_client):
    course = dripped(student, None)
    module = make.ModuleFactory(course=course, title="Later")
    for days in (9, 2):
        make.LessonFactory(course=course, module=module, available_after_days=days)

    summaries = [text(found) for found in re.findall(r"<summary>.*?</summary>", page(student_client), re.DOTALL)]

    assert summaries[-1] == "Later 2 lessons Opens Sat 5 June 2100, 00:00 (Paris)"


def test_member_of_a_cohort_to_come_reads_the_start(student, student_client):
    course = paid()
    cohort = make.CohortFactory(grants_access=True, starts_on=date(2100, 6, 4))
    cohort.courses.add(course)
    make.CohortMembershipFactory(user=student, cohort=cohort)
    row = {"access_type": "cohort", "cohort": cohort, "status": "pending", "starts_at": LATER}
    make.CourseAccessFactory(user=student, course=course, **row)

    assert state(student_client) == [("cohort_upcoming", "student")]
    assert [
        lock(student_client).startswith(f"Starts {WHEN}"),
        text(card(student_client)).startswith(f"Starts {WHEN}"),
    ] == [
        True,
        True,
    ]


@pytest.mark.parametrize(("seats", "name"), [(5, "cohort_choice"), (1, "cohort_full")])
def test_course_taken_in_cohorts_asks_for_one(student, student_client, seats, name):
    course = course_with(enrollment_method="cohort_only")
    make.CourseAccessFactory(user=student, course=course, must_join=True)
    cohort = make.CohortFactory(max_participants=seats, member_count=1)
    cohort.courses.add(course)

    assert state(student_client) == [(name, "student")]


def test_bundles_that_hold_the_course_are_named_before_paying(client):
    course = paid()
    for name, is_active in (("Zinc", True), ("Amber", True), ("Old", False)):
        bundle = make.BundleFactory(name=name, slug=name.lower(), is_active=is_active)
        make.BundleCourseFactory(bundle=bundle, course=course)

    found = re.findall(r'Also in the bundle <a href="/bundles/(\w+)/">(\w+)</a>', card(client))

    assert found == [("amber", "Amber"), ("zinc", "Zinc")]


def test_subscription_course_leads_to_the_plans(client, student_client):
    course_with(enrollment_method="subscription_only", required_level=2)

    shown = [re.findall(r'href="/pricing/">([^<]+)</a>', card(who)) for who in (client, student_client)]

    assert shown == [["Unlock with Main – €500/year"], ["See plans"]]


@pytest.mark.parametrize("method", ["purchase", "subscription_only"])
def test_membership_that_does_not_reach_is_named(student, student_client, method):
    course_with(enrollment_method=method, required_level=3)
    for level, ends in ((1, None), (2, make.NOW + DAY)):
        row = {"course": None, "access_type": "subscription", "expires_at": ends}
        make.CourseAccessFactory(user=student, tier_level=level, **row)

    assert "You have Basic." in text(card(student_client))


WAYS_IN = ("/enroll/", "/join/", "Unlock with", "See plans", "Ask for", "Renew")


def test_suspended_student_is_offered_nothing_on_page_and_card(student, student_client):
    course = paid()
    joined(student, course, done=1)
    make.SuspensionFactory(user=student, course=course)
    first(course)

    main = page(student_client).split("<main")[1].split("</main>")[0]
    cards = student_client.get("/courses/").content.decode().split("<main")[1].split("</main>")[0]

    assert [word for word in (*WAYS_IN, "/pricing/") if word in main or word in cards] == []
