"""Writes that carry a rule: what is derived from Markdown and video addresses, and who must recount."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from catalog.captions import parse_captions, transcript_of
from catalog.models import Course, FavoriteCourse, Lesson, Module, Prerequisite, Transcript
from catalog.signals import lessons_changed
from catalog.video_links import embed_video, parse_video_url
from common.markdown import drop_leading_title, plain_text, render_markdown


def derive_course(course: Course) -> None:
    """Render the course's Markdown; call before every save that touches it."""
    course.description_html = render_markdown(course.description, embed=embed_video)


def derive_module(module: Module) -> None:
    """Render the module's Markdown; its ids must differ from those of the other texts on the course's page."""
    prefix = f"h-{slugify(module.title)[:40]}".rstrip("-")
    module.description_html = render_markdown(module.description, embed=embed_video, prefix=prefix)


def derive_lesson(lesson: Lesson) -> None:
    """Fill everything that follows from what the author typed: HTML, video provider and id  [001, T-24]."""
    lesson.body_html = render_markdown(drop_leading_title(lesson.body, lesson.title), embed=embed_video)
    lesson.homework_html = render_markdown(lesson.homework, embed=embed_video, prefix="h-homework")
    link = parse_video_url(lesson.video_url) if lesson.video_url else None
    before = (lesson.video_provider, lesson.video_id)
    lesson.video_provider = link.provider if link else ""
    lesson.video_id = link.video_id if link else ""
    if link and link.thumbnail_url:
        lesson.video_thumbnail_url = link.thumbnail_url
    elif before[0] and before != (lesson.video_provider, lesson.video_id):
        _drop_old_thumbnail(lesson)


def _drop_old_thumbnail(lesson: Lesson) -> None:
    """Clear the thumbnail of the video that was; one typed along with the new video differs from what is stored."""
    same = Lesson.objects.filter(pk=lesson.pk, video_thumbnail_url=lesson.video_thumbnail_url)
    if lesson.video_thumbnail_url and same.exists():
        lesson.video_thumbnail_url = ""


@transaction.atomic
def recount_lessons(course_id: int) -> None:
    """Derive what the course keeps about its lessons, and tell those who keep counters above.

    Who changes another lesson at the same moment waits here, and then counts both.
    """
    course = Course.objects.select_for_update(of=("self",), no_key=True).get(pk=course_id)
    titles = _published_titles(course)
    course.lesson_count, course.search_text = len(titles), _search_text(course, titles)
    course.save(update_fields=["lesson_count", "search_text"])
    lessons_changed.send(sender=Course, course_id=course_id)


def refresh_search(courses: Iterable[Course]) -> None:
    """Derive what search finds anew: their tags have other names."""
    for course in courses:
        course.search_text = _search_text(course, _published_titles(course))
        course.save(update_fields=["search_text"])


def _published_titles(course: Course) -> list[str]:
    return list(course.lessons.filter(is_published=True).order_by("order", "pk").values_list("title", flat=True))


def _search_text(course: Course, titles: list[str]) -> str:
    tags = course.tags.order_by("slug").values_list("slug", flat=True)
    words = [course.title, course.short_description, plain_text(course.description_html, 2000), *tags, *titles]
    return "\n".join(words)


@transaction.atomic
def save_course(course: Course) -> Course:
    """Save a course with everything derived."""
    derive_course(course)
    course.save()
    recount_lessons(course.pk)
    return course


class PrerequisiteCycle(Exception):
    """Courses would wait for each other for ever; the message names the course that closes the circle."""


@transaction.atomic
def require_first(course: Course, required: Iterable[Course]) -> None:
    """Set the courses to complete before this one; an empty list asks for none  [001, X-27].

    Those in the trash ask for nothing, and are asked for again when they come back.

    :raises PrerequisiteCycle: if one of them, directly or not, waits for this course
    """
    wanted = {each.pk: each for each in required}
    lock_around(course, wanted.values())
    refuse_cycle(course, wanted.values())
    course.prerequisite_links.filter(required__trashed_at=None).exclude(required__in=wanted).delete()
    links = [Prerequisite(course=course, required_id=pk) for pk in wanted]
    Prerequisite.objects.bulk_create(links, ignore_conflicts=True)


def lock_around(course: Course, required: Iterable[Course]) -> None:
    """Lock a course and those that would have to be completed before it, always in the same order.

    Two edits that close a circle together share a course of it: whoever comes second waits, and then sees it.
    """
    wanted = {each.pk for each in required}
    around = {course.pk, *wanted, *_needed_for(wanted)}
    list(Course.objects.select_for_update(of=("self",)).filter(pk__in=around).order_by("pk").values_list("pk"))


def refuse_cycle(course: Course, required: Iterable[Course]) -> None:
    """:raises PrerequisiteCycle: if one of the courses to complete first waits for this course"""
    for each in required:
        if course.pk in {each.pk, *_needed_for([each.pk])}:
            raise PrerequisiteCycle(f"“{each.title}” itself waits for “{course.title}”.")


def _needed_for(courses: Iterable[int]) -> set[int]:
    """The courses that these wait for, and those they wait for, and so on."""
    links = defaultdict(set)
    for course_id, required_id in Prerequisite.objects.values_list("course_id", "required_id"):
        links[course_id].add(required_id)
    found: set[int] = set()
    todo = set(courses)
    while todo:
        todo = set().union(*(links[pk] for pk in todo)) - found
        found |= todo
    return found


@transaction.atomic
def save_lesson(lesson: Lesson) -> Lesson:
    """Save a lesson with everything derived, and recount its course, and the one it comes from if it moves."""
    courses = lock_courses(Q(pk=lesson.course_id) | Q(lessons=lesson.pk) if lesson.pk else Q(pk=lesson.course_id))
    derive_lesson(lesson)
    lesson.save()
    for course_id in courses:
        recount_lessons(course_id)
    return lesson


def lock_courses(wanted: Q) -> list[int]:
    """Lock courses, always in the same order; returns their numbers. Call it inside a transaction.

    Whoever writes modules or lessons locks their course before them: two who lock the other way round wait for each
    other for ever.
    """
    found = Course.objects.filter(pk__in=Course.objects.filter(wanted).order_by().values("pk"))
    return list(found.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))


def save_transcript(lesson: Lesson, *, captions: str = "", text: str = "") -> Transcript:
    """Keep what is said in a lesson; captions win over plain text where both are given.

    :raises catalog.captions.BadCaptions: with the lines that are wrong
    """
    cues = parse_captions(captions) if captions else []
    spoken = text or transcript_of(cues)
    fields = {"captions": captions, "text": spoken, "cues": [[cue.start, cue.end, cue.text] for cue in cues]}
    transcript, _ = Transcript.objects.update_or_create(lesson=lesson, defaults=fields)
    return transcript


def set_favorite(*, user_id: int, course: Course, is_favorite: bool) -> bool:
    """Put or take the heart; repeating changes nothing. Returns the state that holds now."""
    if is_favorite:
        FavoriteCourse.objects.get_or_create(user_id=user_id, course=course)
    else:
        FavoriteCourse.objects.filter(user_id=user_id, course=course).delete()
    return is_favorite
