"""The courses of a cohort, a bundle or a learning path, as staff put them in, take them out and order them.

Nobody's right changes with them: what was given stays, and what comes later is given by `catching_up`, when asked.
"""

from collections.abc import Collection, Iterable

from django.db import transaction

from access.models import Bundle, BundleCourse, BundleLevel, Cohort, LearningPath, PathStep
from access.services.managing import lock_version
from accounts.models import User
from accounts.services import note_action
from catalog.models import Course

Entry = BundleCourse | PathStep


@transaction.atomic
def add_courses(
    *,
    group: Cohort | Bundle | LearningPath,
    courses: Collection[Course],
    version: str,
    actor: User,
    level: int = BundleLevel.BRONZE,
) -> list[Course]:
    """Put courses into a group, after those it has; `level` is for a tiered bundle. Returns those that were not in it.

    :raises GroupChanged: if somebody changed the group since
    """
    current = lock_version(group, version)
    present = set(current.courses.values_list("pk", flat=True))
    new = [course for course in courses if course.pk not in present]
    if isinstance(current, Cohort):
        current.courses.add(*new)
    elif isinstance(current, Bundle):
        entries = [BundleCourse(bundle=current, course=course, level=level, order=len(present)) for course in new]
        _number(entries, start=_last(entries_of(current)) + 1)
        BundleCourse.objects.bulk_create(entries)
    else:
        steps = [PathStep(path=current, course=course) for course in new]
        _number(steps, start=_last(entries_of(current)) + 1)
        PathStep.objects.bulk_create(steps)
    if new:
        _note(current, actor, f"Courses added: {_names(new)}")
    return new


@transaction.atomic
def remove_course(*, group: Cohort | Bundle | LearningPath, course: Course, version: str, actor: User) -> bool:
    """Take a course out of a group; False if it was not in it. Who got it through the group keeps it.

    :raises GroupChanged: if somebody changed the group since
    """
    current = lock_version(group, version)
    if not current.courses.filter(pk=course.pk).exists():
        return False
    current.courses.remove(course)
    _note(current, actor, f"Course removed: {course}")
    return True


@transaction.atomic
def move_course(*, group: Bundle | LearningPath, course: Course, by: int, version: str, actor: User) -> bool:
    """Let a course change places with the one before (-1) or after it (1); in a tiered bundle, of its level.

    False if there is none. All get their numbers anew.

    :raises GroupChanged: if somebody changed the group since
    """
    current = lock_version(group, version)
    entries = entries_of(current)
    position = next((place for place, entry in enumerate(entries) if entry.course_id == course.pk), None)
    if position is None or not _may_swap(entries, position, position + by):
        return False
    entries[position], entries[position + by] = entries[position + by], entries[position]
    _number(entries, start=0)
    type(entries[0])._default_manager.bulk_update(entries, ["order"])  # type: ignore[arg-type] # all of one model
    _note(current, actor, f"Moved {'up' if by < 0 else 'down'}: {course}")
    return True


def _may_swap(entries: list[Entry], position: int, other: int) -> bool:
    if not 0 <= other < len(entries):
        return False
    return getattr(entries[position], "level", None) == getattr(entries[other], "level", None)


@transaction.atomic
def set_level(*, bundle: Bundle, course: Course, level: int, version: str, actor: User) -> bool:
    """Say from which level upward a tiered bundle holds a course; False if it is not in it or has the level already.

    :raises GroupChanged: if somebody changed the bundle since
    """
    current = lock_version(bundle, version)
    changed = current.entries.filter(course=course).exclude(level=level).update(level=level)
    if changed:
        _note(current, actor, f"{course}: from {BundleLevel(level).label} upward")
    return bool(changed)


@transaction.atomic
def set_required(*, path: LearningPath, course: Course, is_required: bool, version: str, actor: User) -> bool:
    """Say whether the later courses of a path wait for this one; False if it is not in it or is so already.

    :raises GroupChanged: if somebody changed the path since
    """
    current = lock_version(path, version)
    changed = current.steps.filter(course=course, is_required=not is_required).update(is_required=is_required)
    if changed:
        _note(current, actor, f"{course}: {'required' if is_required else 'optional'}")
    return bool(changed)


def entries_of(group: Bundle | LearningPath) -> list[Entry]:
    """The places of its courses, in the order in which students see them."""
    if isinstance(group, Bundle):
        return list(group.entries.select_related("course").order_by("level", "order", "pk"))
    return list(group.steps.select_related("course").order_by("order", "pk"))


def _last(entries: Iterable[Entry]) -> int:
    return max((entry.order for entry in entries), default=-1)


def _number(entries: Iterable[Entry], start: int) -> None:
    for order, entry in enumerate(entries, start):
        entry.order = order


def _note(group: Cohort | Bundle | LearningPath, actor: User, detail: str) -> None:
    """The courses are part of the version that editors see."""
    group.save(update_fields=["updated_at"])
    note_action(actor=actor, verb="changed", about=group, detail=detail)


def _names(courses: Iterable[Course]) -> str:
    return ", ".join(course.title for course in courses)
