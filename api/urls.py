"""The JSON API: one error shape, one strict reader, and the same services and decisions as the pages."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from api.errors import Refused, error_body
from api.parsing import StrictParser
from api.views import admin_courses, admin_modules, admin_reorder, admin_units, cohorts, courses, lessons
from common.strict_json import BadJSON

api = NinjaAPI(
    title="Courses", version="1", parser=StrictParser(), docs_url=None, openapi_url=None, urls_namespace="api"
)
api.add_router("lessons", lessons.router)
api.add_router("courses", courses.router)
api.add_router("courses", cohorts.router)
api.add_router("admin", admin_reorder.router)
api.add_router("admin", admin_courses.router)
api.add_router("admin", admin_modules.router)
api.add_router("admin", admin_units.router)


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return api.create_response(request, error.body, status=error.status)


@api.exception_handler(AuthenticationError)
def signed_out(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    body = error_body("authentication_required", "Log in first.")
    return api.create_response(request, body, status=HTTPStatus.UNAUTHORIZED)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = [{"field": ".".join(map(str, e["loc"][2:])) or "body", "message": e["msg"]} for e in error.errors]
    body: dict[str, Any] = error_body("invalid", "; ".join(f"{e['field']}: {e['message']}" for e in fields)[:500])
    body["error"]["fields"] = fields
    return api.create_response(request, body, status=HTTPStatus.BAD_REQUEST)


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What ninja refuses by itself: a missing CSRF token, and a body that our reader did not take."""
    if isinstance(error.__cause__, BadJSON):
        return api.create_response(request, error_body("bad_json", str(error.__cause__)), status=error.status_code)
    code = "csrf" if error.status_code == HTTPStatus.FORBIDDEN else "bad_request"
    return api.create_response(request, error_body(code, str(error)), status=error.status_code)


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return api.create_response(request, error_body("not_found", "There is nothing here."), status=HTTPStatus.NOT_FOUND)
