"""Reordering modules and units for staff's machines  [004 R-CRS-7, T-30, T84].

What T-30 says holds: an empty list is fine, ids of nothing are ignored and not counted, and everything is validated
before anything is written. Beyond it, as T84 asks: all of them belong to one course, no id comes twice, and one
transaction writes all or nothing. Two rows may get the same number; they then stand in order of their ids.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from ninja import Router, Schema

from accounts.http import StudentRequest
from api.auth import content_session
from api.errors import Refused, error_body
from api.serializers import ERRORS
from catalog.arranging import SeveralCourses, number_lessons, number_modules
from common.strict_json import FIELD_LIMIT, MAX_INTEGER, BadJSON, get_int, read_json, require_object

router = Router(auth=content_session)
PLACE = {
    "type": "object",
    "required": ["id", "sort_order"],
    "properties": {"id": {"type": "integer"}, "sort_order": {"type": "integer", "minimum": 0, "maximum": FIELD_LIMIT}},
}
BODY = {
    "requestBody": {"content": {"application/json": {"schema": {"type": "array", "items": PLACE}}}, "required": True}
}


class Reordered(Schema):
    status: str
    updated: int


@router.put("/modules/reorder", response={200: Reordered} | ERRORS, openapi_extra=BODY)
@router.put("/modules/reorder/", response={200: Reordered} | ERRORS, include_in_schema=False)
def admin_reorder_modules(request: StudentRequest) -> dict[str, Any]:
    """Order the modules of one course."""
    return _reorder(request, number_modules)


@router.put("/units/reorder", response={200: Reordered} | ERRORS, openapi_extra=BODY)
@router.put("/units/reorder/", response={200: Reordered} | ERRORS, include_in_schema=False)
def admin_reorder_units(request: StudentRequest) -> dict[str, Any]:
    """Order units of one course within their modules."""
    return _reorder(request, number_lessons)


def _reorder(request: StudentRequest, number: Callable[..., int]) -> dict[str, Any]:
    try:
        updated = number(numbers=_numbers(request.body), actor=request.user)
    except BadJSON as refusal:
        raise Refused(HTTPStatus.BAD_REQUEST, error_body("bad_json", str(refusal))) from None
    except SeveralCourses as refusal:
        raise Refused(HTTPStatus.BAD_REQUEST, error_body("several_courses", str(refusal))) from None
    return {"status": "ok", "updated": updated}


def _numbers(raw: bytes) -> dict[int, int]:
    """The wanted number of each id.

    :raises BadJSON: for a body that is not `[{id, sort_order}]`, and for an id that comes twice
    """
    items = read_json(raw)
    if not isinstance(items, list):
        raise BadJSON("The body must be a list of {id, sort_order}.")
    numbers: dict[int, int] = {}
    for item in map(require_object, items):
        key = get_int(item, "id", lo=-MAX_INTEGER, hi=MAX_INTEGER)
        if key in numbers:
            raise BadJSON(f"The id {key} comes twice.")
        numbers[key] = get_int(item, "sort_order")
    return numbers
