"""The progress calls of the lesson page over HTTP: one test per answer."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core import signing
from django.middleware.csrf import _get_new_csrf_string
from django.test import Client
from django.test.client import encode_multipart
from django.utils import timezone

from access.models import CourseEnrollment
from progress.models import LessonProgress
from progress.player import opened_token
from tests.factories import CourseAccessFactory, LessonFactory, SuspensionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson(student):
    lesson = LessonFactory(video_duration_seconds=100)
    CourseAccessFactory(user=student, course=lesson.course)
    return lesson


@pytest.fixture
def url(lesson):
    return f"/api/lessons/{lesson.pk}/progress/"


@pytest.fixture
def opened(lesson, student):
    return opened_token(lesson_id=lesson.pk, user_id=student.pk, now=timezone.now() - timedelta(seconds=100))


def code_of(response):
    return response.status_code, response.json()["error"]["code"]


def test_a_report_answers_with_the_merged_state(student_client, url, opened, send):
    response = send(student_client, url, {"ranges": [[0, 30]], "timestamp": 30, "opened": opened})

    assert (response.status_code, response.json()) == (
        200,
        {"success": True, "watch_percentage": 30.0, "status": "in_progress", "completed": False, "position": 30.0},
    )


def test_the_form_of_the_seed_is_understood(student_client, url, opened, send):
    response = send(student_client, url, {"watch_percentage": 95, "timestamp": 95, "opened": opened})

    assert (response.json()["watch_percentage"], response.json()["completed"]) == (95, True)


def test_the_address_without_a_slash_is_the_same(student_client, url, send):
    assert send(student_client, url.rstrip("/"), {}).status_code == 200


def test_a_beacon_sends_the_same_json_as_a_form_field(student_client, url, opened):
    sent = student_client.post(url, {"payload": f'{{"ranges": [[0, 10]], "opened": "{opened}"}}'})

    assert sent.json()["watch_percentage"] == 10


@pytest.mark.parametrize("content_type", ["multipart/form-data; boundary=b", "application/x-www-form-urlencoded"])
def test_a_beacon_proves_itself_with_the_token_of_its_page(student, url, opened, content_type):
    client = Client(enforce_csrf_checks=True)
    client.force_login(student, backend="allauth.account.auth_backends.AuthenticationBackend")
    token = _get_new_csrf_string()
    client.cookies["__Host-csrf"] = token
    fields = {"payload": json.dumps({"ranges": [[0, 10]], "opened": opened}), "csrfmiddlewaretoken": token}
    body = encode_multipart("b", fields) if "multipart" in content_type else urlencode(fields)

    response = client.post(url, body, content_type=content_type)

    assert (response.status_code, response.json().get("watch_percentage")) == (200, 10)


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\x7f", "x" * 300])
def test_a_forged_opening_time_gains_nothing(student_client, url, send, token):
    response = send(student_client, url, {"ranges": [[0, 100]], "opened": token})

    assert (response.status_code, response.json()["watch_percentage"]) == (200, 0)


@pytest.mark.parametrize(("lessons_away", "students_away"), [(1, 0), (0, 1)])
def test_the_opening_time_of_another_lesson_or_student_gains_nothing(
    student_client, url, lesson, student, send, lessons_away, students_away
):
    others = {"lesson_id": lesson.pk + lessons_away, "user_id": student.pk + students_away}
    token = opened_token(**others, now=timezone.now() - timedelta(hours=1))

    assert send(student_client, url, {"ranges": [[0, 100]], "opened": token}).json()["watch_percentage"] == 0


def test_a_token_signed_for_another_purpose_gains_nothing(student_client, url, lesson, student, send):
    token = signing.dumps([lesson.pk, student.pk, 0], salt="password-reset")

    assert send(student_client, url, {"ranges": [[0, 100]], "opened": token}).json()["watch_percentage"] == 0


def test_a_position_past_the_end_is_refused(student_client, url, send):
    assert code_of(send(student_client, url, {"timestamp": 500})) == (400, "invalid")


def test_too_many_reports_at_once_are_a_conflict(student_client, url, send, monkeypatch):
    monkeypatch.setattr("progress.services._write", lambda *args: False)

    assert code_of(send(student_client, url, {"timestamp": 1})) == (409, "conflict")


def test_complete_sets_and_repeating_keeps_the_first_time(student_client, lesson, send):
    for _ in range(2):
        response = send(student_client, f"/api/lessons/{lesson.pk}/complete/")
        first = LessonProgress.objects.get().completed_at
    send(student_client, f"/api/lessons/{lesson.pk}/complete")

    assert response.json() == {"success": True, "message": "Lesson marked as complete", "lesson_id": lesson.pk}
    assert (LessonProgress.objects.get().completed_at, CourseEnrollment.objects.count()) == (first, 1)


@pytest.mark.parametrize("call", ["progress", "complete"])
def test_calls_of_a_visitor_are_401(client, lesson, send, call):
    assert code_of(send(client, f"/api/lessons/{lesson.pk}/{call}/", {})) == (401, "authentication_required")


@pytest.mark.parametrize("call", ["progress", "complete"])
def test_calls_of_a_visitor_without_a_token_are_401_too(lesson, send, call):
    response = send(Client(enforce_csrf_checks=True), f"/api/lessons/{lesson.pk}/{call}/", {})

    assert code_of(response) == (401, "authentication_required")


@pytest.mark.parametrize("call", ["progress", "complete"])
def test_calls_without_a_right_are_403(stranger_client, lesson, send, call):
    assert code_of(send(stranger_client, f"/api/lessons/{lesson.pk}/{call}/", {})) == (403, "not_enrolled")


@pytest.mark.parametrize("call", ["progress", "complete"])
def test_calls_of_the_suspended_are_403(student_client, student, lesson, send, call):
    SuspensionFactory(user=student, course=lesson.course)

    assert code_of(send(student_client, f"/api/lessons/{lesson.pk}/{call}/", {})) == (403, "suspended")


@pytest.mark.parametrize("call", ["progress", "complete"])
@pytest.mark.parametrize("fields", [{"is_published": False}, {"course__status": "draft"}])
def test_calls_for_what_one_may_not_know_of_are_404(student_client, send, call, fields):
    lesson = LessonFactory(**fields)

    assert code_of(send(student_client, f"/api/lessons/{lesson.pk}/{call}/", {})) == (404, "not_found")


@pytest.mark.parametrize("call", ["progress", "complete"])
def test_get_is_405(student_client, lesson, call):
    assert student_client.get(f"/api/lessons/{lesson.pk}/{call}/").status_code == 405


def test_a_preview_may_be_completed_without_a_right(stranger_client, send):
    lesson = LessonFactory(is_preview=True)

    assert send(stranger_client, f"/api/lessons/{lesson.pk}/complete/").status_code == 200
