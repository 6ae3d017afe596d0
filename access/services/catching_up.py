"""Giving the people of a cohort, bundle or path the courses that came to it later: asked for by staff, done by jobs.

It goes from one to the next in short transactions, each under the lock that leaving and refunds take. So it may stop
anywhere, run twice, or run beside them, and nobody gets back anything that they lost.
"""

from datetime import datetime

from django.db import transaction

from access.models import Bundle, BundlePurchase, Cohort, CohortMembership, LearningPath, PathMembership
from access.services.bundles import grant_bundle_access
from access.services.cohorts import catch_up_member
from access.services.paths import catch_up_walker
from accounts.models import User
from accounts.services import note_action
from common.jobs import enqueue
from common.models import Job

Place = CohortMembership | BundlePurchase | PathMembership

TASK = "access.tasks.catch_up"
BATCH = 200  # of one job: well below the time the queue allows it
REASON = "Courses added later"


def kind_of(group: Cohort | Bundle | LearningPath) -> str:
    """What a job calls it."""
    return {Cohort: "cohort", Bundle: "bundle", LearningPath: "path"}[type(group)]


@transaction.atomic
def ask_to_catch_up(*, group: Cohort | Bundle | LearningPath, actor: User) -> bool:
    """Let a job give everybody what they lack; False if one is at it already.

    :raises ObjectDoesNotExist: if the group was deleted
    """
    type(group)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=group.pk)  # one asks at a time
    if is_catching_up(group):
        return False
    enqueue(TASK, kind_of(group), group.pk, actor.pk, 0)
    note_action(actor=actor, verb="granted to all", about=group)
    return True


def is_catching_up(group: Cohort | Bundle | LearningPath) -> bool:
    """True while a job for this group waits or works."""
    asked = Job.objects.runnable().filter(task=TASK).values_list("arguments", flat=True)
    return [kind_of(group), group.pk] in [arguments[:2] for arguments in asked]


def catch_up(*, kind: str, group_id: int, actor_id: int, after: int, now: datetime) -> int:
    """Serve the next of a group's people, those whose place has a number above `after`, and ask for the rest.

    Returns how many rights were given or opened. What a place once gave and lost is not given again.
    """
    actor = User.objects.filter(pk=actor_id).first()
    places = _places(kind, group_id, after)
    given = sum(_serve(place, now, actor) for place in places)
    if len(places) == BATCH:
        enqueue(TASK, kind, group_id, actor_id, places[-1].pk)
    return given


def _places(
    kind: str, group_id: int, after: int
) -> list[CohortMembership] | list[BundlePurchase] | list[PathMembership]:
    if kind == "cohort":
        members = CohortMembership.objects.filter(cohort=group_id, left_at=None, pk__gt=after)
        return list(members.select_related("user").order_by("pk")[:BATCH])
    if kind == "bundle":
        purchases = BundlePurchase.objects.filter(bundle=group_id, ended_at=None, pk__gt=after)
        return list(purchases.select_related("user").order_by("pk")[:BATCH])
    walkers = PathMembership.objects.filter(path=group_id, left_at=None, pk__gt=after)
    return list(walkers.select_related("user", "path").order_by("pk")[:BATCH])


def _serve(place: Place, now: datetime, actor: User | None) -> int:
    if isinstance(place, CohortMembership):
        return catch_up_member(membership=place, now=now, actor=actor)
    if isinstance(place, BundlePurchase):
        given = grant_bundle_access(user=place.user, bundle_purchase=place, now=now, actor=actor, reason=REASON)
        return len(given)
    return catch_up_walker(user=place.user, path=place.path, now=now, actor=actor, reason=REASON)
