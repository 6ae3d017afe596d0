"""The pages everybody may see: landing, catalog, search, course."""

from datetime import datetime
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Sum
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django.views.static import serve

from access.decisions import Standing, decide_course, deciding_row
from access.groups import cohorts_on_offer, may_take_a_seat
from access.models import Bundle
from access.selectors import (
    course_once_at,
    courses_listed_to,
    courses_visible_to,
    is_shown_after_sign_in,
    suspension_of,
    tier_options,
    with_tier,
)
from access.standings import standing_of
from access.tiers import tier_name_of
from accounts.http import SiteRequest, StudentRequest
from catalog.forms import CatalogForm
from catalog.models import Course, CourseStatus, EnrollmentMethod, FavoriteCourse, Lesson, Tag
from catalog.selectors import catalog_page, filter_options, lessons_matching, matching
from catalog.services import set_favorite
from catalog.structured_data import breadcrumb_data, course_data, course_list_data, page_description, page_title
from common.aggregates import JSONList
from common.durations import format_duration
from common.page_cache import cached_for_visitors
from common.redirects import log_in_first, moved_for_good, safe_next
from progress.cards import Card
from progress.prerequisites import beforehand, first_missing
from progress.selectors import Outline, cards_for, in_progress_courses, outline_of
from progress.states import State, joining_state, newcomer_state, state_of

PER_PAGE = 24
COURSES_FOUND = 6
COUNTS_SHOWN_FROM = 10
LESSONS_SHOWN_OPEN = 16


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
    running = listed.filter(status=CourseStatus.ACTIVE)
    free = running.filter(enrollment_method=EnrollmentMethod.OPEN, required_level=0)
    context = {
        "counts": {name: number for name, number in counts.items() if number >= COUNTS_SHOWN_FROM},
        "free_courses": free.count(),
        "featured": cards_for(
            request.user, running.order_by("display_order", "-created_at", "-pk")[:3], timezone.now()
        ),
        "hero_video_url": settings.HERO_VIDEO_URL,
    }
    return render(request, "pages/landing.html", context)


@login_not_required
@require_safe
@cached_for_visitors
def course_list(request: SiteRequest) -> HttpResponse:
    """The catalog: filters live in the address, unknown values are ignored and told."""
    now, listed = timezone.now(), courses_listed_to(request.user)
    options = filter_options(listed, tier_options())
    form = CatalogForm(request.GET, options=options, is_member=request.user.is_authenticated)
    courses = catalog_page(listed, **form.filters)
    if form.only_favorites:
        courses = courses.filter(favorites__user=request.user.pk)
    continuing = [] if form.is_filtered else _continue_cards(request, now)
    courses = courses.exclude(pk__in=[card.course.pk for card in continuing])
    page = Paginator(courses, PER_PAGE).get_page(request.GET.get("page"))
    cards = cards_for(request.user, page.object_list, now)  # type: ignore[arg-type] # a list of courses, sliced
    context = {
        "form": form,
        "page": page,
        "cards": cards,
        "continue_cards": continuing if page.number == 1 else [],
        "list_data": course_list_data(card.course for card in cards),
    }
    return render(request, "catalog/_course_results.html" if request.htmx else "catalog/course_list.html", context)


def _continue_cards(request: SiteRequest, now: datetime) -> list[Card]:
    """The courses a student would go on with: taken, unfinished, open now, at most three  [T-37]."""
    if not request.user.is_authenticated:
        return []
    cards = cards_for(request.user, in_progress_courses(request.user)[:24], now)
    return [card for card in cards if card.state in {State.ACTIVE, State.ACTIVE_NEW}][:3]


