"""Every refusal in the one shape: {"error": {"code", "message"}}."""

import pytest
from django.http import Http404
from django.test import Client

pytestmark = pytest.mark.django_db
URL = "/api/courses/1/favorite/"


def answer(client, body="{}", url=URL):
    response = client.post(url, body, content_type="application/json")
    return response.status_code, response.json()["error"]


def test_a_body_that_is_no_json_says_what_is_wrong(student_client):
    assert answer(student_client, "{") == (400, {"code": "bad_json", "message": "The body is not valid JSON."})


def test_a_body_that_is_no_object_says_so(student_client):
    assert answer(student_client, "[]") == (400, {"code": "bad_json", "message": "The body must be a JSON object."})


def test_a_wrong_field_is_named(student_client):
    status, error = answer(student_client, '{"is_favorited": 1}')

    assert (status, error["code"], [field["field"] for field in error["fields"]]) == (400, "invalid", ["is_favorited"])


def test_a_wrong_id_is_named(student_client):
    status, error = answer(student_client, url=f"/api/courses/{2**31}/favorite/")

    assert (status, error["code"]) == (400, "invalid")


def test_a_missing_token_is_told(student):
    client = Client(enforce_csrf_checks=True)
    client.force_login(student, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert answer(client) == (403, {"code": "csrf", "message": "CSRF check Failed"})


def test_any_other_refusal_of_the_framework_is_told(student_client, monkeypatch):
    def broken(request):
        raise OSError("the connection broke")

    monkeypatch.setattr("api.parsing.read_json", broken)

    assert answer(student_client)[1]["code"] == "bad_request"


def test_a_404_inside_the_api_keeps_the_shape(client, monkeypatch):
    def missing(*_):
        raise Http404

    monkeypatch.setattr("api.views.courses._course", missing)

    assert client.get("/api/courses/c").json()["error"]["code"] == "not_found"
