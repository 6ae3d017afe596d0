"""What the lesson page and its lock page say, and what they never hold."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from catalog.services import save_lesson, save_transcript
from progress.templatetags.lesson import file_note, host
from tests import factories as make

pytestmark = pytest.mark.django_db
SECRETS = ("CANARY", "76979871")
VTT = "WEBVTT\n\n00:00.000 --> 00:04.000\nCANARY spoken\n\n00:04.000 --> 00:08.000\nMore"


@pytest.fixture
def lesson():
    """A lesson of a course on sale with a canary in every protected field."""
    course = make.CourseFactory(slug="c", enrollment_method="purchase")
    fields = {"body": "CANARY body", "homework": "CANARY homework", "video_url": "https://vimeo.com/76979871"}
    stamps = [{"time_seconds": 4, "label": "CANARY stamp"}]
    built = make.LessonFactory.build(course=course, slug="l", title="Wash", timestamps=stamps, **fields)
    built.key_takeaways, built.meeting_url = ["Lay it once"], "https://meet.example/CANARY"
    lesson = save_lesson(built)
    save_transcript(lesson, captions=VTT)
    make.MaterialFactory(lesson=lesson, title="CANARY material", url="https://example.com/CANARY.pdf")
    return lesson


@pytest.fixture
def open_to(student):
    def give(lesson):
        make.CourseAccessFactory(user=student, course=lesson.course)

    return give


def shown(client, **headers):
    response = client.get("/courses/c/l/", headers=headers)
    return response.status_code, response.content.decode()


def test_the_open_page_holds_every_part(student_client, lesson, open_to):
    open_to(lesson)
    status, html = shown(student_client)
    assert status == 200
    for part in ("CANARY body", "CANARY homework", "CANARY stamp", "CANARY spoken", "CANARY material", "Lay it once"):
        assert part in html


@pytest.mark.parametrize("state", ["purchase", "expired", "suspended", "revoked", "coming_soon"])
def test_the_lock_page_gives_one_reason_and_nothing_protected(student, student_client, lesson, state):
    lock(student, lesson.course, state)
    status, html = shown(student_client)
    assert status == 403
    assert html.count("data-state=") == 1
    assert f'data-state="{state}"' in html
    assert "Lay it once" in html
    assert not [secret for secret in SECRETS if secret in html]


def lock(student, course, state):
    past = timezone.now() - timedelta(days=3)
    if state == "expired":
        make.CourseAccessFactory(user=student, course=course, status="expired", expires_at=past)
    elif state == "suspended":
        make.SuspensionFactory(user=student, course=course)
    elif state == "revoked":
        revoked = {"status": "revoked", "revoked_at": past, "revocation_reason": "refund"}
        make.CourseAccessFactory(user=student, course=course, **revoked)
    elif state == "coming_soon":
        type(course).objects.update(status="coming_soon")


def test_visitors_see_the_lock_page_and_the_outline(client, lesson):
    status, html = shown(client)
    assert status == 403
    assert 'data-viewer="anonymous"' in html
    assert 'aria-label="Course outline"' in html
    assert '<meta name="robots" content="noindex">' in html
    assert not [secret for secret in SECRETS if secret in html]


def test_the_player_can_ask_for_the_marks_alone(student_client, lesson, open_to):
    open_to(lesson)
    status, html = shown(student_client, HX_Request="true")
    assert status == 200
    assert 'id="lesson-end"' in html
    assert "CANARY" not in html


def test_the_answer_differs_by_who_asks_so_caches_must_know(student_client, lesson, open_to):
    open_to(lesson)
    assert "HX-Request" in student_client.get("/courses/c/l/")["Vary"]


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("https://vimeo.com/76979871", "Completes at 90 % watched, or with the button"),
        ("https://www.loom.com/share/" + "a" * 32, "This player cannot report progress; the button completes it"),
        ("", "Completes with the button below"),
    ],
)
def test_the_rule_of_completion_is_written_down(student_client, lesson, open_to, address, rule):
    open_to(lesson)
    lesson.video_url = address
    save_lesson(lesson)
    assert rule in shown(student_client)[1]


@pytest.mark.parametrize(("address", "linked"), [("https://example.org/talk", True), ("javascript:alert(1)", False)])
def test_an_unknown_video_is_a_link_to_the_web_only(student_client, lesson, open_to, address, linked):
    open_to(lesson)
    lesson.video_url = address
    save_lesson(lesson)
    assert (f'href="{address}"' in shown(student_client)[1]) is linked


def test_a_live_lesson_says_when_with_the_zone(student_client, lesson, open_to):
    open_to(lesson)
    lesson.lesson_type, lesson.live_starts_at = "live", make.NOW
    save_lesson(lesson)
    html = shown(student_client)[1]
    assert "Took place" in html
    assert "Mon 2 March 2026, 10:00 (Paris)" in html
    assert "Join the session" not in html


def test_a_live_lesson_to_come_leads_to_its_session(student_client, lesson, open_to):
    open_to(lesson)
    lesson.lesson_type, lesson.live_starts_at = "live", timezone.now() + timedelta(minutes=5)
    save_lesson(lesson)
    html = shown(student_client)[1]
    assert ("Starts <time" in html, "Took place" in html) == (True, False)
    assert "Join the session at meet.example" in html


def test_a_visitor_of_a_preview_is_offered_an_account_not_a_button(client, lesson):
    lesson.is_preview = True
    save_lesson(lesson)
    status, html = shown(client)
    assert status == 200
    assert "Complete lesson" not in html
    assert "csrfmiddlewaretoken" not in html
    assert "See the course" in html


@pytest.mark.parametrize(
    ("address", "name"),
    [("https://www.example.org/a", "example.org"), ("javascript:alert(1)", ""), ("//x", ""), ("http://[", "")],
)
def test_host(address, name):
    assert host(address) == name


def test_file_note(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    material = make.MaterialFactory.build(lesson=make.LessonFactory(), url="")
    material.file.save("chart.pdf", ContentFile(b"x" * 2048))
    assert file_note(material.file) == "PDF, 2.0\xa0KB"
    material.file.delete(save=False)
    assert file_note(SimpleNamespace(name="plain", size=1)) == "File, 1\xa0byte"


def test_file_note_of_a_lost_file(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    assert file_note(make.MaterialFactory.build(file="materials/gone.pdf").file) == "PDF"


def test_a_lesson_of_a_course_taken_in_cohorts_offers_the_choice(student, student_client):
    lesson = make.LessonFactory(course__enrollment_method="cohort_only")
    make.CourseAccessFactory(user=student, course=lesson.course, must_join=True)
    make.CohortFactory(name="Spring").courses.add(lesson.course)

    page = student_client.get(lesson.get_absolute_url())

    assert (page.status_code, "Spring" in page.content.decode()) == (403, True)
    assert 'data-state="cohort_choice"' in page.content.decode()
