"""The first page: what needs somebody, the figures and what they count, and how many queries it takes."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import caches

from common.models import Job
from tests import factories as make
from tests.conftest import client_of
from tests.dashboard.reports import world
from tests.factories import NOW

pytestmark = pytest.mark.django_db
URL = "/dashboard/"
DAY = timedelta(days=1)
TODAY = date(2026, 3, 2)


@pytest.fixture
def notices(owner_client):
    """What needs attention: each sentence with where it leads."""
    return lambda: {notice.text: notice.address for notice in owner_client.get(URL).context["attention"]}


def test_when_nothing_needs_anybody_it_says_so_and_offers_to_create_a_course(owner_client):
    text = owner_client.get(URL).text

    assert ("Nothing needs you." in text, 'href="/dashboard/courses/add/">Create a course' in text) == (True, True)


def test_who_only_looks_is_not_offered_a_new_course(staff_client):
    assert "/dashboard/courses/add/" not in staff_client.get(URL).text


def test_courses_without_lessons_and_drafts_are_named(notices):
    make.CourseFactory()
    make.CourseFactory(lesson_count=1)
    make.CourseFactory(status="draft")
    make.CourseFactory(status="draft", trashed_at=NOW)

    assert notices() == {
        "1 active course has no published lesson": "/dashboard/courses/?status=active",
        "1 course waits as a draft": "/dashboard/courses/?status=draft",
    }


def test_published_videos_without_captions_are_counted(notices):
    course = make.CourseFactory(lesson_count=1)
    make.LessonFactory(course=course, video_url="https://vimeo.com/1")
    make.LessonFactory(course=course, video_url="https://vimeo.com/2", is_published=False)
    make.LessonFactory(course=course)
    subtitled = make.LessonFactory(course=course, video_url="https://vimeo.com/3")
    make.TranscriptFactory(lesson=subtitled, captions="WEBVTT")
    make.TranscriptFactory(lesson=make.LessonFactory(course=course, video_url="https://vimeo.com/4"))

    assert notices() == {
        "2 published lessons have a video without captions": "/dashboard/lessons/?missing=captions&state=published"
    }


def test_cohorts_about_to_start_or_to_be_full_are_counted(notices):
    make.CohortFactory(starts_on=TODAY + 7 * DAY)
    make.CohortFactory(starts_on=TODAY + 8 * DAY)
    make.CohortFactory(starts_on=TODAY, is_active=False)
    make.CohortFactory(max_participants=3, member_count=1)
    make.CohortFactory(max_participants=4, member_count=1)
    make.CohortFactory(max_participants=1, ends_on=TODAY - DAY)

    assert notices() == {
        "1 cohort starts within 7 days": "/dashboard/cohorts/",
        "1 cohort has at most 2 seats left": "/dashboard/cohorts/",
    }


def test_students_whose_access_ends_soon_are_counted_once_and_their_list_finds_them(notices, owner_client):
    user = make.UserFactory(name="Eve")
    course = make.CourseFactory(lesson_count=1)
    for days in (7, 6, 8):
        make.CourseAccessFactory(user=user, course=course, starts_at=NOW - DAY, expires_at=NOW + days * DAY)
    make.CourseAccessFactory(course=course, starts_at=NOW + DAY, expires_at=NOW + 2 * DAY)

    ((text, address),) = notices().items()

    assert text == "1 student has access that ends within 7 days"
    assert [line.student for line in owner_client.get(address).context["lines"]] == [user]


@pytest.mark.parametrize(
    ("fields", "is_given_up"),
    [
        ({"attempts": 5}, True),
        ({"attempts": 50, "failures": 50}, True),
        ({"attempts": 4}, False),
        ({"attempts": 9, "failures": 5}, False),
        ({"attempts": 5, "finished_at": NOW}, False),
    ],
)
def test_work_given_up_is_told_to_who_may_see_it(notices, staff_client, fields, is_given_up):
    Job.objects.create(task="a.task", **fields)

    assert (len(notices()), len(staff_client.get(URL).context["attention"])) == (int(is_given_up), 0)


def test_staff_with_the_permission_reach_the_jobs_given_up(staff):
    Job.objects.create(task="a.task", attempts=5)
    staff.user_permissions.add(Permission.objects.get(codename="view_job"))
    client = client_of(staff)

    (notice,) = client.get(URL).context["attention"]

    assert (notice.text, client.get(notice.address).status_code) == (
        "1 background job was given up, mails among them", 200,
    )  # fmt: skip


def test_figures_leave_out_staff(staff_client, staff):
    make.CourseEnrollmentFactory(user=staff)
    make.CourseProgressFactory(user=staff, last_active_at=NOW)
    make.CourseAccessFactory(user=staff)

    assert {tile.value for tile in staff_client.get(URL).context["tiles"]} == {0}


def test_each_figure_leads_to_a_list_and_says_what_counts(staff_client):
    answer = staff_client.get(URL)

    for tile in answer.context["tiles"]:
        assert staff_client.get(tile.address).status_code == 200
        assert (f">{tile.meaning}</p>" in answer.text, f">{tile.label}</span>" in answer.text) == (True, True)


def test_figures_are_counted_once_in_five_minutes_and_say_when(staff_client):
    staff_client.get(URL)
    make.UserFactory()

    answer = staff_client.get(URL)

    assert (answer.context["tiles"][0].value, answer.context["counted_at"]) == (0, NOW)
    assert "as of <time" in answer.text


def test_active_students_are_those_their_list_finds(staff_client):
    world.build()
    tile = staff_client.get(URL).context["tiles"][1]

    assert staff_client.get(tile.address).context["page"].paginator.count == tile.value


def test_it_takes_at_most_twenty_queries_however_much_there_is(owner_client, max_queries):
    counts = []
    for _ in range(2):
        world.build() if counts else make.StaffActionFactory(kind="user", object_id=1)
        caches["pages"].clear()
        caches["pages"].set("has_pricing", True)
        with max_queries(20) as queries:
            owner_client.get(URL)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_name_is_text(staff_client):
    make.UserFactory(name="<script>alert(1)</script>")

    assert "<script>alert(1)" not in staff_client.get(URL).text
