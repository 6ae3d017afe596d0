"""Reads of bundles and learning paths. A course is named only to those who may know of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from access.models import Bundle, BundlePurchase, CourseEnrollment, LearningPath, PathMembership, PathStep
from access.selectors import courses_visible_to
from accounts.http import Viewer
from accounts.models import User
from catalog.models import Course
from common.aggregates import JSONList
from common.percentages import percent

STEP_FIELDS = ("path", "order", "is_required", "course__title", "course__slug", "course__lesson_count")


@dataclass(frozen=True)
class Route:
    """A path as one viewer sees it: the steps that name them a course, in order, and how far the student is."""

    path: LearningPath
    steps: tuple[PathStep, ...]

    @property
    def total(self) -> int:
        return len(self.steps)

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)  # type: ignore[attr-defined] # annotated by steps_visible_to

    @property
    def percent(self) -> int:
        return percent(self.done, self.total)

    @property
    def number(self) -> int:
        """The step the student is at: the first that is not done, or the last."""
        open_steps = (number for number, step in enumerate(self.steps, 1) if not step.is_done)  # type: ignore[attr-defined] # as above
        return next(open_steps, self.total)

    @property
    def step(self) -> PathStep:
        return self.steps[self.number - 1]


def required_steps(course: int | OuterRef) -> QuerySet[PathStep]:
    """The steps of any path by which a course may hold up those after it."""
    return PathStep.objects.filter(course=course, is_required=True)


def paths_listed_to(viewer: Viewer) -> QuerySet[LearningPath]:
    """The paths on offer, and those the student is on, that name at least one course to this viewer."""
    return (
        _paths_for(viewer).filter(Exists(steps_visible_to(viewer).filter(path=OuterRef("pk")))).order_by("title", "pk")
    )


def path_for_viewer(viewer: Viewer, slug: str) -> LearningPath | None:
    """The path at this address, on offer or their own; None if there is none for this viewer."""
    return _paths_for(viewer).filter(slug=slug).first()


def _paths_for(viewer: Viewer) -> QuerySet[LearningPath]:
    """Each says with `is_mine` whether the student is on it."""
    mine: Exists | Value = Value(False)
    if viewer.is_authenticated:
        mine = Exists(PathMembership.objects.filter(user=viewer, path=OuterRef("pk"), left_at=None))
    return LearningPath.objects.annotate(is_mine=mine).filter(Q(is_active=True) | Q(is_mine=True))


def steps_visible_to(viewer: Viewer) -> QuerySet[PathStep]:
    """The steps of all paths whose course this viewer may know of, in order, with `is_done`."""
    return steps_for(PathStep.objects.filter(course__in=courses_visible_to(viewer)), viewer)


def steps_for(steps: QuerySet[PathStep], viewer: Viewer) -> QuerySet[PathStep]:
    """These steps in order; `is_done`: the student has completed the course, or it is empty and holds nobody up."""
    done = Q(course__lesson_count=0)
    if viewer.is_authenticated:
        done |= Q(Exists(_completed(viewer).filter(course=OuterRef("course"))))
    return steps.annotate(is_done=done).order_by("order", "pk")


def path_courses(viewer: Viewer, path: LearningPath) -> QuerySet[Course]:
    """The courses of a path that this viewer may know of, in order, each with `is_required` and `completed_at`."""
    completed_at: Combinable = Value(None, output_field=DateTimeField())
    if viewer.is_authenticated:
        completed_at = Subquery(_completed(viewer).filter(course=OuterRef("pk")).values("completed_at")[:1])
    courses = courses_visible_to(viewer).filter(path_steps__path=path)
    courses = courses.annotate(is_required=F("path_steps__is_required"), completed_at=completed_at)
    return courses.order_by("path_steps__order", "path_steps__pk")


def _completed(user: User) -> QuerySet[CourseEnrollment]:
    return CourseEnrollment.objects.filter(user=user, completed_at__isnull=False)


def routes_listed_to(viewer: Viewer) -> list[Route]:
    """The paths of the list with their steps: two queries, however many."""
    paths = list(paths_listed_to(viewer))
    steps = steps_visible_to(viewer).filter(path__in=paths).select_related("course").only(*STEP_FIELDS)
    return [_route(path, steps) for path in paths]


def with_my_steps(user: User, courses: QuerySet[Course]) -> QuerySet[Course]:
    """Let each course carry its places in the paths the student is on: `routes_in` then asks for nothing more."""
    mine = PathStep.objects.filter(course=OuterRef("pk"), path__memberships__user=user, path__memberships__left_at=None)
    place = JSONObject(step="pk", order="order", path="path_id", title="path__title", slug="path__slug")
    places = mine.order_by().values("course").annotate(places=JSONList(place)).values("places")
    return courses.annotate(my_places=places, is_completed=Exists(_completed(user).filter(course=OuterRef("pk"))))


def routes_in(courses: Iterable[Course]) -> list[Route]:
    """The paths the student is on, by title, made of the courses at hand that `with_my_steps` loaded."""
    steps = [_step(course, place) for course in courses for place in getattr(course, "my_places", None) or ()]
    steps.sort(key=lambda step: (step.order, step.pk))
    paths = {step.path_id: step.path for step in steps}
    return sorted((_route(path, steps) for path in paths.values()), key=lambda route: (route.path.title, route.path.pk))


def _step(course: Course, place: dict[str, Any]) -> PathStep:
    path = LearningPath(pk=place["path"], title=place["title"], slug=place["slug"])
    step = PathStep(pk=place["step"], path=path, course=course, order=place["order"])
    step.is_done = course.is_completed or course.lesson_count == 0  # type: ignore[attr-defined] # as steps_visible_to says it
    return step


def _route(path: LearningPath, steps: Iterable[PathStep]) -> Route:
    return Route(path, tuple(step for step in steps if step.path_id == path.pk))


def bundle_on_offer(slug: str) -> Bundle | None:
    """The bundle at this address; one that is archived is none."""
    return Bundle.objects.filter(slug=slug, is_active=True).first()


def bundles_listed_to(viewer: Viewer) -> QuerySet[Bundle]:
    """The bundles on offer that name at least one course to this viewer."""
    named = Course.objects.filter(pk__in=courses_visible_to(viewer).values("pk"), bundles=OuterRef("pk"))
    return Bundle.objects.filter(Exists(named), is_active=True).order_by("name", "pk")


def bundle_courses(viewer: Viewer, bundle: Bundle) -> QuerySet[Course]:
    """The courses of a bundle that this viewer may know of, in order, each with its `bundle_level`."""
    courses = courses_visible_to(viewer).filter(bundle_entries__bundle=bundle)
    courses = courses.annotate(bundle_level=F("bundle_entries__level"))
    return courses.order_by("bundle_entries__level", "bundle_entries__order", "bundle_entries__pk")


def purchase_of(viewer: Viewer, bundle: Bundle) -> BundlePurchase | None:
    """The student's newest purchase of the bundle that has not ended."""
    if not viewer.is_authenticated:
        return None
    return BundlePurchase.objects.filter(user=viewer, bundle=bundle, ended_at=None).order_by("purchased_at").last()
