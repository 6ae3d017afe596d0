"""The judge: who may open what, as pure functions of what `selectors` loaded. Nothing else in the site decides.

Order of rules: PRODUCT section 2, "The decision". A new rule is a function in COURSE_RULES, or a step at the end of
`decide_lesson`, and stands nowhere else.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser

from access.models import AccessStatus, CourseAccess
from accounts.models import User
from catalog.models import Course, CourseStatus, EnrollmentMethod, Lesson, Visibility


class Code(StrEnum):
    """Why a student may or may not open a course or lesson; one code, never two."""

    STAFF = "staff"
    PREVIEW = "preview"
    ACTIVE = "active"
    NOT_FOUND = "not_found"
    SUSPENDED = "suspended"
    SIGN_IN = "sign_in"
    COMING_SOON = "coming_soon"
    NOT_JOINED = "not_joined"
    PENDING = "pending"
    PAYMENT_REQUIRED = "payment_required"
    EXPIRED = "expired"
    REVOKED = "revoked"
    FREE = "free"
    PURCHASE = "purchase"
    SUBSCRIPTION = "subscription"
    INVITE_ONLY = "invite_only"
    COHORT_ONLY = "cohort_only"
    CLOSED = "closed"


METHOD_CODES = {
    EnrollmentMethod.OPEN: Code.FREE,
    EnrollmentMethod.PURCHASE: Code.PURCHASE,
    EnrollmentMethod.SUBSCRIPTION_ONLY: Code.SUBSCRIPTION,
    EnrollmentMethod.INVITE_ONLY: Code.INVITE_ONLY,
    EnrollmentMethod.COHORT_ONLY: Code.COHORT_ONLY,
}
CLOSED_STATUS_CODES = {
    AccessStatus.PENDING: Code.PENDING,
    AccessStatus.LOCKED: Code.PAYMENT_REQUIRED,
    AccessStatus.REVOKED: Code.REVOKED,
}


@dataclass(frozen=True)
class Standing:
    """Everything the database knows about one viewer and one course, loaded by `selectors`."""

    user: User | AnonymousUser
    course: Course
    rows: tuple[CourseAccess, ...] = ()
    is_enrolled: bool = False
    is_suspended: bool = False


@dataclass(frozen=True)
class Rule:
    """One rule the judge looked at; `passed` None means it did not apply, `code` that it decided."""

    name: str
    passed: bool | None
    detail: str = ""
    code: Code | None = None
    access: CourseAccess | None = None


@dataclass(frozen=True)
class Decision:
    """The answer: allowed or not, the row that decided, one code, and the rules in the order they were asked."""

    is_allowed: bool
    code: Code
    access: CourseAccess | None = None
    chain: tuple[Rule, ...] = field(default=(), compare=False)


def is_visible(standing: Standing) -> bool:
    """May this viewer know that the course exists? (A members-only page asks a visitor to sign in instead.)"""
    course, user = standing.course, standing.user
    if user.is_authenticated and user.is_staff:
        return True
    if course.status == CourseStatus.DRAFT:
        return False
    if course.visibility == Visibility.PRIVATE:
        return bool(standing.rows)
    return course.visibility != Visibility.MEMBERS_ONLY or user.is_authenticated


def decide_course(standing: Standing, now: datetime) -> Decision:
    """Decide whether the viewer may open the course's lessons at this moment  [PRODUCT 2, X-1].

    The rules are asked in the order of COURSE_RULES; the first that names a code decides.
    """
    chain: list[Rule] = []
    for ask in COURSE_RULES:
        rule = ask(standing, now)
        chain.append(rule)
        if rule.code is not None:
            return Decision(rule.code in ALLOWING, rule.code, rule.access, tuple(chain))
    return Decision(True, Code.ACTIVE, deciding_row(standing.rows, now), tuple(chain))


def _staff(standing: Standing, now: datetime) -> Rule:
    is_staff = standing.user.is_authenticated and standing.user.is_staff
    return Rule("staff", True, code=Code.STAFF) if is_staff else Rule("staff", None)


def _visible(standing: Standing, now: datetime) -> Rule:
    seen = is_visible(standing)
    detail = f"{standing.course.status}, {standing.course.visibility}"
    return Rule("visible", seen, detail, None if seen else Code.NOT_FOUND)


def _not_suspended(standing: Standing, now: datetime) -> Rule:
    return Rule("not suspended", not standing.is_suspended, code=Code.SUSPENDED if standing.is_suspended else None)


def _signed_in(standing: Standing, now: datetime) -> Rule:
    known = standing.user.is_authenticated
    return Rule("signed in", known, code=None if known else Code.SIGN_IN)


def _opened(standing: Standing, now: datetime) -> Rule:
    has_opened = standing.course.status != CourseStatus.COMING_SOON
    return Rule("opened", has_opened, standing.course.status, None if has_opened else Code.COMING_SOON)


def _open_right(standing: Standing, now: datetime) -> Rule:
    row = deciding_row(standing.rows, now)
    if row:
        return Rule("open right", True, str(row), access=row)
    code, newest = _without_open_row(standing, now)
    return Rule("open right", False, str(newest or ""), code, newest)


def _joined(standing: Standing, now: datetime) -> Rule:
    row = deciding_row(standing.rows, now)
    if row is None or not row.must_join:
        return Rule("joined", None)
    return Rule("joined", standing.is_enrolled, "", None if standing.is_enrolled else Code.NOT_JOINED, row)


# The order is PRODUCT section 2; prerequisites join after `_joined`.
COURSE_RULES = (_staff, _visible, _not_suspended, _signed_in, _opened, _open_right, _joined)
ALLOWING = frozenset({Code.STAFF})


def deciding_row(rows: tuple[CourseAccess, ...], now: datetime) -> CourseAccess | None:
    """The open row that lasts longest; of two alike, one that asks for no joining."""
    still_open = [row for row in rows if row.is_open(now)]
    return max(still_open, key=_how_good, default=None)


def _how_good(row: CourseAccess) -> tuple[bool, float, bool, int]:
    ends = row.expires_at.timestamp() if row.expires_at else 0.0
    return (row.expires_at is None, ends, not row.must_join, -row.pk)


def _without_open_row(standing: Standing, now: datetime) -> tuple[Code, CourseAccess | None]:
    """The newest row speaks; without any, the way to get in."""
    newest = max(standing.rows, key=lambda row: (row.granted_at, row.pk), default=None)
    if newest is None:
        return newcomer_code(standing.course), None
    if newest.status == AccessStatus.UNLOCKED and newest.starts_at > now:
        return Code.PENDING, newest
    return CLOSED_STATUS_CODES.get(AccessStatus(newest.status), Code.EXPIRED), newest


def newcomer_code(course: Course) -> Code:
    """How somebody without any right gets in."""
    if course.status == CourseStatus.COMING_SOON:
        return Code.COMING_SOON
    if not course.takes_new_students:
        return Code.CLOSED
    return METHOD_CODES[EnrollmentMethod(course.enrollment_method)]


def decide_lesson(standing: Standing, lesson: Lesson, now: datetime) -> Decision:
    """Decide whether the viewer may open this lesson. A preview of a visible course is open to everyone  [004]."""
    course_decision = decide_course(standing, now)
    if course_decision.is_allowed and (lesson.is_published or course_decision.code == Code.STAFF):
        return course_decision
    if course_decision.code == Code.NOT_FOUND or not lesson.is_published:
        return Decision(False, Code.NOT_FOUND, None, course_decision.chain)
    if lesson.is_preview:
        return Decision(True, Code.PREVIEW, None, (*course_decision.chain, Rule("preview", True)))
    return course_decision
