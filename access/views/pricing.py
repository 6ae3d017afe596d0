"""What memberships cost and open."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from access.tiers import membership_of, plans_for, yearly_saving
from accounts.http import SiteRequest
from common.page_cache import cached_for_visitors


@login_not_required
@require_safe
@cached_for_visitors
def pricing(request: SiteRequest) -> HttpResponse:
    """The tiers side by side, with the courses each opens. A year is shown unless the address asks for months."""
    now = timezone.now()
    membership = membership_of(request.user, now)
    plans = plans_for(membership, is_member=request.user.is_authenticated, now=now)
    context = {
        "plans": plans,
        "membership": membership,
        "is_monthly": request.GET.get("billing") == "monthly",
        "saving": yearly_saving(plans),
        "viewer": _viewer(request),
    }
    return render(request, "access/pricing.html", context)


def _viewer(request: SiteRequest) -> str:
    if not request.user.is_authenticated:
        return "visitor"
    return "staff" if request.user.is_staff else "student"
