"""A course as a zip: taken away as a folder of Markdown files, and brought in with a look at what would change."""

import tempfile
from http import HTTPStatus
from typing import Any

import structlog
from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import StudentRequest
from catalog.folders.drafts import BadFolder
from catalog.folders.holding import ImportRefused, check_again, hold_upload, import_held, report_of
from catalog.folders.zips import write_zip
from catalog.models import Course, CourseImport
from common.storages import StorageAway
from dashboard.forms.transfer import UploadCourseForm
from dashboard.gates import edits_content

IN_MEMORY = 5 * 1024 * 1024

log = structlog.get_logger(__name__)


@require_safe
@edits_content
def export(request: StudentRequest, slug: str) -> HttpResponseBase:
    """The course folder with its pictures and materials. A file that is gone from the storage is told, not left out."""
    course = get_object_or_404(Course.objects.kept().select_related("category"), slug=slug)
    sink = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the answer closes it
    try:
        write_zip(course, sink)
    except FileNotFoundError as missing:
        sink.close()
        log.warning("export_misses_a_file", course=course.pk, error=str(missing))
        messages.error(request, f"{course} cannot be exported: one of its files is gone. Look at its materials.")
        return redirect("dashboard:course_edit", course.slug)
    log.info("course_exported", by=request.user.pk, course=course.pk)
    sink.seek(0)
    return FileResponse(sink, as_attachment=True, filename=f"{course.slug}.zip", content_type="application/zip")


@require_http_methods(["GET", "POST"])
@edits_content
def upload(request: StudentRequest) -> HttpResponse:
    """Take a zip, say what importing it would do, and keep it for an hour."""
    if request.method == "GET":
        return render(request, "dashboard/transfer/upload.html", {"form": UploadCourseForm()})
    form = UploadCourseForm(request.POST, request.FILES)
    problems: tuple[Any, ...] = ()
    if form.is_valid():
        said = dict(form.cleaned_data)
        try:
            held = hold_upload(upload=said.pop("file"), owner=request.user, now=timezone.now(), **said)
        except StorageAway as away:
            form.add_error("file", str(away))
        except BadFolder as bad:
            problems = bad.problems
            form.add_error("file", "Nothing was imported. Mend what is listed below, and choose the file again.")
        else:
            return redirect("dashboard:course_import_report", held.pk)
    context = {"form": form, "problems": problems}
    return render(request, "dashboard/transfer/upload.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_http_methods(["GET", "POST"])
@edits_content
def report(request: StudentRequest, import_id: int) -> HttpResponse:
    """What the held zip would do, or did; then import it, or check it again."""
    held = get_object_or_404(CourseImport.objects.filter(owner=request.user), pk=import_id)
    if request.method == "GET":
        return _show(request, held)
    try:
        _do(request, held)
    except (ImportRefused, StorageAway) as refusal:
        held.refresh_from_db()
        return _show(request, held, refusal=str(refusal))
    except BadFolder as bad:
        held.refresh_from_db()
        return _show(request, held, refusal="It cannot be imported any more.", problems=bad.problems)
    return redirect("dashboard:course_import_report", held.pk)


def _do(request: StudentRequest, held: CourseImport) -> None:
    """:raises ImportRefused, BadFolder: as the services"""
    now = timezone.now()
    if request.POST.get("do") == "check":
        check_again(held=held, now=now)
        messages.info(request, "The file is checked again.")
        return
    course, _ = import_held(held=held, sha256=request.POST.get("sha256", ""), actor=request.user, now=now)
    messages.success(request, f"{course} is imported.")


def _show(
    request: StudentRequest, held: CourseImport, *, refusal: str = "", problems: tuple[Any, ...] = ()
) -> HttpResponse:
    course = Course.objects.kept().filter(slug=held.course_slug).first()
    context = {
        "held": held,
        "report": report_of(held),
        "course": course,
        "is_over": held.is_over(timezone.now()),
        "refusal": refusal,
        "problems": problems,
    }
    status = HTTPStatus.CONFLICT if refusal else HTTPStatus.OK
    return render(request, "dashboard/transfer/report.html", context, status=status)
