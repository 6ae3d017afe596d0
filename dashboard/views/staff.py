"""Staff and their roles, for owners; each change asks who it is first."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import StudentRequest
from accounts.models import User
from dashboard.changing import posted
from dashboard.forms.staff import NewStaffForm, RoleForm
from dashboard.gates import confirms_identity, owners_only
from dashboard.lists import page_of
from dashboard.roles import MAY, Role, role_of
from dashboard.selectors.staff import all_staff, members_of
from dashboard.staffing import RoleRefused, give_role, take_role


@dataclass(frozen=True)
class Step:
    """What a page says, and what its button does: `apply` returns the sentence told afterwards."""

    title: str
    button: str
    form: Form
    apply: Callable[[], str]
    says: tuple[str, ...] = ()
    takes: bool = False


@require_safe
@owners_only
def index(request: StudentRequest) -> HttpResponse:
    """Everybody who gets into the dashboard, and as what."""
    page = page_of(request, all_staff())
    context = {"page": page, "members": members_of(page.object_list, request.user), "roles": MAY.items()}
    return render(request, "dashboard/staff/index.html", context)


@require_http_methods(["GET", "POST"])
@owners_only
@confirms_identity
def add(request: StudentRequest) -> HttpResponse:
    """Make somebody who has an account staff."""
    form = NewStaffForm(posted(request))

    def apply() -> str:
        role = Role(form.cleaned_data["role"])
        give_role(user=form.user, role=role, actor=request.user)
        return f"{form.user.display_name} is staff: {role}."

    says = ("They are logged out where they are logged in, and see the dashboard once they log in again.",)
    return _answer(request, Step("Add to staff", "Add to staff", form, apply, says))


@require_http_methods(["GET", "POST"])
@owners_only
@confirms_identity
def change(request: StudentRequest, staff_id: int) -> HttpResponse:
    """Give a member of staff another role."""
    member = get_object_or_404(User, pk=staff_id, is_staff=True)
    form = RoleForm(posted(request), initial={"role": role_of(member)})

    def apply() -> str:
        role = form.cleaned_data["role"]
        is_new = give_role(user=member, role=role, actor=request.user)
        return f"{member.display_name} is now {role}." if is_new else f"{member.display_name} was {role} already."

    logged_out = "They are logged out everywhere, and log in again with the new role."
    says = (f"{member.email}, now {role_of(member)}.", logged_out)
    return _answer(request, Step(f"Change the role of {member.display_name}", "Change role", form, apply, says))


@require_http_methods(["GET", "POST"])
@owners_only
@confirms_identity
def remove(request: StudentRequest, staff_id: int) -> HttpResponse:
    """Make a member of staff a student again."""
    member = get_object_or_404(User, pk=staff_id, is_staff=True)

    def apply() -> str:
        take_role(user=member, actor=request.user)
        return f"{member.display_name} is no longer staff."

    says = (
        f"{member.email}, now {role_of(member)}, is logged out everywhere and loses the dashboard at once.",
        "Their account stays, and so does what they did, under their name.",
    )
    form = Form(posted(request))
    return _answer(request, Step(f"Take {member.display_name} off staff", "Take off staff", form, apply, says, True))


def _answer(request: StudentRequest, step: Step) -> HttpResponse:
    form = step.form
    if form.is_bound and form.is_valid():
        try:
            told = step.apply()
        except RoleRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, told)
            return redirect("dashboard:staff_list")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "dashboard/staff/change.html", {"step": step, "form": form}, status=status)
