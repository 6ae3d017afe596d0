"""Cohorts, bundles and learning paths in the tests of their pages: one of each, with people, and how a form is sent."""

from access.models import Bundle, Cohort, LearningPath
from access.services import add_to_cohort, buy_bundle, join_path
from access.services.managing import version_of
from tests import factories as make
from tests.factories import NOW

NOUNS = ("cohort", "bundle", "path")
MODELS = {"cohort": Cohort, "bundle": Bundle, "path": LearningPath}
NAMES = {"cohort": "name", "bundle": "name", "path": "title"}
FORMS = {
    "cohort": {"grants_access": "on", "remove_access_on_leave": "on"},
    "bundle": {"bundle_type": "fixed"},
    "path": {},
}


def group_of(noun, name="Spring", courses=(), **fields):
    """A group that gives what it holds."""
    if noun == "cohort":
        cohort = make.CohortFactory(name=name, **{"grants_access": True, **fields})
        cohort.courses.add(*courses)
        return cohort
    if noun == "bundle":
        bundle = make.BundleFactory(name=name, **fields)
        for order, course in enumerate(courses):
            make.BundleCourseFactory(bundle=bundle, course=course, order=order)
        return bundle
    path = make.LearningPathFactory(title=name, **fields)
    for order, course in enumerate(courses):
        make.PathStepFactory(path=path, course=course, order=order)
    return path


def enter(group, user, now=NOW):
    """Let somebody into it, in the way of its kind."""
    if isinstance(group, Cohort):
        return add_to_cohort(user=user, cohort=group, now=now)[0]
    if isinstance(group, Bundle):
        return buy_bundle(user=user, bundle=group, source_key="order:1", now=now)
    return join_path(user=user, path=group, now=now)


def enter_many(group, count):
    """So many of its people, without what it gives them."""
    if isinstance(group, Bundle):
        return make.BundlePurchaseFactory.create_batch(count, bundle=group)
    if isinstance(group, Cohort):
        return make.CohortMembershipFactory.create_batch(count, cohort=group)
    return make.PathMembershipFactory.create_batch(count, path=group)


def url(group, page=""):
    noun = next(noun for noun, model in MODELS.items() if isinstance(group, model))
    return f"/dashboard/{noun}s/{group.pk}/" + (f"{page}/" if page else "")


def settings_of(noun, group=None, **fields):
    """What the form of settings sends."""
    name = getattr(group, NAMES[noun]) if group else "Spring"
    version = {"version": version_of(group)} if group else {}
    return {NAMES[noun]: name} | FORMS[noun] | version | fields


def change_courses(client, group, do, *courses, **fields):
    """Press a button of the page of courses, on top of what is stored now."""
    group.refresh_from_db()
    said = {"do": do, "courses": [course.pk for course in courses], "version": version_of(group)}
    return client.post(url(group, "courses"), said | fields)


def titles(group):
    """What it holds, in the order of students."""
    if isinstance(group, Cohort):
        return list(group.courses.order_by("title").values_list("title", flat=True))
    places = group.entries.order_by("level", "order") if isinstance(group, Bundle) else group.steps.order_by("order")
    return list(places.values_list("course__title", flat=True))


def courses(*names):
    return [make.CourseFactory(title=name, enrollment_method="purchase") for name in names]
