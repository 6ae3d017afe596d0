"""Bundles and purchases for tests, and what they wrote."""

from access.models import AccessEvent, CourseAccess
from access.services import buy_bundle
from tests import factories as make
from tests.factories import NOW


def bundle_of(count, levels=(), **fields):
    """A bundle and its courses, in order; `levels` are those of the entries."""
    bundle = make.BundleFactory(**fields)
    for number in range(count):
        make.BundleCourseFactory(bundle=bundle, order=number, level=levels[number] if levels else 1)
    return bundle, [entry.course for entry in bundle.entries.order_by("order")]


def picked_from(count, most=3):
    return bundle_of(count, bundle_type="pick_your_own", max_course_selections=most)


def tiered(*levels):
    return bundle_of(len(levels), levels, bundle_type="tiered")


def buy(user, bundle, **more):
    return buy_bundle(**{"user": user, "bundle": bundle, "source_key": "order:1", "now": NOW} | more)


def ids(courses):
    return [course.pk for course in courses]


def open_courses(user):
    return set(CourseAccess.objects.filter(user=user).open_at(NOW).values_list("course_id", flat=True))


def actions():
    return list(AccessEvent.objects.order_by("pk").values_list("action", flat=True))
