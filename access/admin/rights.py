"""Rights in Django's admin: staff look, and grant by hand; every change goes through the services."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import get_random_string

from access.models import AccessEvent, AccessType, CourseAccess, CourseEnrollment, Suspension
from access.models.tiers import OVERRIDE
from access.services import end_override, grant_access


class ReadOnly(admin.ModelAdmin[Any]):
    """Shown, never edited: rows change by services only."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(CourseAccess)
class CourseAccessAdmin(ReadOnly):
    list_display = ("user", "course", "tier_level", "access_type", "status", "starts_at", "expires_at")
    list_filter = ("status", "access_type")
    list_select_related = ("user", "course")
    search_fields = ("user__email", "course__title", "source_key")
    fields = ("user", "course", "tier_level", "expires_at", "must_join", "notes")
    autocomplete_fields = ("course",)
    raw_id_fields = ("user",)
    actions = ("end_overrides",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def save_model(self, request: HttpRequest, obj: CourseAccess, form: ModelForm[Any], change: bool) -> None:
        granted = grant_access(
            user=obj.user,
            course=obj.course,
            tier_level=obj.tier_level,
            access_type=AccessType.MANUAL,
            source_key=f"staff:{get_random_string(12)}",
            now=timezone.now(),
            expires_at=obj.expires_at,
            must_join=obj.must_join,
            actor=request.user,  # type: ignore[arg-type] # the admin is for signed-in staff
            reason=obj.notes,
        )
        obj.pk = granted.pk

    @admin.action(description="End memberships given for a time", permissions=["add"])
    def end_overrides(self, request: HttpRequest, queryset: QuerySet[CourseAccess]) -> None:
        now = timezone.now()
        students = [access.user for access in queryset.filter(source_key=OVERRIDE).select_related("user")]
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
    list_display = ("user", "course", "enrolled_at", "completed_at")
    list_select_related = ("user", "course")
    search_fields = ("user__email", "course__title")


@admin.register(Suspension)
class SuspensionAdmin(ReadOnly):
    list_display = ("user", "course", "reason", "suspended_by", "suspended_at", "lifted_at")
    list_select_related = ("user", "course", "suspended_by")
