"""The pages everybody may see: landing, catalog, search, course."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django.views.static import serve

from access.decisions import decide_course
from access.models import Suspension
from access.selectors import (
    courses_listed_to,
    courses_visible_to,
    is_shown_after_sign_in,
    standing_of,
    with_viewer,
)
from accounts.http import SiteRequest, StudentRequest
from catalog.forms import CatalogForm
from catalog.models import Category, Course, Lesson, Tag
from catalog.selectors import catalog_page, lessons_matching, matching
from catalog.services import set_favorite
from common.page_cache import cached_for_visitors
from common.views import safe_next
from progress.selectors import cards_for, in_progress_courses, outline_of
from progress.states import state_of

PER_PAGE = 24
COUNTS_SHOWN_FROM = 10


@login_not_required
@require_safe
@cached_for_visitors
def home(request: SiteRequest) -> HttpResponse:
    """The landing page; counts are real and shown only from ten up."""
    listed = courses_listed_to(request.user)
    seconds = Lesson.objects.filter(course__in=listed, is_published=True).aggregate(n=Sum("video_duration_seconds"))[
        "n"
    ]
    counts = {"courses": listed.count(), "hours": (seconds or 0) // 3600}
    context = {
        "counts": {name: number for name, number in counts.items() if number >= COUNTS_SHOWN_FROM},
        "featured": cards_for(request.user, listed.order_by("display_order", "-created_at", "-pk")[:3], timezone.now()),
        "hero_video_url": settings.HERO_VIDEO_URL,
    }
    return render(request, "pages/landing.html", context)


@login_not_required
@require_safe
@cached_for_visitors
def course_list(request: SiteRequest) -> HttpResponse:
    """The catalog: filters live in the address, unknown values are ignored and told."""
    now, listed = timezone.now(), courses_listed_to(request.user)
    form = CatalogForm(request.GET)
    filters = form.known_values()
    courses = catalog_page(listed, **filters["catalog"])
    if filters["only_favorites"] and request.user.is_authenticated:
        courses = courses.filter(favorites__user=request.user)
    pages = Paginator(courses, PER_PAGE, allow_empty_first_page=True)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "cards": cards_for(request.user, page.object_list, now),  # type: ignore[arg-type]
        "is_filtered": filters["is_filtered"],
        "ignored": filters["ignored"],
        "query": filters["query"],
        "categories": Category.objects.filter(courses__in=listed).distinct().order_by("order", "name", "pk"),
        "tags": Tag.objects.filter(courses__in=listed).distinct().order_by("slug"),
    }
    if request.user.is_authenticated and not filters["is_filtered"] and page.number == 1:
        context["continue_cards"] = cards_for(request.user, in_progress_courses(request.user)[:3], now)
    return render(request, "catalog/_course_results.html" if request.htmx else "catalog/course_list.html", context)


@login_not_required
@require_safe
def search(request: SiteRequest) -> HttpResponse:
    """Courses and lesson titles that hold every word; never the text of a lesson."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    listed = courses_listed_to(request.user)
    found = matching(listed, text).order_by("title", "pk")[:PER_PAGE] if text else Course.objects.none()
    lessons = lessons_matching(listed, text, limit=60) if text else []
    context = {
        "text": text,
        "cards": cards_for(request.user, found, timezone.now()),
        "groups": _three_per_course(lessons),
    }
    return render(request, "catalog/search.html", context)


def _three_per_course(lessons: list[Lesson]) -> list[dict[str, Any]]:
    groups: dict[int, dict[str, Any]] = {}
    for lesson in lessons:
        group = groups.setdefault(lesson.course_id, {"course": lesson.course, "lessons": [], "more": 0})
        if len(group["lessons"]) < 3:
            group["lessons"].append(lesson)
        else:
            group["more"] += 1
    return list(groups.values())


@login_not_required
@require_safe
def course_detail(request: SiteRequest, slug: str) -> HttpResponse:
    """A course: what it teaches, its whole syllabus, and the one thing this viewer can do now."""
    courses = with_viewer(courses_visible_to(request.user), request.user).select_related("category")
    course = courses.filter(slug=slug).first()
    if course is None and is_shown_after_sign_in(request.user, slug):
        return redirect_to_login(request.get_full_path())
    if course is None:
        raise Http404
    now = timezone.now()
    standing = standing_of(request.user, course)
    decision = decide_course(standing, now)
    outline = outline_of(request.user, course, decision)
    context = {
        "course": course,
        "standing": standing,
        "decision": decision,
        "outline": outline,
        "state": state_of(standing, decision, done=outline.done, total=outline.total),
        "tags": course.tags.order_by("slug"),
        "suspension": _suspension(request, course) if standing.is_suspended else None,
        "viewer": "student" if request.user.is_authenticated else "anonymous",
    }
    return render(request, "catalog/course_detail.html", context)


def _suspension(request: SiteRequest, course: Course) -> Suspension | None:
    assert request.user.is_authenticated  # noqa: S101 - only students are suspended
    return Suspension.objects.filter(user=request.user, course=course, lifted_at=None).first()


@require_POST
def course_favorite(request: StudentRequest, slug: str) -> HttpResponse:
    """Put or take the heart; the form says which, so a second click or a retry changes nothing."""
    course = get_object_or_404(courses_visible_to(request.user), slug=slug)
    wanted = request.POST.get("favorite") == "true"
    is_favorite = set_favorite(user_id=request.user.pk, course=course, is_favorite=wanted)
    if request.htmx:
        return render(
            request,
            "components/_favorite.html",
            {"slug": course.slug, "title": course.title, "is_favorite": is_favorite},
        )
    return redirect(safe_next(request, "course_list"))


@login_not_required
@require_safe
def course_image(request: HttpRequest, path: str) -> HttpResponseBase:
    """Pictures of courses, which are public like the catalog; lesson files go through the access decision."""
    return serve(request, path, document_root=str(settings.MEDIA_ROOT / "courses"))