@login_not_required
@require_safe
def search(request: SiteRequest) -> HttpResponse:
    """Courses and lesson titles that hold every word; never the text of a lesson."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    listed = courses_listed_to(request.user)
    found = matching(listed, text).order_by("title", "pk")[: COURSES_FOUND + 1] if text else Course.objects.none()
    cards = cards_for(request.user, found, timezone.now())
    lessons = lessons_matching(listed, text, limit=60) if text else []
    context = {
        "text": text,
        "cards": cards[:COURSES_FOUND],
        "has_more_courses": len(cards) > COURSES_FOUND,
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
    course = _course(request, slug)
    if course is None and is_shown_after_sign_in(request.user, slug):
        return log_in_first(request)
    if course is None:
        return moved_for_good(request, course_once_at(request.user, slug))
    now = timezone.now()
    standing = standing_of(request.user, course)
    decision = decide_course(standing, now)
    outline = outline_of(standing, decision, now)
    state = state_of(standing, decision, now, done=outline.done, total=outline.total)
    context = {
        "course": course,
        "standing": standing,
        "decision": decision,
        "outline": outline,
        "viewer": "student" if request.user.is_authenticated else "anonymous",
        "may_join_cohorts": may_take_a_seat(standing, decision),
        "has_right": deciding_row(standing.rows, now) is not None,
        "tags": sorted(course.tag_slugs or []),  # type: ignore[attr-defined] # annotated by _course
        "students_see": newcomer_state(course, now).in_words,
        "discussion_url": course.discussion_url if course.is_free or decision.is_allowed else "",
        "length": format_duration(minutes=course.estimated_minutes) or format_duration(seconds=outline.seconds),
        "open_module": _open_module(outline),
    }
    context |= _around(standing, state, now)
    return render(request, "catalog/course_detail.html", context | _for_search_engines(course, outline))


def _around(standing: Standing, state: State, now: datetime) -> dict[str, Any]:
    """What the state's card and the page say beyond the course itself. The suspended are offered nothing, and those who
    wait for their right no cohort.
    """
    if state == State.SUSPENDED:
        return {"state_template": f"catalog/states/{state}.html", "state": state, "suspension": suspension_of(standing)}
    cohorts = [] if state == State.PENDING else list(cohorts_on_offer(standing.user, standing.course, now))
    state = joining_state(state, standing, cohorts)
    before = beforehand(standing)
    is_named_in_card = standing.missing > 0 and state in {State.PREREQUISITE, State.FREE}
    return {
        "state": state,
        "state_template": f"catalog/states/{state}.html",
        "prerequisites": before,
        "first_missing": first_missing(before),
        "bundles": sorted(getattr(standing.course, "sold_in", None) or [], key=itemgetter("name", "slug")),
        "has_before_panel": bool(before) and not is_named_in_card,
        "is_closed": not standing.course.takes_new_students(now),
        "cohorts": cohorts,
    }


def _open_module(outline: Outline) -> int | None:
    """The module to unfold in a long course: where the student goes on, else the first. None unfolds them all."""
    if outline.total <= LESSONS_SHOWN_OPEN:
        return None
    line = outline.next_lesson or outline.lessons[0]
    return line.lesson.module_id


def _course(request: SiteRequest, slug: str) -> Course | None:
    """The course with all that one row can carry; None if this viewer may not know of it."""
    tags = Tag.objects.filter(courses=OuterRef("pk")).order_by().values("courses")
    courses = with_tier(courses_visible_to(request.user)).select_related("category")
    bundles = Bundle.objects.filter(courses=OuterRef("pk"), is_active=True).order_by().values("courses")
    courses = courses.annotate(
        tag_slugs=tags.annotate(slugs=JSONList("slug")).values("slugs"),
        sold_in=bundles.annotate(found=JSONList(JSONObject(name="name", slug="slug"))).values("found"),
    )
    if request.user.is_authenticated:
        likes = FavoriteCourse.objects.filter(user=request.user, course=OuterRef("pk"))
        courses = courses.annotate(viewer_is_favorite=Exists(likes), my_tier=tier_name_of(request.user, timezone.now()))
    return courses.filter(slug=slug).first()


def _for_search_engines(course: Course, outline: Outline) -> dict[str, Any]:
    modules = [module.title for module in outline.modules]
    description = page_description(course)
    return {
        "page_title": page_title(course),
        "page_description": description,
        "course_data": course_data(course, description=description, modules=modules, seconds=outline.seconds),
        "breadcrumb_data": breadcrumb_data(course),
    }


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
    """Pictures of courses, which are public like the catalog; what belongs to lessons is kept elsewhere."""
    if ".." in path.split("/"):
        raise Http404
    if public_url := getattr(default_storage, "public_url", None):  # not on this disk: whoever keeps it hands it out
        return redirect(public_url(f"courses/{path}"))
    try:
        return serve(request, path, document_root=str(settings.MEDIA_ROOT / "courses"))
    except OSError:  # a name that no file system takes
        raise Http404 from None
