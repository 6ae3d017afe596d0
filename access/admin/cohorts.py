"""Cohorts in Django's admin: dates, seats and courses, and who is in them. Seats and rights go through the services."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import CharField, ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from access.admin.rights import ReadOnly, RefusalsShown
from access.models import Cohort, CohortMembership
from access.services import (
    AccessRefused,
    NotAMember,
    SeatsBelowMembers,
    add_to_cohort,
    grant_missing_cohort_access,
    remove_from_cohort,
    save_cohort,
)
from access.services.cohorts import refuse_fewer_seats_than_members


class CohortForm(ModelForm[Cohort]):
    def clean_max_participants(self) -> int | None:
        """Says at the field what the service would refuse."""
        seats: int | None = self.cleaned_data["max_participants"]
        try:
            refuse_fewer_seats_than_members(self.instance, seats)
        except SeatsBelowMembers as refusal:
            raise ValidationError(str(refusal)) from None
        return seats

    def clean(self) -> dict[str, Any] | None:
        """Says at the field what the constraint would refuse."""
        found = super().clean() or self.cleaned_data
        first, last = found.get("starts_on"), found.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day must not be before the first.")
        return found


class MembersInline(admin.TabularInline[CohortMembership, Cohort]):
    """Who is in it now; they come and go on the page of the memberships."""

    model = CohortMembership
    fk_name = "cohort"
    fields = readonly_fields = ("user", "joined_at", "added_by")
    verbose_name_plural = "members"
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[CohortMembership]:
        members = super().get_queryset(request).filter(left_at=None)
        return members.select_related("user", "cohort", "added_by").order_by("joined_at", "pk")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Cohort)
class CohortAdmin(RefusalsShown):
    form = CohortForm
    list_display = ("name", "starts_on", "ends_on", "seats", "grants_access", "is_active")
    list_filter = ("is_active", "grants_access", "courses")
    search_fields = ("name",)
    filter_horizontal = ("courses",)
    readonly_fields = ("seats", "members")
    inlines = (MembersInline,)
    actions = ("give_missing",)

    @admin.display(description="Seats taken", ordering="member_count")
    def seats(self, cohort: Cohort) -> str:
        return (
            f"{cohort.member_count} of {'any number' if cohort.max_participants is None else cohort.max_participants}"
        )

    @admin.display(description="Members")
    def members(self, cohort: Cohort) -> SafeString | str:
        if cohort._state.adding:
            return "Save the cohort first."
        add, everyone = (reverse(f"admin:access_cohortmembership_{page}") for page in ("add", "changelist"))
        links = '<a href="{}?cohort={}">Add a member</a> · <a href="{}?cohort__id__exact={}">Remove members</a>'
        return format_html(links, add, cohort.pk, everyone, cohort.pk)

    def save_model(self, request: HttpRequest, obj: Cohort, form: ModelForm[Cohort], change: bool) -> None:
        save_cohort(cohort=obj, now=timezone.now(), actor=request.user)  # type: ignore[arg-type] # signed-in staff

    @admin.action(description="Give members the courses they lack", permissions=["change"])
    def give_missing(self, request: HttpRequest, queryset: QuerySet[Cohort]) -> None:
        given: dict[str, Any] = {"now": timezone.now(), "actor": request.user}
        for cohort in queryset.order_by("pk"):
            try:
                served = grant_missing_cohort_access(cohort=cohort, **given)
            except AccessRefused as refusal:
                self.message_user(request, f"{cohort}: {refusal}", messages.ERROR)
            else:
                self.message_user(request, f"{cohort}: {served} served.")


class ReasonForm(ActionForm):
    """Stands beside the choice of the action."""

    reason = CharField(required=False, max_length=300, label="Reason")


@admin.register(CohortMembership)
class CohortMembershipAdmin(RefusalsShown, ReadOnly):
    list_display = ("user", "cohort", "joined_at", "added_by", "left_at")
    list_display_links = None
    list_filter = ("cohort", ("left_at", admin.EmptyFieldListFilter))
    list_select_related = ("user", "cohort", "added_by")
    search_fields = ("user__email", "user__name")
    ordering = ("-joined_at", "-pk")
    fields = ("cohort", "user")
    autocomplete_fields = ("cohort",)
    raw_id_fields = ("user",)
    action_form = ReasonForm
    actions = ("remove", "remove_and_keep")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def save_model(
        self, request: HttpRequest, obj: CohortMembership, form: ModelForm[CohortMembership], change: bool
    ) -> None:
        """Somebody who is in it already stays as they are."""
        actor: Any = request.user
        membership, _ = add_to_cohort(user=obj.user, cohort=obj.cohort, now=timezone.now(), actor=actor)
        obj.pk = membership.pk

    @admin.action(description="Remove, and take the access it gave", permissions=["add"])
    def remove(self, request: HttpRequest, queryset: QuerySet[CohortMembership]) -> None:
        self._remove(request, queryset, keep_access=False)

    @admin.action(description="Remove, and leave them the access", permissions=["add"])
    def remove_and_keep(self, request: HttpRequest, queryset: QuerySet[CohortMembership]) -> None:
        self._remove(request, queryset, keep_access=True)

    def _remove(self, request: HttpRequest, queryset: QuerySet[CohortMembership], *, keep_access: bool) -> None:
        said: dict[str, Any] = {"actor": request.user, "reason": request.POST.get("reason", "")[:300]}
        for membership in queryset.filter(left_at=None).select_related("user", "cohort").order_by("pk"):
            try:
                remove_from_cohort(
                    user=membership.user,
                    cohort=membership.cohort,
                    now=timezone.now(),
                    keep_access=keep_access,
                    **said,
                )
            except NotAMember:  # somebody else removed them a moment ago
                continue
            self.message_user(request, f"{membership.user} is no longer in {membership.cohort}.")
