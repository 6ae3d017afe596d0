"""Letting a student begin a course anew."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.http import StudentRequest
from dashboard.changing import Change, answer, posted, student_asked
from dashboard.forms.changes import ReasonForm
from dashboard.gates import changes_access
from dashboard.lookups import course_asked
from progress.models import CourseProgress
from progress.resetting import reset_progress


@require_http_methods(["GET", "POST"])
@changes_access
def reset(request: StudentRequest, student_id: int) -> HttpResponse:
    """Forget what a student watched and completed in a course, with a reason."""
    student, course = student_asked(student_id), course_asked(request)
    form = ReasonForm(posted(request))

    def apply(said: dict[str, Any]) -> str:
        count = reset_progress(user=student, course=course, reason=form.cleaned_data["reason"], **said)
        if not count:
            return f"{student.display_name} has no progress in {course} to reset."
        lessons = "1 lesson" if count == 1 else f"{count} lessons"
        return f"{student.display_name} begins {course} anew: {lessons} reset."

    counters = CourseProgress.objects.filter(user=student, course=course).first()
    done = counters.completed_lessons if counters else 0
    says = [
        f"Goes: {done} of {course.lesson_count} completed lessons, what was watched, and where each video stopped.",
        "Stays: their rights, that they joined, certificates, and the day they completed the course if they did.",
        "This cannot be undone. Your reason is kept in the audit log.",
    ]
    title = f"Reset progress in {course}"
    return answer(request, student, Change(title, "Reset progress", form, apply, "reason", takes=True, says=says))
