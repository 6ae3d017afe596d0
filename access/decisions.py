"""The judge: who may open what, as pure functions of what `selectors` loaded. Nothing else in the site decides.

Order of rules: PRODUCT section 2, "The decision". Prerequisites join after `not_joined`, drip at the end of
`decide_lesson`; both get their rule here and nowhere else.
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
    """One rule the judge looked at; `passed` None means it did not apply."""

    name: str
    passed: bool | None
    detail: str = ""


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
    """Decide whether the viewer may open the course's lessons at this moment  [PRODUCT 2, X-1]."""
    chain: list[Rule] = []

    def answer(is_allowed: bool, code: Code, access: CourseAccess | None = None) -> Decision:
        return Decision(is_allowed, code, access, tuple(chain))

    user, course = standing.user, standing.course
    if user.is_authenticated and user.is_staff:
        chain.append(Rule("staff", True))
        return answer(True, Code.STAFF)
    chain.append(Rule("visible", is_visible(standing), f"{course.status}, {course.visibility}"))
    if not is_visible(standing):
        return answer(False, Code.NOT_FOUND)
    chain.append(Rule("not suspended", not standing.is_suspended))
    if standing.is_suspended:
        return answer(False, Code.SUSPENDED)
    if not user.is_authenticated:
        chain.append(Rule("signed in", False))
        return answer(False, Code.SIGN_IN)
    chain.append(Rule("opened", course.status != CourseStatus.COMING_SOON, course.status))
    if course.status == CourseStatus.COMING_SOON:
        return answer(False, Code.COMING_SOON)
    row = deciding_row(standing.rows, now)
    chain.append(Rule("open right", row is not None, str(row or "")))
    if row is None:
        return answer(False, *_without_open_row(standing, now))
    if row.must_join:
        chain.append(Rule("joined", standing.is_enrolled))
        if not standing.is_enrolled:
            return answer(False, Code.NOT_JOINED, row)
    return answer(True, Code.ACTIVE, row)


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
