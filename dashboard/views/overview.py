"""The first page of the dashboard: what needs somebody, figures that lead to their lists, and what happened lately."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import StudentRequest
from dashboard.attention import attention_of
from dashboard.figures import tiles_of
from dashboard.gates import may_edit_content, staff_only
from dashboard.keeping import kept
from dashboard.selectors.activity import MOST_NEW, Kind, count_since, happenings
from dashboard.selectors.attention import matters_at
from dashboard.selectors.figures import figures_at

LONG_AGO = timedelta(days=1)


@require_safe
@staff_only
def index(request: StudentRequest) -> HttpResponse:
    now = timezone.now()
    figures = kept("figures", figures_at, now)
    context = {
        "attention": attention_of(matters_at(now), request.user),
        "tiles": tiles_of(figures.found),
        "counted_at": figures.at,
        "can_create": may_edit_content(request.user),
        **_feed(_kind(request), now),
    }
    return render(request, "dashboard/overview/index.html", context)


@require_safe
@staff_only
def activity(request: StudentRequest) -> HttpResponse:
    """The feed alone; with `?since=`, only how much is new since then, so that nothing moves under who reads it."""
    now = timezone.now()
    kind, since = _kind(request), _since(request, now)
    if since is None:
        return render(request, "dashboard/overview/_feed.html", _feed(kind, now))
    new = count_since(kind, since)
    context = {"kind": kind, "since": since, "new": min(new, MOST_NEW), "is_more": new > MOST_NEW}
    return render(request, "dashboard/overview/_news.html", context)


def _feed(kind: Kind | None, now: datetime) -> dict[str, Any]:
    lines = happenings(kind)
    return {
        "kind": kind,
        "kinds": list(Kind),
        "lines": lines,
        "since": lines[0].at if lines else now,
        "loaded_at": now,
    }


def _kind(request: StudentRequest) -> Kind | None:
    """What `?kind=` asks for; anything else asks for all."""
    with suppress(ValueError):
        return Kind(request.GET.get("kind", ""))
    return None


def _since(request: StudentRequest, now: datetime) -> datetime | None:
    """The moment `?since=` names; None for what is no moment, and for one so long ago that all has to be read anew."""
    try:
        moment = datetime.fromisoformat(request.GET.get("since", ""))
    except ValueError:
        return None
    return moment if moment.tzinfo and moment > now - LONG_AGO else None
