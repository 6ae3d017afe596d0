"""The staff pages of cohorts, bundles, learning paths and plans, each with something in it."""

from access.models import Bundle, LearningPath
from access.services import add_to_cohort, buy_bundle
from tests.browser.people import LONG, tiers
from tests.factories import NOW, BundleCourseFactory, CohortFactory


def group_addresses(course, user):
    """Over what `offers_over` made: a cohort with the user in it, and a bundle of theirs that has gained a course."""
    tiers()
    cohort = CohortFactory(name=LONG, grants_access=True, starts_on=NOW.date(), max_participants=20)
    cohort.courses.add(course)
    add_to_cohort(user=user, cohort=cohort, now=NOW)
    bundle, path = Bundle.objects.get(slug="studio"), LearningPath.objects.get(slug="on-air")
    purchase = buy_bundle(user=user, bundle=bundle, source_key="order:9", level=3, now=NOW)
    new = BundleCourseFactory(bundle=bundle, course__title="New in it").course
    one, several, steps = f"cohorts/{cohort.pk}/", f"bundles/{bundle.pk}/", f"paths/{path.pk}/"
    pages = [
        "cohorts/", "cohorts/?q=nothing-like-this", "cohorts/add/", one, f"{one}edit/", f"{one}calendar/",
        f"{one}members/{user.pk}/remove/", f"{one}delete/", several, f"{several}courses/",
        f"{several}courses/?do=remove&course={new.pk}", steps, f"{steps}courses/", "tiers/", "tiers/2/edit/",
        f"students/{user.pk}/end-bundle/?purchase={purchase.pk}",
    ]  # fmt: skip
    return [f"/dashboard/{page}" for page in pages]
