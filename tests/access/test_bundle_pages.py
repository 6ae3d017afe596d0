"""The page of a bundle: what is inside, what of it one has, and who may learn of which course."""

import re

import pytest

from access.services import buy_bundle, end_bundle_purchase
from tests import factories as make
from tests.access.bundling import bundle_of, ids, picked_from, tiered
from tests.conftest import counted_queries
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def visit(client, bundle):
    return client.get(bundle.get_absolute_url())


def title_of(response):
    return re.search(r'<h2 id="inside">(.*?)</h2>', response.text).group(1)


def titles(items):
    return [item.card.course.title for item in items]


def test_a_fixed_bundle_shows_its_courses_in_order(client):
    bundle, courses = bundle_of(3)

    response = visit(client, bundle)

    assert titles(response.context["items"]) == [course.title for course in courses]
    assert (title_of(response), "All of it, as one" in response.text) == ("What is inside", True)


@pytest.mark.parametrize(("most", "title"), [(3, "Choose 3 of 7"), (9, "Choose 7 of 7")])
def test_a_bundle_to_pick_from_says_how_many(client, most, title):
    bundle, _ = picked_from(7, most)

    assert title_of(visit(client, bundle)) == title


def test_a_tiered_bundle_shows_what_each_level_adds(client):
    bundle, courses = tiered(1, 3, 3)

    response = visit(client, bundle)

    levels = [(column.level.label, titles(column.items), column.below) for column in response.context["levels"]]
    names = [course.title for course in courses]
    assert levels == [("Bronze", names[:1], ""), ("Gold", names[1:], "Bronze")]
    assert (title_of(response), "Bronze or Gold" in response.text) == ("2 levels", True)


def test_courses_one_has_are_marked(student, student_client):
    bundle, courses = bundle_of(3)
    make.CourseAccessFactory(user=student, course=courses[0])
    make.CourseAccessFactory(user=student, course=courses[1], status="expired")

    response = visit(student_client, bundle)

    assert [item.is_owned for item in response.context["items"]] == [True, False, False]
    assert response.text.count("You have this course") == 1
    assert "You have 1 of these 3 courses already" in response.text


def test_courses_one_has_are_marked_in_levels_too(student, student_client):
    bundle, (course,) = tiered(1)
    make.CourseAccessFactory(user=student, course=course)

    assert "You have it" in visit(student_client, bundle).text


def test_nothing_is_marked_for_a_visitor(client):
    bundle, _ = bundle_of(2)

    text = visit(client, bundle).text

    assert ("You have" in text, "Already a member?" in text, "Ask for this bundle" in text) == (False, True, True)


def test_an_owner_reads_since_when(student, student_client):
    bundle, _ = tiered(1, 2)
    buy_bundle(user=student, bundle=bundle, source_key="order:1", level=2, now=NOW)

    text = visit(student_client, bundle).text

    assert ("You have this bundle." in text, "2 March 2026</time>, level Silver." in text) == (True, True)


def test_a_bundle_that_ended_is_offered_again(student, student_client):
    bundle, _ = bundle_of(1)
    purchase = buy_bundle(user=student, bundle=bundle, source_key="order:1", now=NOW)
    end_bundle_purchase(bundle_purchase=purchase, now=NOW, reason="Refund")

    assert "Ask for this bundle" in visit(student_client, bundle).text


def test_a_bundle_of_somebody_else_is_not_mine(student, stranger_client):
    bundle, _ = bundle_of(1)
    buy_bundle(user=student, bundle=bundle, source_key="order:1", now=NOW)

    assert "You have" not in visit(stranger_client, bundle).text


@pytest.mark.parametrize("who", ["client", "student_client", "staff_client"])
def test_an_archived_bundle_is_404_like_an_unknown_one(request, who):
    visitor = request.getfixturevalue(who)
    bundle, _ = bundle_of(1, is_active=False)

    assert [visitor.get(url).status_code for url in (bundle.get_absolute_url(), "/bundles/nowhere/")] == [404, 404]


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"visibility": "private"}])
@pytest.mark.parametrize("kind", [{}, {"bundle_type": "tiered"}])
def test_a_course_nobody_may_know_of_is_not_named(client, student_client, fields, kind):
    bundle, _ = bundle_of(1, **kind)
    secret = make.CourseFactory(title="Secret", slug="secret", **fields)
    make.BundleCourseFactory(bundle=bundle, course=secret)

    texts = [visit(visitor, bundle).text.lower() for visitor in (client, student_client)]

    assert ["secret" in text for text in texts] == [False, False]
    assert len(visit(client, bundle).context["items"]) == 1


def test_members_only_courses_are_named_to_members(client, student_client):
    bundle, (course,) = bundle_of(1)
    type(course).objects.update(visibility="members_only")

    found = [titles(visit(visitor, bundle).context["items"]) for visitor in (client, student_client)]

    assert found == [[], [course.title]]


@pytest.mark.parametrize("kind", ["fixed", "tiered"])
def test_an_empty_bundle_says_so(client, kind):
    bundle, _ = bundle_of(0, bundle_type=kind)

    text = visit(client, bundle).text

    assert "The courses of this bundle are being prepared." in text
    assert ("In preparation." in text, "Ask for this bundle" in text) == (True, False)


def test_the_page_tells_search_engines_what_it_is(client, settings):
    bundle, _ = bundle_of(2, name="Starter", slug="starter", description="Two *courses*.")

    text = visit(client, bundle).text

    assert "<title>Starter – " in text
    assert f'<link rel="canonical" href="{settings.SITE_URL}/bundles/starter/">' in text
    assert '<meta property="og:title" content="Starter">' in text
    assert ('"@type": "BreadcrumbList"' in text, text.count('"@type": "ListItem"')) == (True, 4)


def test_the_sitemap_holds_bundles_a_visitor_sees(client):
    bundle_of(1, slug="shown")
    bundle_of(1, slug="archived", is_active=False)
    bundle_of(0, slug="empty")
    _, (private,) = bundle_of(1, slug="hidden")
    type(private).objects.filter(pk=private.pk).update(visibility="private")

    assert re.findall(r"(/bundles/[^<]*)</loc>", client.get("/sitemap.xml").text) == ["/bundles/shown/"]


@pytest.mark.parametrize("make_bundle", [bundle_of, lambda n: tiered(*[1] * n)], ids=["fixed", "tiered"])
@pytest.mark.parametrize("who", ["client", "student_client"])
def test_twenty_courses_cost_no_more_queries_than_one(request, student, who, make_bundle):
    visitor, counts = request.getfixturevalue(who), []
    for number in (1, 20):
        bundle, courses = make_bundle(number)
        make.CourseAccessFactory(user=student, course=courses[0])
        with counted_queries() as queries:
            visit(visitor, bundle)
        counts.append(len(queries))

    assert (counts[0] == counts[1], counts[1] <= 8) == (True, True)


def test_a_choice_shows_on_the_page_as_owned(student, student_client):
    bundle, courses = picked_from(4)
    buy_bundle(user=student, bundle=bundle, source_key="order:1", course_ids=ids(courses[:2]), now=NOW)

    assert visit(student_client, bundle).context["owned"] == 2
