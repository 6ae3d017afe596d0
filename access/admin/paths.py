"""Learning paths in Django's admin: their steps; and who is on them, through the services."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import CharField, ModelForm
from django.http import HttpRequest
from django.utils import timezone

from access.admin.cohorts import ReasonForm
from access.admin.rights import ReadOnly
from access.models import LearningPath, PathMembership, PathStep
from access.services import grant_missing_path_access, join_path, leave_path


class StepInline(admin.TabularInline[PathStep, LearningPath]):
    model = PathStep
    autocomplete_fields = ("course",)
    ordering = ("order", "pk")
    extra = 1


@admin.register(LearningPath)
class LearningPathAdmin(admin.ModelAdmin[LearningPath]):
    """New steps reach those who are on the path by the action; one with members is taken off the offer, not deleted."""

    list_display = ("title", "is_free", "is_active", "slug")
    list_filter = ("is_active", "is_free")
    search_fields = ("title",)
    prepopulated_fields = {"slug": ("title",)}  # noqa: RUF012 - as Django's admin wants it
    inlines = (StepInline,)
    actions = ("give_missing",)

    @admin.action(description="Give members the courses they lack", permissions=["change"])
    def give_missing(self, request: HttpRequest, queryset: QuerySet[LearningPath]) -> None:
        given: dict[str, Any] = {"now": timezone.now(), "actor": request.user}
        written = sum(grant_missing_path_access(path=path, **given) for path in queryset.order_by("pk"))
        self.message_user(request, f"{written} rights given or opened.")


class MembershipForm(ModelForm[PathMembership]):
    reason = CharField(max_length=300, help_text="Why the student gets the path")

    def validate_constraints(self) -> None:
        """Who is on the path already stays on it: the service gives only what is missing."""


@admin.register(PathMembership)
class PathMembershipAdmin(ReadOnly):
    form = MembershipForm
    list_display = ("user", "path", "joined_at", "left_at")
    list_display_links = None
    list_filter = ("path", ("left_at", admin.EmptyFieldListFilter))
    list_select_related = ("user", "path")
    search_fields = ("user__email", "path__title")
    ordering = ("-joined_at", "-pk")
    fields = ("user", "path", "reason")
    autocomplete_fields = ("path",)
    raw_id_fields = ("user",)
    action_form = ReasonForm
    actions = ("leave",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def save_model(
        self, request: HttpRequest, obj: PathMembership, form: ModelForm[PathMembership], change: bool
    ) -> None:
        reason, now = form.cleaned_data["reason"], timezone.now()
        obj.pk = join_path(user=obj.user, path=obj.path, now=now, actor=request.user, reason=reason).pk  # type: ignore[arg-type] # signed-in staff

    @admin.action(description="Take off the path: its courses close", permissions=["add"])
    def leave(self, request: HttpRequest, queryset: QuerySet[PathMembership]) -> None:
        reason = request.POST.get("reason", "").strip() or "Taken off the path"
        for membership in queryset.order_by("pk"):
            leave_path(membership=membership, now=timezone.now(), actor=request.user, reason=reason)  # type: ignore[arg-type] # signed-in staff
