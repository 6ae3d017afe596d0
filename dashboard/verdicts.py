"""The access inspector's answer in words for staff: every rule, the rights that decided nothing, what would open it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from access.decisions import Rule, deciding_row, drip_opens_at
from access.models import AccessStatus, CourseAccess
from access.openings import Fix, Kind
from accounts.models import User
from catalog.models import Course, Lesson
from common.moments import format_day, format_moment
from dashboard.gates import may_change_access, may_edit_content
from dashboard.selectors.inspecting import Inspection


@dataclass(frozen=True)
class Line:
    """One rule: its name, result (None: it did not apply), what was found, who set it, and links to what it names."""

    title: str
    passed: bool | None
    found: str
    is_deciding: bool = False
    by: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Advice:
    """One way to take a hurdle, with where it is done; without an address it is for time to do."""

    kind: Kind
    text: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True)
class OtherRight:
    """A right that did not decide, and why."""

    source: str
    why: str
    by: str


def name_of(user: User | None) -> str:
    return user.display_name if user else ""


def right_in_words(row: CourseAccess, moment: datetime) -> str:
    """What a right is at a moment, as readers see it."""
    if row.status == AccessStatus.REVOKED:
        taken = f"revoked {format_moment(row.revoked_at)}" if row.revoked_at else "revoked"
        return f"{taken}: {row.revocation_reason}"
    if row.status == AccessStatus.LOCKED:
        return "locked until it is unlocked"
    if row.is_open(moment):
        return f"open until {format_moment(row.expires_at)}" if row.expires_at else "open for life"
    return _not_open(row, moment)


def _not_open(row: CourseAccess, moment: datetime) -> str:
    if row.expires_at is not None and row.expires_at <= moment:
        return f"ended {format_moment(row.expires_at)}"
    if row.starts_at is None:
        return "waits for a payment or an earlier step"
    return f"starts {format_moment(row.starts_at)}" if row.starts_at > moment else "ended"


def lines_of(found: Inspection) -> list[Line]:
    """Every rule in its order; the deciding one is marked."""
    return [_line(found, rule) for rule in found.explanation.rules]


def _line(found: Inspection, rule: Rule) -> Line:
    title, say = RULES[rule.name]
    text, by, links = say(found, rule)
    return Line(title, rule.passed, text, rule.name == found.explanation.deciding, by, links)


Said = tuple[str, str, tuple[tuple[str, str], ...]]


def _staff(found: Inspection, rule: Rule) -> Said:
    return ("staff open everything" if rule.passed else "a student", "", ())


def _visible(found: Inspection, rule: Rule) -> Said:
    course = found.course
    words = f"{course.get_status_display()}; {course.get_visibility_display()}"
    return words, "", ((course.title, course.get_absolute_url()),)


def _suspended(found: Inspection, rule: Rule) -> Said:
    row = found.held.suspension
    if row is None:
        return "no suspension", "", ()
    return f"suspended {format_moment(row.suspended_at)}: {row.reason}", name_of(row.suspended_by), ()


def _signed_in(found: Inspection, rule: Rule) -> Said:
    return "asked for the student when logged in", "", ()


def _opened(found: Inspection, rule: Rule) -> Said:
    return found.course.get_status_display(), "", ()


def _right(found: Inspection, rule: Rule) -> Said:
    row = rule.access
    if row is None:
        return f"none; the way in: {found.course.get_enrollment_method_display()}", "", ()
    words = f"{row.source_label}, given {format_day(row.granted_at)}: {right_in_words(row, found.question.moment)}"
    by = row.revoked_by if row.status == AccessStatus.REVOKED else row.granted_by
    return words, name_of(by), ()


def _joined(found: Inspection, rule: Rule) -> Said:
    joined_at = found.question.standing.enrolled_at
    if rule.passed is None and joined_at is None:
        return "not joined, and not asked for", "", ()
    return (f"joined {format_moment(joined_at)}" if joined_at else "has not joined the course"), "", ()


def _prerequisites(found: Inspection, rule: Rule) -> Said:
    missing = found.held.missing
    links = tuple((course.title, course.get_absolute_url()) for course in missing)
    return ("to complete first:" if missing else "nothing is missing"), "", links


def _published(found: Inspection, rule: Rule) -> Said:
    return ("published" if rule.passed else "not published"), "", ()


def _preview(found: Inspection, rule: Rule) -> Said:
    return ("open to everybody" if rule.passed else "not a preview"), "", ()


def _drip(found: Inspection, rule: Rule) -> Said:
    question = found.question
    if question.lesson is None or rule.passed is None:
        return "opens with the course", "", ()
    opens_at = drip_opens_at(question.standing, question.lesson, question.moment)
    words = f"opens {format_moment(opens_at)}" if opens_at else "no day to count from, so open"
    return (f"{words}; completed before, so open" if question.is_completed else words), "", ()


RULES: dict[str, tuple[str, Callable[[Inspection, Rule], Said]]] = {
    "staff": ("Member of staff", _staff),
    "visible": ("Course visible", _visible),
    "not suspended": ("Not suspended", _suspended),
    "signed in": ("Logged in", _signed_in),
    "opened": ("Course opened", _opened),
    "open right": ("Open right", _right),
    "joined": ("Joined", _joined),
    "prerequisites": ("Prerequisites", _prerequisites),
    "published": ("Lesson published", _published),
    "preview": ("Preview", _preview),
    "drip": ("Day of the lesson", _drip),
}


def others_of(found: Inspection) -> list[OtherRight]:
    """The rights that decided nothing, the newest first."""
    rows, moment = found.explanation.others, found.question.moment
    longest = deciding_row(found.question.standing.rows, moment)
    return [_other(row, moment, longest) for row in rows]


def _other(row: CourseAccess, moment: datetime, longest: CourseAccess | None) -> OtherRight:
    why = right_in_words(row, moment)
    if row.is_open(moment):
        why += "" if row == longest else "; another one lasts longer, or asks for less"
    by = row.revoked_by if row.status == AccessStatus.REVOKED else row.granted_by
    return OtherRight(row.source_label, why, name_of(by))


def advice_of(found: Inspection, viewer: User) -> list[list[Advice]]:
    """What would open it: hurdle by hurdle, the ways to take each. A way the viewer may not go has no button."""
    return [[_advice(found, fix, viewer) for fix in step] for step in found.steps]


def _advice(found: Inspection, fix: Fix, viewer: User) -> Advice:
    who = name_of(found.student)
    source = fix.access.source_label if fix.access else ""
    till = format_moment(fix.until) if fix.until else ""
    days = f"{fix.days} day" if fix.days == 1 else f"{fix.days} days"
    missing = " and ".join(each.title for each in found.held.missing)
    texts = {
        Kind.PUBLISH_COURSE: "Set the course to active.",
        Kind.PUBLISH_LESSON: "Publish the lesson.",
        Kind.REINSTATE: f"Reinstate {who}.",
        Kind.EXTEND: f"Extend the right ({source}) by {days}, to {till}.",
        Kind.UNLOCK: f"Unlock the right ({source}).",
        Kind.ACTIVATE: f"Activate the right ({source}), which waits.",
        Kind.GRANT: "Grant new access.",
        Kind.ENROLL: f"{who} enrolls on the course page.",
        Kind.JOIN: f"{who} joins the course on its page.",
        Kind.COMPLETE: f"{who} completes {missing}.",
        Kind.WAIT: f"Wait until {till}.",
    }
    url = address_of(found, fix) if GATES.get(fix.kind, may_change_access)(viewer) else ""
    return Advice(fix.kind, texts[fix.kind], url, LABELS.get(fix.kind, ""))


LABELS = {
    Kind.PUBLISH_COURSE: "Edit course",
    Kind.PUBLISH_LESSON: "Edit lesson",
    Kind.REINSTATE: "Reinstate",
    Kind.EXTEND: "Extend access",
    Kind.UNLOCK: "Unlock access",
    Kind.ACTIVATE: "Open now",
    Kind.GRANT: "Grant access",
    Kind.WAIT: "Ask for that moment",
}


# Who may go each way; the others need the permission to change rights.
GATES: dict[Kind, Callable[[User], bool]] = {
    Kind.PUBLISH_COURSE: may_edit_content,
    Kind.PUBLISH_LESSON: may_edit_content,
    Kind.WAIT: lambda viewer: viewer.is_staff,
}


def address_of(found: Inspection, fix: Fix) -> str:
    """Where staff do it; empty for what only the student can do."""
    student, course, lesson = found.student.pk, found.course, found.question.lesson
    right = fix.access.pk if fix.access else 0
    pages: dict[Kind, tuple[str, int | str, dict[str, Any]]] = {
        Kind.PUBLISH_COURSE: ("dashboard:course_edit", course.slug, {}),
        Kind.PUBLISH_LESSON: ("dashboard:lesson_edit", lesson.pk if lesson else 0, {}),
        Kind.REINSTATE: ("dashboard:student_reinstate", student, {"course": course.slug}),
        Kind.EXTEND: ("dashboard:student_extend_access", student, {"access": right, "days": fix.days}),
        Kind.UNLOCK: ("dashboard:student_unlock_access", student, {"access": right}),
        Kind.ACTIVATE: ("dashboard:student_activate_access", student, {"access": right}),
        Kind.GRANT: ("dashboard:student_grant_access", student, {"course": course.slug}),
    }
    if fix.kind == Kind.WAIT:
        return inspector_address(found.student, lesson or course, fix.until)
    if fix.kind not in pages:
        return ""
    name, of_what, query = pages[fix.kind]
    return f"{reverse(name, args=[of_what])}?{urlencode(query)}".rstrip("?")


def inspector_address(student: User, target: Course | Lesson, moment: datetime | None = None) -> str:
    """The page that answers this; without a moment, for the moment it is opened at."""
    asked = {"student": student.email, "what": target.get_absolute_url()}
    if moment is not None:
        asked["at"] = moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return f"{reverse('dashboard:access_inspect')}?{urlencode(asked)}"
