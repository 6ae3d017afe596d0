"""Rights of one student: grant, extend, lock, unlock, open and revoke one, and a membership for a time."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from access.models import CourseAccess
from access.services import grant_by_hand, lock_access, open_by_hand, revoke_access, unlock_access
from access.services.undoing import last_event_of
from accounts.http import StudentRequest
from accounts.models import User
from common.moments import format_moment
from dashboard import machine
from dashboard.changing import Change, Undoable, answer, posted, student_asked
from dashboard.forms.changes import ExtendForm, GrantForm, MembershipForm, ReasonForm, WhyForm
from dashboard.gates import changes_access
from dashboard.lookups import course_named, row_asked
from dashboard.selectors.person import SOURCES, name_of, tier_names
from dashboard.services import extend_once, give_tier_once

DIGITS = 5
STAYS = "What they completed stays, and so does every other right they hold."


@require_http_methods(["GET", "POST"])
@changes_access
@machine.or_json(machine.grant)
def grant(request: StudentRequest, student_id: int) -> HttpResponse:
    """Give a course by hand."""
    student = student_asked(student_id)
    form = GrantForm(posted(request), initial={"course": course_named(request.GET.get("course", ""))})

    def apply(said: dict[str, Any]) -> Undoable:
        given = {name: form.cleaned_data[name] for name in ("course", "must_join", "notes")}
        source_key = f"staff:{form.cleaned_data['once']}"
        access = grant_by_hand(user=student, expires_at=form.until(), source_key=source_key, **given, **said)
        told = f"{student.display_name} has access to {given['course']}{_until(access)}."
        return Undoable(told, "grant", {"event": last_event_of(access).pk})

    refused_at = "last_day" if request.POST.get("last_day") else "course"
    return answer(request, student, Change("Grant access", "Grant access", form, apply, refused_at))


@require_http_methods(["GET", "POST"])
@changes_access
def extend(request: StudentRequest, student_id: int) -> HttpResponse:
    """Add days to one right: to its end while it runs, to now once it ended."""
    student, access, name = _asked(request, student_id)
    form = ExtendForm(posted(request), initial=_days_asked(request))

    def apply(said: dict[str, Any]) -> Undoable:
        given = {name: form.cleaned_data[name] for name in ("days", "reason")}
        extend_once(access=access, cause=f"staff:{form.cleaned_data['once']}", **given, **said)
        access.refresh_from_db()
        facts = {"event": last_event_of(access).pk, "days": given["days"]}
        return Undoable(f"Access to {name} is extended{_until(access)}.", "extend", facts)

    says = ["The days are added to its end while it runs, and to this moment once it has ended."]
    return answer(
        request, student, Change(f"Extend {name}", "Extend access", form, apply, "days", says=_facts(access) + says)
    )


@require_http_methods(["GET", "POST"])
@changes_access
@machine.or_json(machine.revoke)
def revoke(request: StudentRequest, student_id: int) -> HttpResponse:
    """Take one right away, with a reason; it never comes back."""
    student, access, name = _asked(request, student_id)
    form = ReasonForm(posted(request))

    def apply(said: dict[str, Any]) -> str:
        revoke_access(access=access, reason=form.cleaned_data["reason"], **said)
        return f"The access to {name} is revoked. {STAYS}"

    says = [*_facts(access), "This one right ends now and never comes back; a new one can be granted.", STAYS]
    return answer(
        request, student, Change(f"Revoke {name}", "Revoke access", form, apply, "reason", takes=True, says=says)
    )


@require_http_methods(["GET", "POST"])
@changes_access
def lock(request: StudentRequest, student_id: int) -> HttpResponse:
    """Pause one right, with a reason."""
    student, access, name = _asked(request, student_id)
    form = ReasonForm(posted(request))

    def apply(said: dict[str, Any]) -> str:
        lock_access(access=access, reason=form.cleaned_data["reason"], **said)
        return f"The access to {name} is locked."

    says = [*_facts(access), "This one right is paused until you unlock it; its end does not move."]
    return answer(request, student, Change(f"Lock {name}", "Lock access", form, apply, takes=True, says=says))


@require_http_methods(["GET", "POST"])
@changes_access
def unlock(request: StudentRequest, student_id: int) -> HttpResponse:
    """End the pause of one right."""
    student, access, name = _asked(request, student_id)
    form = WhyForm(posted(request))

    def apply(said: dict[str, Any]) -> str:
        unlock_access(access=access, reason=form.cleaned_data["reason"], **said)
        return f"The access to {name} is unlocked."

    return answer(request, student, Change(f"Unlock {name}", "Unlock access", form, apply, says=_facts(access)))


@require_http_methods(["GET", "POST"])
@changes_access
def activate(request: StudentRequest, student_id: int) -> HttpResponse:
    """Open one right that waits."""
    student, access, name = _asked(request, student_id)
    form = WhyForm(posted(request))

    def apply(said: dict[str, Any]) -> str:
        open_by_hand(access=access, reason=form.cleaned_data["reason"], **said)
        return f"The access to {name} is open{_until(access)}."

    says = [*_facts(access), "It waits, and opens now instead of later. The student is told."]
    return answer(request, student, Change(f"Open now: {name}", "Open now", form, apply, says=says))


@require_http_methods(["GET", "POST"])
@changes_access
def give_tier(request: StudentRequest, student_id: int) -> HttpResponse:
    """Give a membership for a time; one given before is replaced."""
    student = student_asked(student_id)
    form = MembershipForm(posted(request))

    def apply(said: dict[str, Any]) -> str:
        tier, until = form.cleaned_data["tier"], form.until(said["now"])
        cause = f"staff:{form.cleaned_data['once']}"
        reason = form.cleaned_data["reason"]
        give_tier_once(user=student, level=tier.level, until=until, reason=reason, cause=cause, **said)
        return f"{student.display_name} has the membership {tier} until {format_moment(until)}."

    says = ["It replaces one given for a time before. A paid membership stays, and the higher of both counts."]
    return answer(request, student, Change("Give a membership", "Give membership", form, apply, "tier", says=says))


def _asked(request: StudentRequest, student_id: int) -> tuple[User, CourseAccess, str]:
    """The student, the one right of theirs that the address names, and what it opens."""
    student = student_asked(student_id)
    access = row_asked(request, "access", _rows(student))
    return student, access, name_of(access, tier_names())


def _days_asked(request: StudentRequest) -> dict[str, int]:
    """What `?days=` proposes; the inspector knows how many would open the lesson."""
    days = request.GET.get("days", "")
    return {"days": int(days)} if days.isascii() and days.isdecimal() and len(days) < DIGITS else {}


def _rows(student: User) -> QuerySet[CourseAccess]:
    return CourseAccess.objects.filter(user=student).select_related("course", *SOURCES)


def _facts(access: CourseAccess) -> list[str]:
    """Which right it is: a student may hold several to one course."""
    if access.starts_at is None:
        begins = f"given {format_moment(access.granted_at)} and not begun"
    else:
        begins = f"{'from' if access.starts_at > timezone.now() else 'since'} {format_moment(access.starts_at)}"
    return [f"{access.source_label}, {begins}{_until(access)}."]


def _until(access: CourseAccess) -> str:
    if access.expires_at is None:
        return ", without an end" if not access.duration_days else f", for {access.duration_days} days"
    has_ended = access.expires_at <= timezone.now()
    return f", ended {format_moment(access.expires_at)}" if has_ended else f" until {format_moment(access.expires_at)}"
