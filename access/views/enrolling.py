"""How students get in: enrolling in a free course, joining one they hold a right to."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from access.selectors import courses_visible_to
from access.services import EnrollmentClosed, enroll_free, join_course
from accounts.http import StudentRequest


@require_POST
def course_enroll(request: StudentRequest, slug: str) -> HttpResponse:
    """Enroll in a free course and go to its first open lesson; a second click does the same."""
    course = get_object_or_404(courses_visible_to(request.user), slug=slug)
    try:
        enroll_free(user=request.user, course=course, now=timezone.now())
    except EnrollmentClosed as refusal:
        messages.error(request, str(refusal))
        return redirect(course)
    return redirect("course_continue", slug=course.slug)


@require_POST
def course_join(request: StudentRequest, slug: str) -> HttpResponse:
    """Join a course the student holds a right to, and go to its first open lesson."""
    course = get_object_or_404(courses_visible_to(request.user), slug=slug)
    try:
        join_course(user=request.user, course=course, now=timezone.now())
    except EnrollmentClosed as refusal:
        messages.error(request, str(refusal))
        return redirect(course)
    return redirect("course_continue", slug=course.slug)
