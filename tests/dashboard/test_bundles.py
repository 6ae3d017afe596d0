"""Bundles in the dashboard: types, levels, and who lacks what."""

import pytest

from access.models import Bundle, CourseAccess
from access.services import buy_bundle, end_bundle_purchase
from tests import factories as make
from tests.dashboard.grouping import change_courses, courses, enter, group_of, settings_of, titles, url
from tests.dashboard.posting import errors
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PICK = {"bundle_type": "pick_your_own", "max_course_selections": 1}


def save(client, bundle, **fields):
    return client.post(url(bundle, "edit"), settings_of("bundle", bundle, **fields))


def tiered(*levels):
    bundle = group_of("bundle", bundle_type="tiered")
    for level in levels:
        make.BundleCourseFactory(bundle=bundle, course__title=f"Level {level}", level=level, order=level)
    return bundle


def own(bundle, level=None, picked=(), name=None):
    user = make.UserFactory(name=name or "Ann")
    chosen = [course.pk for course in picked]
    return buy_bundle(user=user, bundle=bundle, source_key="order:1", now=NOW, level=level, course_ids=chosen)


def lacking(client, bundle):
    return {str(lack.course): lack.people for lack in client.get(url(bundle)).context["lacks"]}


@pytest.mark.parametrize("number", ["", "0", "1001", "x"])
def test_a_bundle_to_pick_from_says_how_many(owner_client, number):
    answer = save(owner_client, group_of("bundle"), **PICK | {"max_course_selections": number})

    assert (answer.status_code, list(errors(answer))) == (422, ["max_course_selections"])


def test_a_bundle_becomes_one_to_pick_from_and_back(owner_client):
    bundle = group_of("bundle")
    found = []
    for fields in (PICK, {"max_course_selections": 1}):
        bundle.refresh_from_db()
        save(owner_client, bundle, **fields)
        found.append(Bundle.objects.values_list("bundle_type", "max_course_selections").get())

    assert found == [("pick_your_own", 1), ("fixed", None)]


def test_the_address_follows_the_name(owner_client):
    bundle = group_of("bundle")
    save(owner_client, bundle, name="Studio set")

    assert 'href="/bundles/studio-set/"' in owner_client.get(url(bundle)).text


def test_an_archived_bundle_links_to_no_page(owner_client):
    assert "none while it is archived" in owner_client.get(url(group_of("bundle", is_active=False))).text


def test_the_settings_say_that_owners_keep_what_they_bought(owner_client, student):
    bundle = group_of("bundle", courses=courses("Camera"))
    enter(bundle, student)

    assert "1 owner: what they bought decides" in owner_client.get(url(bundle, "edit")).text


def test_a_course_comes_into_a_level(owner_client):
    bundle = tiered(1)
    change_courses(owner_client, bundle, "add", *courses("Gold"), level="3")

    assert list(bundle.entries.order_by("level").values_list("course__title", "level")) == [("Level 1", 1), ("Gold", 3)]


def test_the_level_of_a_course_can_be_set(owner_client):
    bundle = tiered(1, 2)
    course = bundle.courses.get(title="Level 1")
    for _ in range(2):
        change_courses(owner_client, bundle, "level", course, level="3")

    assert titles(bundle) == ["Level 2", "Level 1"]


def test_before_a_level_is_lowered_the_page_says_who_will_not_get_the_course(owner_client):
    bundle = tiered(1, 2)
    own(bundle, level=1)
    course = bundle.courses.get(title="Level 2")
    asked = owner_client.get(change_courses(owner_client, bundle, "level", course, level="1").url)
    change_courses(owner_client, bundle, "level", course, level="1", sure="yes")

    assert ("Set the level of “Level 2”" in asked.text, asked.context["says"]) == (
        True,
        ["1 owner will not get Level 2 automatically."],
    )
    assert lacking(owner_client, bundle) == {"Level 2": 1}


