"""What the editor of a lesson asks for besides its page: the preview, the video's address, pictures, and the trash."""

from http import HTTPStatus
from pathlib import PurePath

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import StudentRequest
from accounts.services import note_action
from catalog.lesson_pictures import LessonPicture, keep_lesson_picture, pictures_of
from catalog.models import Lesson
from catalog.trash import trash_lesson
from catalog.video_check import Verdict, check_video
from common.storages import StorageAway
from dashboard.changing import posted
from dashboard.forms.lessons import PictureForm
from dashboard.gates import edits_content
from dashboard.lesson_editing import editor_of
from dashboard.lesson_preview import shown_in
from dashboard.lookups import course_asked, row_asked
from dashboard.selectors.lessons import kept_lessons
from dashboard.undoing import offer_undo
from progress.models import LessonProgress


def _lesson(lesson_id: int) -> Lesson:
    """:raises Http404: for a lesson that is not there, or in the trash"""
    return get_object_or_404(kept_lessons().select_related("course"), pk=lesson_id)


@require_POST
@edits_content
def preview(request: StudentRequest) -> HttpResponse:
    """Show what is in the editor as students would see it, and save nothing: the part of the page, or a page."""
    lesson = None
    if "lesson" in request.GET:
        lesson = row_asked(request, "lesson", kept_lessons().select_related("course", "module"))
    course = lesson.course if lesson else course_asked(request)
    shown = shown_in(editor_of(request, course, lesson), timezone.now())
    template = "dashboard/lessons/_preview.html" if request.htmx else "dashboard/lessons/preview.html"
    return render(request, template, {"shown": shown})


@require_POST
@edits_content
def video_check(request: StudentRequest) -> HttpResponse:
    """Say what a pasted address is; nobody is asked."""
    pasted = request.POST.get("video_url", "").strip()
    if not pasted:
        return HttpResponse()
    check = check_video(pasted)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if check.verdict == Verdict.REFUSED else HTTPStatus.OK
    return render(request, "dashboard/lessons/_video_check.html", {"check": check}, status=status)


@require_http_methods(["GET", "POST"])
@edits_content
def pictures(request: StudentRequest, lesson_id: int) -> HttpResponse:
    """The pictures of a lesson, and another one. The editor's script asks for the line of the new one only."""
    lesson = _lesson(lesson_id)
    form = PictureForm(posted(request), request.FILES if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            picture = _keep(request, lesson, form)
        except StorageAway as away:
            form.add_error("picture", str(away))
        else:
            return _kept(request, lesson, picture)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"lesson": lesson, "course": lesson.course, "form": form}
    if request.htmx:
        return render(request, "components/error_summary.html", {"form": form}, status=status)
    context["pictures"] = pictures_of(lesson)
    return render(request, "dashboard/lessons/pictures.html", context, status=status)


def _kept(request: StudentRequest, lesson: Lesson, picture: LessonPicture) -> HttpResponse:
    if request.htmx:
        return render(request, "dashboard/lessons/_picture.html", {"picture": picture})
    messages.success(request, f"The picture is kept. Its line for the text: {picture.markdown}")
    return redirect("dashboard:lesson_pictures", lesson.pk)


def _keep(request: StudentRequest, lesson: Lesson, form: PictureForm) -> LessonPicture:
    name = str(request.FILES["picture"])
    words = form.cleaned_data["words"] or PurePath(name).stem.replace("_", " ").replace("-", " ")
    picture = keep_lesson_picture(lesson, form.cleaned_data["picture"], words[:200])
    note_action(actor=request.user, verb="added a picture", about=lesson)
    return picture


@require_http_methods(["GET", "POST"])
@edits_content
def delete(request: StudentRequest, lesson_id: int) -> HttpResponse:
    """Ask, then put the lesson into the trash, from where Undo takes it back."""
    lesson = _lesson(lesson_id)
    if request.method == "POST":
        now = timezone.now()
        trash_lesson(lesson=lesson, actor=request.user, now=now)
        told, back = f"{lesson} is in the trash for 30 days.", reverse("dashboard:lesson_list")
        offer_undo(request, told, "trash lesson", back=back, now=now, lesson=lesson.pk)
        return redirect(back)
    begun = LessonProgress.objects.filter(lesson=lesson).count()
    context = {"lesson": lesson, "course": lesson.course, "begun": begun}
    return render(request, "dashboard/lessons/delete.html", context)
