"""The four memberships: what they are called, include and cost."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from access.models import Tier
from access.services.managing import version_of
from accounts.http import StudentRequest
from dashboard.changing import posted
from dashboard.forms.tiers import TierForm
from dashboard.gates import confirms_identity, may_manage_staff, owners_only, staff_only
from dashboard.group_pages import save_page
from dashboard.selectors.groups import tier_lines


@require_safe
@staff_only
def index(request: StudentRequest) -> HttpResponse:
    context = {"lines": tier_lines(timezone.now()), "may_edit": may_manage_staff(request.user)}
    return render(request, "dashboard/tiers/index.html", context)


@require_http_methods(["GET", "POST"])
@owners_only
@confirms_identity
def edit(request: StudentRequest, tier_level: int) -> HttpResponse:
    """Names, features and prices of one; its level stands for good."""
    tier = get_object_or_404(Tier, level=tier_level)
    label = str(tier)
    form = TierForm(posted(request), instance=tier, initial={"version": version_of(tier)})
    line = next(line for line in tier_lines(timezone.now()) if line.tier.level == tier_level)
    list_url = reverse("dashboard:tier_list")
    context = {"form": form, "line": line, "label": label, "list_url": list_url, "detail_url": list_url}
    return save_page(request, form, context, "dashboard/tiers/form.html", "name")
