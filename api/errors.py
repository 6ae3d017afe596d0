"""Refusals in the API's one shape: {"error": {"code", "message"}}."""

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
