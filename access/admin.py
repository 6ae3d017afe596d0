"""Rights, groups and their histories in Django's admin: every row to look at. They change in the dashboard, where staff
say why, confirm the gravest steps, and are logged.
"""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from access.members import EnrollmentStatus, with_status
from access.models import (
    AccessEvent,
    Bundle,
    BundlePurchase,
    Cohort,
    CohortMembership,
    CourseAccess,
    CourseEnrollment,
    LearningPath,
    PathMembership,
    Suspension,
    Tier,
)
from common.admin import ReadOnly


@admin.register(CourseAccess)
class CourseAccessAdmin(ReadOnly):
    list_display = ("user", "course", "tier_level", "source_label", "status", "starts_at", "expires_at")
    list_filter = ("status", "access_type")
    list_select_related = ("user", "course", "cohort", "bundle_purchase__bundle", "path")
    search_fields = ("user__email", "course__title", "source_key")


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


@admin.register(Cohort)
class CohortAdmin(ReadOnly):
    list_display = ("name", "starts_on", "ends_on", "member_count", "max_participants", "grants_access", "is_active")
    list_filter = ("is_active", "grants_access")
    search_fields = ("name",)


@admin.register(CohortMembership)
class CohortMembershipAdmin(ReadOnly):
    list_display = ("user", "cohort", "joined_at", "added_by", "left_at")
    list_filter = (("left_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user", "cohort", "added_by")
    search_fields = ("user__email", "user__name", "cohort__name")


@admin.register(Bundle)
class BundleAdmin(ReadOnly):
    list_display = ("name", "bundle_type", "is_active", "slug")
    list_filter = ("bundle_type", "is_active")
    search_fields = ("name",)


@admin.register(BundlePurchase)
class BundlePurchaseAdmin(ReadOnly):
    list_display = ("user", "bundle", "level", "purchased_at", "granted_by", "ended_at")
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user", "bundle", "granted_by")
    search_fields = ("user__email", "bundle__name")


@admin.register(LearningPath)
class LearningPathAdmin(ReadOnly):
    list_display = ("title", "is_free", "is_active", "slug")
    list_filter = ("is_active", "is_free")
    search_fields = ("title",)


@admin.register(PathMembership)
class PathMembershipAdmin(ReadOnly):
    list_display = ("user", "path", "joined_at", "left_at")
    list_filter = (("left_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user", "path")
    search_fields = ("user__email", "path__title")


@admin.register(Tier)
class TierAdmin(ReadOnly):
    list_display = ("level", "name", "price_yearly_minor", "price_monthly_minor", "currency")
    ordering = ("level",)
