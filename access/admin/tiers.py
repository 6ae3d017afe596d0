"""Tiers in Django's admin: names, features and prices; and giving one to a student for a time."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from access.forms import GiveTierForm, TierForm
from access.models import Tier
from access.services import override_tier
from accounts.models import User
from common.moments import format_moment
from common.money import format_money


@admin.register(Tier)
class TierAdmin(admin.ModelAdmin[Tier]):
    form = TierForm
    list_display = ("level", "name", "per_year", "per_month", "give")
    list_display_links = ("name",)
    ordering = ("level",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="Price per year")
    def per_year(self, tier: Tier) -> str:
        return _price(tier.price_yearly_minor, tier.currency)

    @admin.display(description="Price per month")
    def per_month(self, tier: Tier) -> str:
        return _price(tier.price_monthly_minor, tier.currency)

    @admin.display(description="For a time")
    def give(self, tier: Tier) -> SafeString | str:
        if tier.level == 0:
            return "Everybody has it"
        return format_html('<a href="{}">Give to a student</a>', reverse("admin:access_tier_give", args=[tier.pk]))

    def get_urls(self) -> list[URLPattern]:
        give = path("<int:object_id>/give/", self.admin_site.admin_view(self.give_view), name="access_tier_give")
        return [give, *super().get_urls()]

    def give_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Ask for whom, how long and why; the service does the rest."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        tier = get_object_or_404(Tier, pk=object_id, level__gte=1)
        form = GiveTierForm(request.POST or None)
        if form.is_valid():
            messages.success(request, _give(tier, form, actor=request.user))  # type: ignore[arg-type] # signed-in staff
            return redirect("admin:access_tier_changelist")
        context = self.admin_site.each_context(request) | {"form": form, "tier": tier, "opts": self.opts}
        return render(request, "admin/access/tier/give.html", context | {"title": f"Give {tier} for a time"})


def _give(tier: Tier, form: GiveTierForm, *, actor: User) -> str:
    """Give it, and say what was given."""
    student, now = form.cleaned_data["email"], timezone.now()
    until, reason = form.until(now), form.cleaned_data["reason"]
    override_tier(user=student, level=tier.level, until=until, actor=actor, reason=reason, now=now)
    return f"{student} has {tier} until {format_moment(until)}."


def _price(amount_minor: int | None, currency: str) -> str:
    return "none" if amount_minor is None else format_money(amount_minor, currency)
