"""The search in the top bar: students, courses and all else by name, on one page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import StudentRequest
from dashboard.gates import may_edit_content, staff_only
from dashboard.selectors.search import found_everywhere, words_of


@require_safe
@staff_only
def search(request: StudentRequest) -> HttpResponse:
    """The first few of each kind; without words, the question."""
    words = words_of(request.GET.get("q", ""))
    groups = found_everywhere(words, timezone.now(), may_edit=may_edit_content(request.user)) if words else []
    return render(request, "dashboard/search/index.html", {"words": words, "groups": groups})
