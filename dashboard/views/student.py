"""One student: who they are, what they may open and why, and everything that happened to their rights."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import StudentRequest
from dashboard.gates import may_change_access, staff_only
from dashboard.lists import page_of
from dashboard.lookups import course_named
from dashboard.selectors.person import (
    bundles_of,
    cards_of,
    cohorts_of,
    entries_of,
    events_of,
    last_seen,
    paths_of,
    rights_of,
    tier_names,
)
from dashboard.selectors.students import all_students


@require_safe
@staff_only
def detail(request: StudentRequest, student_id: int) -> HttpResponse:
    """The whole of one student on one page; the timeline in pages of fifty, for one course if asked."""
    now = timezone.now()
    student = get_object_or_404(all_students(), pk=student_id)
    course = course_named(request.GET.get("course", ""))
    tiers = tier_names()
    rights = rights_of(student, tiers, now)
    page = page_of(request, events_of(student, course))
    context = {
        "student": student,
        "last_seen": last_seen(student),
        "cards": cards_of(student, rights, now),
        "rights": rights,
        "cohorts": cohorts_of(student),
        "paths": paths_of(student),
        "bundles": bundles_of(student),
        "page": page,
        "entries": entries_of(list(page.object_list), tiers),
        "course": course,
        "can_change": may_change_access(request.user),
    }
    return render(request, "dashboard/students/detail.html", context)
