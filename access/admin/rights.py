"""Rights in Django's admin: staff look, grant by hand, and change what they chose in the list, with a reason."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.forms import CharField, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from access.members import EnrollmentStatus, with_status
from access.models import AccessEvent, CourseAccess, CourseEnrollment, Suspension
from access.models.tiers import OVERRIDE
from access.services import (
    LIVE,
    AccessRefused,
    CohortFull,
    ReasonMissing,
    SeatsBelowMembers,
    end_override,
    extend_access,
    grant_by_hand,
    lock_access,
    reinstate,
    revoke_access,
    suspend,
    unlock_access,
)
from accounts.models import User


class ReadOnly(admin.ModelAdmin[Any]):
    """Shown, never edited: rows change by services only. What can be added is for students: staff hold no rights, and
    give themselves none that would outlive their role (T83).
    """

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "user":
            options["queryset"] = User.objects.filter(is_staff=False)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RefusalsShown(admin.ModelAdmin[Any]):
    """What a service refuses undoes the whole form and is said above it."""

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **options)
        except (SeatsBelowMembers, CohortFull, AccessRefused) as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())


class ChangeForm(ActionForm):
    """Stands beside the choice of the action: what the action needs to know. The action checks it, and says so."""

    days = CharField(required=False, label="Days (to extend)")
    reason = CharField(required=False, max_length=300, label="Reason")


class GrantForm(ModelForm[CourseAccess]):
    def clean(self) -> dict[str, Any] | None:
        """Says at the field what the constraint would refuse."""
        found = super().clean() or self.cleaned_data
        if not self.errors and (found["course"] is None) == (found["tier_level"] is None):
            self.add_error("course", "Choose a course or type a tier level, one of the two.")
        return found


@admin.register(CourseAccess)
class CourseAccessAdmin(RefusalsShown, ReadOnly):
    form = GrantForm
    list_display = ("user", "course", "tier_level", "source", "status", "starts_at", "expires_at")
    list_filter = ("status", "access_type")
    list_select_related = ("user", "course", "cohort", "bundle_purchase__bundle", "path")
    search_fields = ("user__email", "course__title", "source_key")
    fields = ("user", "course", "tier_level", "expires_at", "must_join", "notes")
    autocomplete_fields = ("course",)
    raw_id_fields = ("user",)
    action_form = ChangeForm
    actions = ("extend", "lock", "unlock", "revoke", "end_overrides")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def save_model(self, request: HttpRequest, obj: CourseAccess, form: ModelForm[Any], change: bool) -> None:
        granted = grant_by_hand(
            user=obj.user,
            course=obj.course,
            tier_level=obj.tier_level,
            now=timezone.now(),
            expires_at=obj.expires_at,
            must_join=obj.must_join,
            actor=request.user,  # type: ignore[arg-type] # the admin is for signed-in staff
            notes=obj.notes,
        )
        obj.pk = granted.pk

    @admin.display(description="Through", ordering="access_type")
    def source(self, access: CourseAccess) -> str:
        return access.source_label

    @admin.action(description="Extend by days", permissions=["add"])
    def extend(self, request: HttpRequest, queryset: QuerySet[CourseAccess]) -> None:
        days = request.POST.get("days", "")
        if not re.fullmatch(r"[1-9][0-9]{0,3}", days) or int(days) > 3650:
            self.message_user(request, "Extend by 1 to 3650 days.", messages.ERROR)
            return
        self._each(request, queryset, lambda access, said: extend_access(access=access, days=int(days), **said))

    @admin.action(description="Lock", permissions=["add"])
    def lock(self, request: HttpRequest, queryset: QuerySet[CourseAccess]) -> None:
        self._each(request, queryset, lambda access, said: lock_access(access=access, **said))

    @admin.action(description="Unlock", permissions=["add"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[CourseAccess]) -> None:
        self._each(request, queryset, lambda access, said: unlock_access(access=access, **said))

    @admin.action(description="Revoke (with a reason)", permissions=["add"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[CourseAccess]) -> None:
        self._each(request, queryset, lambda access, said: revoke_access(access=access, **said))

    def _each(
        self,
        request: HttpRequest,
        queryset: QuerySet[CourseAccess],
        change: Callable[[CourseAccess, dict[str, Any]], None],
    ) -> None:
        """Change one row after the other; a refusal names its row and leaves the others."""
        said = {"actor": request.user, "reason": request.POST.get("reason", "")[:300], "now": timezone.now()}
        done = 0
        for access in queryset.select_related("user", "course").order_by("pk"):
            try:
                change(access, said)
            except (AccessRefused, ReasonMissing) as refusal:
                named = access.course or f"tier {access.tier_level}"
                self.message_user(request, f"{access.user}, {named}: {refusal}", messages.ERROR)
            else:
                done += 1
        if done:
            self.message_user(request, f"{done} changed.")

    @admin.action(description="End memberships given for a time", permissions=["add"])
    def end_overrides(self, request: HttpRequest, queryset: QuerySet[CourseAccess]) -> None:
        now = timezone.now()
        chosen = queryset.filter(source_key=OVERRIDE, status__in=LIVE)  # not what a later one has replaced
        students = [access.user for access in chosen.select_related("user")]
        given: dict[str, Any] = {"actor": request.user, "reason": "Ended by staff", "now": now}
        ended = sum(end_override(user=student, **given) for student in students)
        self.message_user(request, f"{ended} ended.")


@admin.register(AccessEvent)
class AccessEventAdmin(ReadOnly):
    list_display = ("at", "action", "user", "course", "actor", "reason", "cause")
    list_filter = ("action",)
    list_select_related = ("user", "course", "actor")
    search_fields = ("user__email", "course__title")


@admin.register(CourseEnrollment)
class CourseEnrollmentAdmin(ReadOnly):
    list_display = ("user", "course", "access", "enrolled_at", "completed_at")
    list_select_related = ("user", "course")
    search_fields = ("user__email", "course__title")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CourseEnrollment]:
        return with_status(super().get_queryset(request), timezone.now())

    @admin.display(ordering="access_status")
    def access(self, enrollment: CourseEnrollment) -> str:
        return EnrollmentStatus(enrollment.access_status).label  # type: ignore[attr-defined] # annotated above


@admin.register(Suspension)
class SuspensionAdmin(ReadOnly):
    list_display = ("user", "course", "reason", "suspended_by", "suspended_at", "lifted_at")
    list_select_related = ("user", "course", "suspended_by")
    search_fields = ("user__email", "course__title")
    fields = ("user", "course", "reason", "public_note")
    autocomplete_fields = ("course",)
    raw_id_fields = ("user",)
    action_form = ChangeForm
    actions = ("lift",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def save_model(self, request: HttpRequest, obj: Suspension, form: ModelForm[Any], change: bool) -> None:
        """A second suspension of the same course changes nothing: the one that is open stays as it is."""
        said = {name: form.cleaned_data[name] for name in self.fields}
        obj.pk = suspend(**said, actor=request.user, now=timezone.now()).pk  # type: ignore[arg-type] # signed-in staff

    @admin.action(description="Reinstate", permissions=["add"])
    def lift(self, request: HttpRequest, queryset: QuerySet[Suspension]) -> None:
        said = {"actor": request.user, "reason": request.POST.get("reason", "")[:300], "now": timezone.now()}
        for suspension in queryset.filter(lifted_at=None):
            reinstate(suspension=suspension, **said)  # type: ignore[arg-type] # signed-in staff
