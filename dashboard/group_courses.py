"""The page on which staff put courses into a group, take them out and order them: plain forms, one change each.

Before a change that people of the group would ask about, it says whom it concerns; then the same form is sent as sure.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode

from access.models import Bundle, BundleLevel, BundleType, LearningPath
from access.services.contents import add_courses, move_course, remove_course, set_level, set_required
from access.services.managing import GroupChanged, version_of
from accounts.http import StudentRequest
from catalog.models import Course
from dashboard.group_nouns import Noun
from dashboard.group_pages import or_404, urls_of
from dashboard.selectors.groups import Group, courses_numbered, courses_of, courses_to_add
from dashboard.selectors.groups_lacking import keepers_of, lacks_of

TITLES = {"add": "Add", "remove": "Remove", "level": "Set the level of"}
CHANGED = "Somebody else changed this meanwhile. Below is what it holds now; nothing of yours is saved."


@dataclass(frozen=True)
class Wish:
    """What a form asks for: `do` it to these courses, at this level, on top of this version."""

    do: str
    courses: list[Course]
    level: int
    version: str
    is_sure: bool


def courses_page(request: StudentRequest, noun: Noun, group: Group) -> HttpResponse:
    """Show the courses and those that may come in; a POST is one change."""
    if request.method == "POST":
        return _change(request, noun, group, _wish(request))
    return _show(request, noun, group)


def _wish(request: StudentRequest) -> Wish:
    said = request.POST
    level = said.get("level", "")
    return Wish(
        do=said.get("do", ""),
        courses=courses_numbered(said.getlist("courses")),
        level=int(level) if level in {"1", "2", "3"} else BundleLevel.BRONZE,
        version=said.get("version", ""),
        is_sure="sure" in said,
    )


def _change(request: StudentRequest, noun: Noun, group: Group, wish: Wish) -> HttpResponse:
    back = noun.url("courses", group)
    if not wish.courses:
        messages.error(request, "Choose a course.")
        return redirect(back)
    if not wish.is_sure and says_of(noun, group, wish.do, wish.courses, wish.level):
        asked: dict[str, Any] = {"do": wish.do, "level": wish.level, "course": [course.pk for course in wish.courses]}
        return redirect(f"{back}?{urlencode(asked, doseq=True)}")
    try:
        with or_404():
            told = _apply(request, group, wish)
    except GroupChanged:
        return _show(request, noun, group, conflict=CHANGED)
    messages.success(request, told)
    return redirect(f"{back}#courses")


def _apply(request: StudentRequest, group: Group, wish: Wish) -> str:
    """Do it, and say what was done.

    :raises GroupChanged: if somebody changed the group since the page was shown
    :raises BadRequest: if nobody can ask for this
    """
    course = wish.courses[0]
    to: dict[str, Any] = {"version": wish.version, "actor": request.user}
    if wish.do == "add":
        added = add_courses(group=group, courses=wish.courses, level=wish.level, **to)
        return f"Added: {', '.join(map(str, added))}." if added else "It holds them already."
    if wish.do == "remove":
        gone = remove_course(group=group, course=course, **to)
        return f"Removed: {course}." if gone else f"{course} is not in it any more."
    return _arrange(group, course, wish, to)


def _arrange(group: Group, course: Course, wish: Wish, to: dict[str, Any]) -> str:
    """The same for what orders and marks the courses of bundles and paths."""
    if wish.do in {"up", "down"} and isinstance(group, Bundle | LearningPath):
        moved = move_course(group=group, course=course, by=-1 if wish.do == "up" else 1, **to)
        return f"Moved {wish.do}: {course}." if moved else f"{course} stays where it is."
    if wish.do == "level" and isinstance(group, Bundle):
        set_level(bundle=group, course=course, level=wish.level, **to)
        return f"{course}: from {BundleLevel(wish.level).label} upward."
    if wish.do in {"require", "release"} and isinstance(group, LearningPath):
        set_required(path=group, course=course, is_required=wish.do == "require", **to)
        return f"{course} is {'required' if wish.do == 'require' else 'optional'}."
    raise BadRequest


def says_of(noun: Noun, group: Group, do: str, courses: list[Course], level: int) -> list[str]:
    """Whom the change concerns, a sentence each; empty when it concerns nobody."""
    if do in {"add", "level"}:
        lacks = lacks_of(group, [(course, level) for course in courses], timezone.now())
        return [f"{noun.count(lack.people)} will not get {lack.course} automatically." for lack in lacks]
    if do == "remove":
        kept = [(course, keepers_of(group, course)) for course in courses]
        return [f"{noun.count(number)} keep{'s' * (number == 1)} {course}." for course, number in kept if number]
    return []


def _show(request: StudentRequest, noun: Noun, group: Group, *, conflict: str = "") -> HttpResponse:
    """The page, with the question to be sure about if the address asks one."""
    group.refresh_from_db()
    words = request.GET.get("q", "").replace("\0", "")[:100].strip()
    choices, found = courses_to_add(group, words)
    context = {
        "noun": noun,
        "group": group,
        "urls": urls_of(noun, group),
        "version": version_of(group),
        "entries": _with_neighbours(courses_of(group)),
        "is_tiered": isinstance(group, Bundle) and group.bundle_type == BundleType.TIERED,
        "levels": BundleLevel.choices,
        "words": words,
        "choices": choices,
        "found": found,
        "conflict": conflict,
        **_question(request, noun, group),
    }
    status = HTTPStatus.CONFLICT if conflict else HTTPStatus.OK
    return render(request, "dashboard/groups/courses.html", context, status=status)


def _with_neighbours(entries: list[Any]) -> list[Any]:
    """Each says whether it can move up and down: within its level."""
    for position, entry in enumerate(entries):
        before, after = entries[max(position - 1, 0)], entries[min(position + 1, len(entries) - 1)]
        entry.can_rise = before is not entry and _level(before) == _level(entry)
        entry.can_sink = after is not entry and _level(after) == _level(entry)
    return entries


def _level(entry: Any) -> int | None:
    return getattr(entry, "level", None)


def _question(request: StudentRequest, noun: Noun, group: Group) -> dict[str, Any]:
    """What `?do=add&course=1` asks: the courses, the sentences, and the button that says it again."""
    do, courses = request.GET.get("do", ""), courses_numbered(request.GET.getlist("course"))
    if request.method == "POST" or do not in TITLES or not courses:
        return {"asked": []}
    level = request.GET.get("level", "")
    level_number = int(level) if level in {"1", "2", "3"} else int(BundleLevel.BRONZE)
    says = says_of(noun, group, do, courses, level_number)
    return {"asked": courses, "do": do, "level": level_number, "says": says, "title": TITLES[do]}
