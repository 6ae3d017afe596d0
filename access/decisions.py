"""The judge: who may open what, as pure functions of what `selectors` loaded. Nothing else in the site decides.

Order of rules: PRODUCT section 2, "The decision"; docs/access.md draws it. A new rule is a function in COURSE_RULES, or
a step of `decide_lesson_in`, and stands nowhere else.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from access.models import OPENING, AccessStatus, AccessType, CourseAccess
from accounts.models import User
from catalog.models import Course, CourseStatus, DurationType, EnrollmentMethod, Lesson, Visibility
from common.moments import start_of_day


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
    PREREQUISITES = "prerequisites"
    DRIP = "drip"
    COHORT_UPCOMING = "cohort_upcoming"
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
    AccessStatus.LOCKED: Code.PAYMENT_REQUIRED,
    AccessStatus.REVOKED: Code.REVOKED,
}


@dataclass(frozen=True)
class Standing:
    """Everything the database knows about one viewer and one course, loaded by `selectors`.

    `missing` counts the prerequisites not met; `cohort_starts_on` is the earliest start of the active cohorts of this
    course that the student is in.
    """

    user: User | AnonymousUser
    course: Course
    rows: tuple[CourseAccess, ...] = ()
    enrolled_at: datetime | None = None
    is_suspended: bool = False
    missing: int = 0
    cohort_starts_on: date | None = None

    @property
    def is_enrolled(self) -> bool:
        return self.enrolled_at is not None


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
    """The answer: allowed or not, the row that decided, one code, and the rules in the order they were asked.

    `opens_at` is when a lesson closed by drip opens by itself; `is_enrolled` is passed on to who writes progress.
    """

    is_allowed: bool
    code: Code
    access: CourseAccess | None = None
    chain: tuple[Rule, ...] = field(default=(), compare=False)
    opens_at: datetime | None = None
    is_enrolled: bool = False


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
    row = deciding_row(standing.rows, now)
    return Decision(True, Code.ACTIVE, row, tuple(chain), is_enrolled=standing.is_enrolled)


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


def _prerequisites(standing: Standing, now: datetime) -> Rule:
    met = standing.missing == 0
    detail = "" if met else f"{standing.missing} to complete first"
    return Rule("prerequisites", met, detail, None if met else Code.PREREQUISITES, deciding_row(standing.rows, now))


# The order is PRODUCT section 2.
COURSE_RULES = (_staff, _visible, _not_suspended, _signed_in, _opened, _open_right, _joined, _prerequisites)
ALLOWING = frozenset({Code.STAFF})


def deciding_row(rows: tuple[CourseAccess, ...], now: datetime) -> CourseAccess | None:
    """The open row that lasts longest; of two alike, one that asks for no joining."""
    still_open = [row for row in rows if row.is_open(now)]
    return max(still_open, key=_how_good, default=None)


def _how_good(row: CourseAccess) -> tuple[bool, datetime, bool, int]:
    return (row.expires_at is None, row.expires_at or NEVER, not row.must_join, -row.pk)


NEVER = datetime.max.replace(tzinfo=UTC)


def _without_open_row(standing: Standing, now: datetime) -> tuple[Code, CourseAccess | None]:
    """The newest row speaks; without any, the way to get in."""
    newest = max(standing.rows, key=lambda row: (row.granted_at, row.pk), default=None)
    if newest is None:
        return newcomer_code(standing.course, now), None
    if newest.status in OPENING and (newest.starts_at is None or newest.starts_at > now):
        return _waiting_code(standing.course, newest, now), newest
    return CLOSED_STATUS_CODES.get(AccessStatus(newest.status), Code.EXPIRED), newest


def _waiting_code(course: Course, access: CourseAccess, now: datetime) -> Code:
    """A right that waits in a path takes nothing away: a course free for everybody stays free for its student."""
    if access.access_type == AccessType.PATH and newcomer_code(course, now) == Code.FREE:
        return Code.FREE
    return Code.COHORT_UPCOMING if access.access_type == AccessType.COHORT else Code.PENDING


def newcomer_code(course: Course, now: datetime) -> Code:
    """How somebody without any right gets in."""
    if course.status == CourseStatus.COMING_SOON:
        return Code.COMING_SOON
    if not course.takes_new_students(now):
        return Code.CLOSED
    return METHOD_CODES[EnrollmentMethod(course.enrollment_method)]


def decide_lesson(standing: Standing, lesson: Lesson, now: datetime, *, is_completed: bool) -> Decision:
    """Decide whether the viewer may open this lesson; `is_completed` is whether they once completed it."""
    return decide_lesson_in(decide_course(standing, now), standing, lesson, now, is_completed=is_completed)


def decide_lesson_in(
    course: Decision, standing: Standing, lesson: Lesson, now: datetime, *, is_completed: bool
) -> Decision:
    """The same, when the course is decided already: an outline asks for every lesson.

    A preview of a visible course is open to everyone  [004]; drip comes last, and never locks what was completed.
    """
    if course.code == Code.STAFF:
        return course
    if course.code == Code.NOT_FOUND or not lesson.is_published:
        return Decision(False, Code.NOT_FOUND, None, course.chain)
    if lesson.is_preview and not course.is_allowed:
        return Decision(True, Code.PREVIEW, None, (*course.chain, Rule("preview", True)))
    opens_at = drip_opens_at(standing, lesson, now)
    if not course.is_allowed or is_completed or lesson.is_preview or opens_at is None or opens_at <= now:
        return course
    rule = Rule("drip", False, f"opens {opens_at:%Y-%m-%d}", Code.DRIP, course.access)
    return Decision(False, Code.DRIP, course.access, (*course.chain, rule), opens_at)


def drip_opens_at(standing: Standing, lesson: Lesson, now: datetime) -> datetime | None:
    """When drip opens the lesson to this student: the first moment of a day of the site; None without drip  [X-25].

    Days count from the start of the student's cohort; without one, in a course of the type "drip", from the day they
    joined it, or from today as long as they have not.
    """
    if lesson.available_after_days is None:
        return None
    first_day = standing.cohort_starts_on
    if first_day is None and standing.course.access_duration_type == DurationType.DRIP:
        first_day = timezone.localdate(standing.enrolled_at or now, timezone.get_default_timezone())
    return start_of_day(first_day + timedelta(days=lesson.available_after_days)) if first_day else None
