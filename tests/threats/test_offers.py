"""T2, T5, T32: pages of paths and bundles name no course one may not know of, and open none out of turn."""

import pytest
from django.db.models import Q

from access.models import CourseAccess
from access.services import buy_bundle, join_path
from catalog.models import Course
from tests import factories as make
from tests.threats.test_canaries import body_of, crawl, found
from tests.threats.world import CLOSED, HOLDERS, OF_THE_COURSE, ROLES, UNKNOWN, mark

pytestmark = pytest.mark.django_db
PAGES = ("/paths/", "/paths/all/", "/bundles/all/", "/bundles/levels/", "/my-dashboard/", "/sitemap.xml")


@pytest.fixture
def offers(world):
    """A path and two bundles that hold every course there is, also the draft and the private one."""
    path = make.LearningPathFactory(slug="all", is_free=True)
    bundles = [make.BundleFactory(slug="all"), make.BundleFactory(slug="levels", bundle_type="tiered")]
    for course in Course.objects.order_by("-pk"):
        make.PathStepFactory(path=path, course=course)
        for bundle in bundles:
            make.BundleCourseFactory(bundle=bundle, course=course)
    return path, bundles[0]


@pytest.mark.parametrize("role", [role for role in ROLES if role not in HOLDERS])
def test_nothing_protected_is_on_the_pages_or_behind_their_links(clients, offers, role):
    texts = crawl(clients[role], PAGES)

    open_to_them = OF_THE_COURSE if role == "dripped" else ()
    assert {name for name, _ in found(texts, (*CLOSED, *UNKNOWN))} == set(open_to_them)


@pytest.mark.parametrize("role", ["anonymous", "none", "expired", "suspended"])
def test_starting_a_path_answers_with_nothing_protected(clients, offers, role):
    answer = clients[role].post("/paths/all/join/")

    assert found({"join": body_of(answer)}, (*CLOSED, *UNKNOWN)) == set()


def test_the_suspended_get_no_row_by_starting_a_path(clients, world, offers):
    clients["suspended"].post("/paths/all/join/")

    assert CourseAccess.objects.filter(user=world.people["suspended"], path__isnull=False).count() == 0


def test_the_suspended_stay_outside_with_a_bundle_and_a_path(clients, world, offers):
    path, bundle = offers
    buy_bundle(user=world.people["suspended"], bundle=bundle, source_key="order:1", now=make.NOW)
    join_path(user=world.people["suspended"], path=path, now=make.NOW)

    texts = {"lesson": body_of(clients["suspended"].get("/courses/guarded/closed/"))}

    assert found(texts, CLOSED) == set()


@pytest.mark.parametrize("role", ["none", "expired"])
def test_a_later_course_of_a_path_stays_closed_whatever_is_asked(clients, world, role):
    path = make.LearningPathFactory(is_free=True, slug="turn")
    make.PathStepFactory(path=path, course__lesson_count=1)
    make.PathStepFactory(path=path, course=world.course)
    clients[role].post("/paths/turn/join/")

    texts = crawl(clients[role], ["/courses/guarded/", "/courses/guarded/closed/", "/courses/guarded/continue/"])

    assert (CourseAccess.objects.filter(Q(course=world.course), path=path).get().status, found(texts, CLOSED)) == (
        "pending",
        set(),
    )


def test_a_draft_in_a_bundle_one_owns_is_named_nowhere(clients, world, offers):
    buy_bundle(user=world.people["none"], bundle=offers[1], source_key="order:1", now=make.NOW)

    texts = {page: body_of(clients["none"].get(page)) for page in PAGES}

    assert [page for page, text in texts.items() if mark("draft") in text] == []


def test_members_see_the_private_course_of_their_path(clients, world, offers):
    join_path(user=world.people["none"], path=offers[0], now=make.NOW)

    assert mark("private") in body_of(clients["none"].get("/paths/all/"))
