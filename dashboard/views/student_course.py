"""One course of one student as staff see it: what opens it, how far they are, lesson by lesson, and what happened."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import StudentRequest
from dashboard.gates import may_change_access, staff_only
from dashboard.lists import page_of
from dashboard.lookups import course_named
from dashboard.selectors.person import entries_of, events_of, rights_of, tier_names
from dashboard.selectors.student_course import card_in, covering, lessons_in
from dashboard.selectors.students import all_students


@require_safe
@staff_only
def detail(request: StudentRequest, student_id: int, slug: str) -> HttpResponse:
    """Any student and any course: also one they have nothing to do with, for that is an answer too."""
    now = timezone.now()
    student = get_object_or_404(all_students(), pk=student_id)
    course = course_named(slug)
    if course is None:
        raise Http404
    tiers = tier_names()
    chapters = lessons_in(student, course)
    rights = covering(course, rights_of(student, tiers, now))
    page = page_of(request, events_of(student, course))
    context = {
        "student": student,
        "course": course,
        "card": card_in(student, course, rights, chapters, now),
        "rights": rights,
        "chapters": chapters,
        "page": page,
        "entries": entries_of(list(page.object_list), tiers),
        "can_change": may_change_access(request.user),
    }
    return render(request, "dashboard/progress/student.html", context)