def test_a_course_moves_within_its_level_only(owner_client):
    bundle = tiered(1, 2)
    change_courses(owner_client, bundle, "up", bundle.courses.get(title="Level 2"))

    assert titles(bundle) == ["Level 1", "Level 2"]


@pytest.mark.parametrize(("level", "said"), [("1", ["2 owners will not get New automatically."]), ("3", [])])
def test_a_level_concerns_those_who_own_it_or_a_higher_one(owner_client, level, said):
    bundle = tiered(1, 2)
    own(bundle, level=1)
    own(bundle, level=2)
    answer = change_courses(owner_client, bundle, "add", *courses("New"), level=level)

    assert owner_client.get(answer.url).context.get("says", []) == said


def test_who_picked_lacks_nothing(owner_client):
    [camera] = courses("Camera")
    bundle = group_of("bundle", courses=[camera], **PICK)
    own(bundle, picked=[camera])
    change_courses(owner_client, bundle, "add", *courses("Sewing"))

    assert (titles(bundle), lacking(owner_client, bundle)) == (["Camera", "Sewing"], {})


def test_what_was_bought_decides_when_the_type_has_changed_since(owner_client):
    bundle = tiered(1, 2)
    own(bundle, level=1)
    Bundle.objects.update(bundle_type="fixed")
    bundle.refresh_from_db()
    own(bundle)
    added = make.BundleCourseFactory(bundle=bundle, course__title="New", level=2).course

    assert (lacking(owner_client, bundle), str(added)) == ({"New": 1}, "New")


def test_an_ended_purchase_lacks_nothing(owner_client):
    bundle = group_of("bundle", courses=courses("Camera"))
    end_bundle_purchase(bundle_purchase=own(bundle), now=NOW, reason="Refund")
    change_courses(owner_client, bundle, "add", *courses("Sewing"))

    assert lacking(owner_client, bundle) == {}


def test_a_right_taken_singly_is_not_missing(owner_client):
    bundle = group_of("bundle", courses=courses("Camera"))
    own(bundle)
    CourseAccess.objects.update(status="revoked", revoked_at=NOW, revocation_reason="Abuse")

    assert lacking(owner_client, bundle) == {}


def test_a_course_that_has_ended_can_be_given_to_nobody(owner_client):
    bundle = group_of("bundle", courses=courses("Camera"))
    own(bundle)
    over = make.CourseFactory(access_duration_type="until_date", access_until=NOW)
    change_courses(owner_client, bundle, "add", over)

    assert lacking(owner_client, bundle) == {}


@pytest.mark.parametrize("kind", ["fixed", "tiered", "pick"])
def test_what_the_page_counts_is_what_the_job_gives(owner_client, kind, run_jobs):
    if kind == "tiered":
        bundle = tiered(1, 3)
        for level in (1, 3, 3):
            own(bundle, level=level)
    else:
        held = courses("Camera", "Sewing")
        bundle = group_of("bundle", courses=held, **PICK if kind == "pick" else {})
        own(bundle, picked=held[:1] if kind == "pick" else ())
    for level in (1, 2):
        make.BundleCourseFactory(bundle=bundle, course__title=f"New {level}", level=level)
    counted, before = sum(lacking(owner_client, bundle).values()), CourseAccess.objects.count()
    owner_client.post(url(bundle, "grant"))
    run_jobs()

    assert CourseAccess.objects.count() - before == counted == {"fixed": 2, "tiered": 5, "pick": 0}[kind]
    assert lacking(owner_client, bundle) == {}


def test_owners_are_shown_with_level_and_giver(owner_client, owner, student):
    bundle = tiered(1, 2)
    own(bundle, level=2)
    buy_bundle(user=student, bundle=bundle, source_key="staff:1", now=NOW, level=1, actor=owner)
    table = owner_client.get(url(bundle, "export")).getvalue().decode()
    text = owner_client.get(url(bundle)).text

    assert ("given by Olga Owner" in text, "bought" in text) == (True, True)
    assert ("Silver,Bought" in table, "Bronze,Given by Olga Owner" in table) == (True, True)
