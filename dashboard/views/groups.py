"""What gives several rights at once: a cohort, a learning path, a bundle."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from access.models import Bundle, BundlePurchase, Cohort, CohortMembership, PathMembership
from access.services import (
    NotAMember,
    add_to_cohort,
    buy_bundle,
    end_bundle_purchase,
    join_path,
    leave_path,
    remove_from_cohort,
)
from accounts.http import StudentRequest
from accounts.models import User
from accounts.services import note_action
from common.moments import format_moment
from dashboard import machine
from dashboard.changing import Change, Undoable, answer, posted, student_asked
from dashboard.forms.changes import (
    BundleChoiceForm,
    BundleForm,
    CohortForm,
    PathForm,
    ReasonForm,
    RemoveFromCohortForm,
    WhyForm,
)
from dashboard.gates import changes_access
from dashboard.lookups import row_asked
from dashboard.selectors.person import Ending, bundles_of, endings_of


@require_http_methods(["GET", "POST"])
@changes_access
@machine.or_json(machine.cohort)
def add_cohort(request: StudentRequest, student_id: int) -> HttpResponse:
    """Put a student into a cohort, with what it gives."""
    student = student_asked(student_id)
    form = CohortForm(posted(request))

    def apply(said: dict[str, Any]) -> str:
        cohort = form.cleaned_data["cohort"]
        _, is_new = add_to_cohort(user=student, cohort=cohort, **said)
        return (
            f"{student.display_name} is in {cohort}." if is_new else f"{student.display_name} is in {cohort} already."
        )

    says = ["They get a seat and the courses the cohort gives."]
    return answer(request, student, Change("Add to a cohort", "Add to cohort", form, apply, "cohort", says=says))


@require_http_methods(["GET", "POST"])
@changes_access
def remove_cohort(request: StudentRequest, student_id: int) -> HttpResponse:
    """Take a student out of a cohort; what the place gave ends, unless it is kept."""
    student = student_asked(student_id)
    cohort = row_asked(request, "cohort", Cohort.objects.filter(memberships__user=student).distinct())
    form = RemoveFromCohortForm(posted(request))

    def apply(said: dict[str, Any]) -> str | Undoable:
        try:
            remove_from_cohort(user=student, cohort=cohort, **form.cleaned_data, **said)
        except NotAMember:
            return f"{student.display_name} was not in {cohort} any more."
        left = CohortMembership.objects.filter(user=student, cohort=cohort).latest("pk")
        return Undoable(f"{student.display_name} is no longer in {cohort}.", "remove_from_cohort", {"left": left.pk})

    ends = "ends" if cohort.remove_access_on_leave else "stays, as the cohort says"
    says = [f"Their seat is free again, and the access the place gave {ends}.", "What they completed stays."]
    change = Change(f"Remove from {cohort}", "Remove from cohort", form, apply, takes=True, says=says)
    return answer(request, student, change)


@require_http_methods(["GET", "POST"])
@changes_access
def add_path(request: StudentRequest, student_id: int) -> HttpResponse:
    """Put a student on a learning path."""
    student = student_asked(student_id)
    form = PathForm(posted(request))

    def apply(said: dict[str, Any]) -> str:
        join_path(user=student, **form.cleaned_data, **said)
        return f"{student.display_name} is on {form.cleaned_data['path']}."

    says = ["Its first course opens, and each later one when they completed those before it."]
    return answer(request, student, Change("Put on a path", "Put on path", form, apply, "path", says=says))


@require_http_methods(["GET", "POST"])
@changes_access
def remove_path(request: StudentRequest, student_id: int) -> HttpResponse:
    """Take a student off a learning path; its rights end."""
    student = student_asked(student_id)
    memberships = PathMembership.objects.filter(user=student).select_related("path", "user")
    membership = row_asked(request, "membership", memberships)
    form = WhyForm(posted(request))

    def apply(said: dict[str, Any]) -> str:
        reason = form.cleaned_data["reason"] or "Taken off the path"
        leave_path(membership=membership, reason=reason, **said)
        return f"{student.display_name} is no longer on {membership.path}."

    says = ["The access the path gave ends. What they completed stays, and so does every other right."]
    change = Change(f"Take off {membership.path}", "Take off path", form, apply, takes=True, says=says)
    return answer(request, student, change)


@require_http_methods(["GET", "POST"])
@changes_access
@machine.or_json(machine.bundle)
def grant_bundle(request: StudentRequest, student_id: int) -> HttpResponse:
    """Give a bundle: first which one, then what of it."""
    student = student_asked(student_id)
    if "bundle" not in request.GET:
        context = {"student": student, "form": BundleForm()}
        return render(request, "dashboard/students/choose_bundle.html", context)
    bundle = row_asked(request, "bundle", Bundle.objects.filter(is_active=True))
    return answer(request, student, _bundle_change(request, student, bundle))


def _bundle_change(request: StudentRequest, student: User, bundle: Bundle) -> Change:
    form = BundleChoiceForm(posted(request), bundle=bundle)

    def apply(said: dict[str, Any]) -> str:
        chosen = form.cleaned_data
        buy_bundle(
            user=student,
            bundle=bundle,
            source_key=f"staff:{chosen['once']}",
            course_ids=[course.pk for course in chosen.get("courses", ())],
            level=chosen.get("level"),
            reason=chosen["reason"],
            **said,
        )
        return f"{student.display_name} has {bundle}."

    refused_at = next((name for name in ("level", "courses") if name in form.fields), None)
    says = ["Each of its courses becomes a right of its own, and one mail tells of them all."]
    return Change(f"Grant {bundle}", "Grant bundle", form, apply, refused_at, says=says)


@require_http_methods(["GET", "POST"])
@changes_access
def end_bundle(request: StudentRequest, student_id: int) -> HttpResponse:
    """Take away what a bundle gave, with a reason; none of it comes back."""
    student = student_asked(student_id)
    purchase = row_asked(request, "purchase", bundles_of(student))
    form = ReasonForm(posted(request))

    def apply(said: dict[str, Any]) -> str:
        reason = form.cleaned_data["reason"]
        end_bundle_purchase(bundle_purchase=purchase, reason=reason, **said)
        if purchase.ended_at != said["now"]:
            return f"{student.display_name} did not have {purchase.bundle} any more."
        # The ledger knows only of rights, and a purchase may have none left.
        note_action(actor=said["actor"], verb="ended", about=purchase, detail=reason)
        return f"{student.display_name} no longer has {purchase.bundle}."

    title, says = f"End {purchase.bundle}", _what_ends(purchase)
    return answer(request, student, Change(title, "End bundle", form, apply, "reason", takes=True, says=says))


def _what_ends(purchase: BundlePurchase) -> list[str]:
    if purchase.ended_at:
        return [f"It ended {format_moment(purchase.ended_at)}. Nothing more is taken."]
    how = f"Given by {purchase.granted_by.display_name}" if purchase.granted_by else "Bought"
    level = f"{purchase.get_level_display()}. " if purchase.level else ""
    endings = sorted(
        endings_of(purchase, timezone.now()), key=lambda each: (bool(each.stays_through), not each.was_open)
    )
    courses = [_in_words(ending) for ending in endings]
    return [
        f"{level}{how} {format_moment(purchase.purchased_at)}.",
        *(courses or ["None of the rights it gave is left."]),
        "What ends never comes back; the bundle can be granted anew.",
        "What they completed stays, and so does every other right they hold.",
    ]


def _in_words(ending: Ending) -> str:
    if ending.stays_through:
        return f"“{ending.course}” stays open through another right: {ending.stays_through.source_label}."
    return f"“{ending.course}” {'closes' if ending.was_open else 'is not open to them now; the right to it ends'}."
