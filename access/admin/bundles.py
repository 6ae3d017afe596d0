"""Bundles in Django's admin: what they hold; and purchases, which are given and ended by the services."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import CharField, ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import get_random_string

from access.admin.cohorts import ReasonForm
from access.admin.rights import ReadOnly
from access.models import Bundle, BundleCourse, BundlePurchase, BundleType
from access.services import (
    BundleRefused,
    ReasonMissing,
    buy_bundle,
    check_choice,
    end_bundle_purchase,
    grant_bundle_access,
    save_bundle,
)


class BundleForm(ModelForm[Bundle]):
    def clean_max_course_selections(self) -> int | None:
        """Says at the field what the constraint would refuse."""
        most: int | None = self.cleaned_data["max_course_selections"]
        if (self.cleaned_data.get("bundle_type") == BundleType.PICK_YOUR_OWN) != bool(most):
            raise ValidationError("A bundle to pick from says how many courses may be picked; no other one does.")
        return most


class EntryInline(admin.TabularInline[BundleCourse, Bundle]):
    model = BundleCourse
    autocomplete_fields = ("course",)
    ordering = ("level", "order", "pk")
    extra = 1


@admin.register(Bundle)
class BundleAdmin(admin.ModelAdmin[Bundle]):
    """One that was bought cannot be deleted: take it off the offer with `is_active`."""

    form = BundleForm
    list_display = ("name", "bundle_type", "is_active", "slug")
    list_filter = ("bundle_type", "is_active")
    search_fields = ("name",)
    fields = ("name", "slug", "description", "bundle_type", "max_course_selections", "is_active")
    readonly_fields = ("slug",)
    inlines = (EntryInline,)
    actions = ("give_missing",)

    def save_model(self, request: HttpRequest, obj: Bundle, form: ModelForm[Bundle], change: bool) -> None:
        save_bundle(bundle=obj)

    @admin.action(description="Give owners the courses they lack", permissions=["change"])
    def give_missing(self, request: HttpRequest, queryset: QuerySet[Bundle]) -> None:
        now, given = timezone.now(), 0
        for purchase in BundlePurchase.objects.filter(bundle__in=queryset, ended_at=None).order_by("pk"):
            given += len(grant_bundle_access(user=purchase.user, bundle_purchase=purchase, now=now, actor=request.user))  # type: ignore[arg-type] # signed-in staff
        self.message_user(request, f"{given} rights given.")


class PurchaseForm(ModelForm[BundlePurchase]):
    reason = CharField(max_length=300, help_text="Why the student gets the bundle")

    def clean(self) -> dict[str, Any] | None:
        """Says above the form what the service would refuse."""
        found = super().clean() or self.cleaned_data
        if bundle := found.get("bundle"):
            try:
                check_choice(bundle=bundle, now=timezone.now(), **_choice(found))
            except BundleRefused as refusal:
                raise ValidationError(str(refusal)) from None
        return found


def _choice(found: dict[str, Any]) -> dict[str, Any]:
    return {"course_ids": [course.pk for course in found.get("selected_courses", ())], "level": found.get("level")}


@admin.register(BundlePurchase)
class BundlePurchaseAdmin(ReadOnly):
    form = PurchaseForm
    list_display = ("user", "bundle", "level", "purchased_at", "granted_by", "ended_at")
    list_display_links = None
    list_filter = ("bundle", ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("user", "bundle", "granted_by")
    search_fields = ("user__email", "bundle__name")
    ordering = ("-purchased_at", "-pk")
    fields = ("user", "bundle", "level", "selected_courses", "reason")
    autocomplete_fields = ("bundle", "selected_courses")
    raw_id_fields = ("user",)
    action_form = ReasonForm
    actions = ("end",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def save_model(
        self, request: HttpRequest, obj: BundlePurchase, form: ModelForm[BundlePurchase], change: bool
    ) -> None:
        obj.pk = buy_bundle(
            user=obj.user,
            bundle=obj.bundle,
            source_key=f"staff:{get_random_string(12)}",
            now=timezone.now(),
            actor=request.user,  # type: ignore[arg-type] # the admin is for signed-in staff
            reason=form.cleaned_data["reason"],
            **_choice(form.cleaned_data),
        ).pk

    @admin.action(description="End: take its courses away", permissions=["add"])
    def end(self, request: HttpRequest, queryset: QuerySet[BundlePurchase]) -> None:
        reason = request.POST.get("reason", "")
        try:
            for purchase in queryset.order_by("pk"):
                end_bundle_purchase(bundle_purchase=purchase, now=timezone.now(), reason=reason, actor=request.user)  # type: ignore[arg-type] # signed-in staff
        except ReasonMissing as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
