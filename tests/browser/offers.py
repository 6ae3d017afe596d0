"""Two learning paths and three bundles over the courses of the acceptance checks, and somebody on the way."""

from django.utils import timezone

from access.services import join_path
from tests.browser.people import LONG
from tests.factories import BundleCourseFactory, BundleFactory, CourseFactory, LearningPathFactory, PathStepFactory


def offers_over(course, *, user):
    """The user takes the path: the course is behind or before them, then one to go on with, then two that wait."""
    others = [CourseFactory(title=title, enrollment_method="purchase") for title in ("Sound", LONG, "Light")]
    type(course).objects.filter(pk__in=[other.pk for other in others]).update(lesson_count=3)
    courses = [course, *others]
    path = path_of(courses, title="From zero to on air", slug="on-air", is_free=True, description="Four courses.")
    path_of(courses[:1], title="One step", slug="one-step")
    bundle_of(courses, name="Starter set", slug="starter", description="All you need for a first film.")
    bundle_of(courses, name="Mix your own", slug="mix", bundle_type="pick_your_own", max_course_selections=2)
    bundle_of(courses, name="Studio", slug="studio", bundle_type="tiered")
    return join_path(user=user, path=path, now=timezone.now())


def path_of(courses, **fields):
    path = LearningPathFactory(**fields)
    for number, course in enumerate(courses):
        PathStepFactory(path=path, course=course, order=number, is_required=number != 1)
    return path


def bundle_of(courses, **fields):
    bundle = BundleFactory(**fields)
    for number, course in enumerate(courses):
        BundleCourseFactory(bundle=bundle, course=course, order=number, level=min(3, number + 1))
    return bundle
