"""Refusals in the API's one shape: {"error": {"code", "message"}}."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from access.decisions import Code, Decision
from access.selectors import tier_for
from access.services import REFUSALS
from catalog.models import Course

API_CODES = {
    Code.SIGN_IN: "authentication_required",
    Code.SUBSCRIPTION: "insufficient_tier",
    Code.PURCHASE: "not_purchased",
    Code.FREE: "not_enrolled",
    Code.DRIP: "drip_locked",
}


def error_body(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}


class Refused(Exception):
    """An answer in the API's error shape with its status."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        self.status, self.body = status, body
        super().__init__(body["error"]["code"])


def invalid_fields(messages: Mapping[str, list[str]]) -> Refused:
    """400 with the fields that are wrong, as for a body that has not the right shape."""
    names = {"__all__": "body"}
    fields = [{"field": names.get(name, name), "message": text} for name, texts in messages.items() for text in texts]
    body = error_body("invalid", "; ".join(f"{each['field']}: {each['message']}" for each in fields)[:500])
    body["error"]["fields"] = fields
    return Refused(HTTPStatus.BAD_REQUEST, body)


def locked(decision: Decision, course: Course) -> Refused:
    """403 with the reason; the tier that opens the course, and the moment drip does, if any  [004 R-CRS-4, X-14]."""
    tier = tier_for(course)
    code = API_CODES.get(decision.code, decision.code.value)
    if decision.code == Code.PURCHASE and tier:
        code = "insufficient_tier"
    body = error_body(code, REFUSALS.get(decision.code, "Access denied."))
    body |= {"code": code, "required_tier_name": tier.name if tier else None}
    if decision.opens_at:
        body["available_at"] = decision.opens_at.isoformat()
    return Refused(HTTPStatus.FORBIDDEN, body)
