"""What the pages of cohorts, bundles and learning paths have in common: list, settings, archive, people, who may."""

from importlib import import_module

import pytest

from access.models import Cohort
from accounts.models import StaffAction
from tests import factories as make
from tests.conftest import counted_queries
from tests.dashboard.grouping import MODELS, NAMES, NOUNS, courses, enter, enter_many, group_of, settings_of, url
from tests.dashboard.posting import errors

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("noun", NOUNS)]
HOSTILE = ["\0", "9" * 5000, "x" * 10_000, "\ud800".encode("utf-8", "surrogatepass"), "-1", "' OR 1=1"]
LISTED = {
    "cohort": "'=Evening,,,1,,1,yes,active",
    "bundle": "'=Evening,Fixed: all its courses,1,1,active",
    "path": "'=Evening,1,1,no,active",
}


def list_of(client, noun, **query):
    """The names that the list shows."""
    answer = client.get(f"/dashboard/{noun}s/", query)
    return [str(line.group) for line in answer.context["lines"]]


def actions():
    return list(StaffAction.objects.order_by("pk").values_list("verb", "label", "detail"))


def messages_of(client, address):
    return [str(message) for message in client.get(address).context["messages"]]


def test_without_any_the_page_says_what_appears_here(staff_client, owner_client, noun):
    texts = [client.get(f"/dashboard/{noun}s/").text for client in (staff_client, owner_client)]

    assert [("yet</h2>" in text, f"/dashboard/{noun}s/add/" in text) for text in texts] == [(True, False), (True, True)]


def test_without_a_match_it_offers_to_clear_the_filters(staff_client, noun):
    text = staff_client.get(f"/dashboard/{noun}s/", {"q": "nothing"}).text

    assert ("found</h2>" in text, "Clear filters" in text) == (True, True)


def test_search_finds_all_the_words_in_any_order(staff_client, noun):
    group_of(noun, "Spring group")
    group_of(noun, "Autumn group")

    assert list_of(staff_client, noun, q="GROUP spr") == ["Spring group"]


@pytest.mark.parametrize(
    ("state", "shown"), [("", ["A"]), ("archived", ["B"]), ("all", ["A", "B"]), ("nonsense", ["A"])]
)
def test_the_archived_are_shown_when_asked_for(staff_client, noun, state, shown):
    group_of(noun, "A")
    group_of(noun, "B", is_active=False)

    assert list_of(staff_client, noun, state=state, sort="name") == shown


@pytest.mark.parametrize(("sort", "shown"), [("name", ["a", "B", "c"]), ("newest", ["c", "a", "B"])])
def test_the_order_can_be_chosen(staff_client, noun, sort, shown):
    for name in ("B", "a", "c"):
        group_of(noun, name)

    assert list_of(staff_client, noun, sort=sort) == shown


@pytest.mark.parametrize("value", HOSTILE)
def test_what_a_list_does_not_understand_it_leaves_out(staff_client, noun, value):
    group = group_of(noun)
    asked = dict.fromkeys(("q", "state", "sort", "page"), value)
    answers = [staff_client.get(address, asked) for address in (f"/dashboard/{noun}s/", url(group))]

    assert [answer.status_code for answer in answers] == [200, 200]


def test_an_order_that_is_none_is_the_first(staff_client, noun):
    for name in ("B", "a"):
        group_of(noun, name)

    assert list_of(staff_client, noun, sort="\0") == list_of(staff_client, noun)


def test_a_page_holds_fifty_and_keeps_the_filters(staff_client, noun):
    for number in range(51):
        group_of(noun, f"Group {number}")
    answer = staff_client.get(f"/dashboard/{noun}s/", {"q": "group", "page": "2"})

    assert (len(answer.context["lines"]), 'href="?q=group&amp;page=1"' in answer.text) == (1, True)


def test_a_line_counts_courses_and_the_people_who_have_it_now(staff_client, noun, student, stranger):
    group = group_of(noun, courses=courses("Camera", "Sewing"))
    place = enter(group, student)
    enter(group, stranger)
    ended = "ended_at" if noun == "bundle" else "left_at"
    type(place).objects.filter(pk=place.pk).update(**{ended: make.NOW})
    line = staff_client.get(f"/dashboard/{noun}s/").context["lines"][0]

    assert (line.courses, line.people) == (2, 1)


@pytest.mark.parametrize("page", ["", "detail", "courses"])
def test_the_number_of_queries_does_not_grow(owner_client, noun, page):
    counts = []
    group = group_of(noun)
    address = f"/dashboard/{noun}s/" if not page else url(group, page.replace("detail", ""))
    for number in (1, 3):
        for index in range(number):
            group_of(noun, f"Group {number} {index}", courses=courses(f"C{number} {index}"))
            _put_in(group, courses(f"Course {number} {index}")[0])
            enter(group, make.UserFactory())
        with counted_queries() as queries:
            owner_client.get(address)
        counts.append(len(queries))

    assert (counts[0] == counts[1], counts[1] <= 12) == (True, True), queries


def _put_in(group, course):
    if isinstance(group, Cohort):
        group.courses.add(course)
    else:
        places = make.BundleCourseFactory if group._meta.model_name == "bundle" else make.PathStepFactory
        places(**{"bundle" if places is make.BundleCourseFactory else "path": group, "course": course})


def test_a_new_one_is_made_and_told_in_the_log(owner_client, noun):
    answer = owner_client.post(f"/dashboard/{noun}s/add/", settings_of(noun, **{NAMES[noun]: "Spring"}))
    group = MODELS[noun].objects.get()

    assert (answer.url, str(group), actions()) == (url(group, "courses"), "Spring", [("created", "Spring", "")])


def test_the_same_form_sent_twice_makes_one(owner_client, noun):
    for _ in range(2):
        owner_client.post(f"/dashboard/{noun}s/add/", settings_of(noun))

    assert (MODELS[noun].objects.count(), len(actions())) == (1, 1)


def test_a_new_one_needs_a_name(owner_client, noun):
    answer = owner_client.post(f"/dashboard/{noun}s/add/", settings_of(noun, **{NAMES[noun]: ""}))

    assert (answer.status_code, list(errors(answer)), MODELS[noun].objects.count()) == (422, [NAMES[noun]], 0)


@pytest.mark.parametrize("value", HOSTILE)
def test_no_odd_value_breaks_the_form(owner_client, noun, value):
    fields = dict.fromkeys(("max_participants", "starts_on", "ends_on", "max_course_selections", "bundle_type"), value)
    answer = owner_client.post(f"/dashboard/{noun}s/add/", {**settings_of(noun), **fields, "description": value})

    assert answer.status_code in {302, 422}


def test_settings_are_saved_and_the_log_names_what_changed(owner_client, noun):
    group = group_of(noun)
    said = settings_of(noun, group, **{NAMES[noun]: "Summer", "description": "New"})
    answer = owner_client.post(url(group, "edit"), said)

    group.refresh_from_db()
    assert (answer.url, str(group), group.description) == (url(group), "Summer", "New")
    assert actions() == [("changed", "Summer", f"{NAMES[noun].capitalize()}, Description")]


def test_what_is_as_it_was_is_not_saved(owner_client, noun):
    group = group_of(noun)
    before = group.updated_at
    owner_client.post(url(group, "edit"), settings_of(noun, group))

    group.refresh_from_db()
    assert (group.updated_at, actions()) == (before, [])


def test_of_two_editors_the_second_sees_both_versions(owner_client, noun):
    group = group_of(noun)
    mine, theirs = (settings_of(noun, group, **{NAMES[noun]: name}) for name in ("Mine", "Theirs"))
    owner_client.post(url(group, "edit"), theirs)
    answer = owner_client.post(url(group, "edit"), mine)

    [difference] = answer.context["conflict"]
    assert (answer.status_code, difference.mine, difference.theirs) == (409, "Mine", "Theirs")
    assert str(MODELS[noun].objects.get()) == "Theirs"


def test_after_that_they_may_save_over_it(owner_client, noun):
    group = group_of(noun)
    mine, theirs = (settings_of(noun, group, **{NAMES[noun]: name}) for name in ("Mine", "Theirs"))
    owner_client.post(url(group, "edit"), theirs)
    shown = owner_client.post(url(group, "edit"), mine).context["form"]
    owner_client.post(url(group, "edit"), mine | {"version": shown["version"].value()})

    assert str(MODELS[noun].objects.get()) == "Mine"


@pytest.mark.parametrize("version", ["", "x", "\0"])
def test_a_form_without_its_version_saves_nothing(owner_client, noun, version):
    group = group_of(noun)
    answer = owner_client.post(
        url(group, "edit"), settings_of(noun, group, **{NAMES[noun]: "Other", "version": version})
    )

    assert (answer.status_code in {409, 422}, str(MODELS[noun].objects.get())) == (True, "Spring")


def test_one_that_nobody_ever_had_is_deleted(owner_client, noun):
    group = group_of(noun, courses=courses("Camera"))
    asked = owner_client.get(url(group, "delete")).text
    answer = owner_client.post(url(group, "delete"))

    assert ("deleted for good" in asked, answer.url) == (True, f"/dashboard/{noun}s/")
    assert (MODELS[noun].objects.count(), actions()) == (0, [("deleted", "Spring", "")])


def test_one_that_somebody_had_is_archived_and_restored(owner_client, noun, student):
    group = group_of(noun, courses=courses("Camera"))
    enter(group, student)
    asked = owner_client.get(url(group, "delete")).text
    told = [messages_of(owner_client, owner_client.post(url(group, page)).url) for page in ("delete", "restore")]

    assert "archived instead of deleted" in asked
    assert [words[0].partition("” ")[2][:11] for words in told] == ["is archived", "is active a"]
    assert [verb for verb, _, _ in actions()] == ["archived", "restored"]


def test_archiving_and_restoring_twice_is_told_once(owner_client, noun, student):
    group = group_of(noun, courses=courses("Camera"))
    enter(group, student)
    for page in ("delete", "delete", "restore", "restore"):
        owner_client.post(url(group, page))

    assert [verb for verb, _, _ in actions()] == ["archived", "restored"]


def test_the_people_are_found_by_name_and_address(staff_client, noun, student, stranger):
    group = group_of(noun, courses=courses("Camera"))
    for user in (student, stranger):
        enter(group, user)
    found = [list(staff_client.get(url(group), {"q": words}).context["page"]) for words in ("sam", "STRANGER@", "no")]

    assert [[place.user for place in page] for page in found] == [[student], [stranger], []]


def test_the_people_come_fifty_at_a_time(staff_client, noun):
    group = group_of(noun)
    enter_many(group, 51)
    answer = staff_client.get(url(group), {"page": "2"})

    assert (len(answer.context["page"].object_list), "51–51 of 51" in answer.text) == (1, True)


def test_the_table_to_keep_holds_all_people_and_no_formula(staff_client, noun, staff):
    group = group_of(noun, courses=courses("Camera"))
    enter(group, make.UserFactory(name="=1+1", email="ben@example.com"))
    lines = staff_client.get(url(group, "export")).getvalue().decode().splitlines()

    assert (len(lines), lines[1].split(",")[:2]) == (2, ["'=1+1", "ben@example.com"])


def test_the_list_to_keep_holds_what_was_found_and_no_formula(staff_client, noun, student):
    enter(group_of(noun, "=Evening", courses=courses("Camera")), student)
    group_of(noun, "Morning")
    address = f"/dashboard/{noun}s/export/"
    found = [staff_client.get(address, asked).getvalue().decode().splitlines() for asked in ({}, {"q": "even"})]

    assert ([len(lines) for lines in found], found[1][1]) == ([3, 2], LISTED[noun])


@pytest.mark.parametrize("page", ["add", "edit", "delete", "restore", "courses", "grant"])
def test_staff_who_may_not_change_groups_change_nothing(staff_client, noun, page):
    group = group_of(noun)
    address = f"/dashboard/{noun}s/add/" if page == "add" else url(group, page)

    assert staff_client.post(address, settings_of(noun)).status_code == 403


def test_they_see_no_buttons(staff_client, noun, student):
    group = group_of(noun, courses=courses("Camera"))
    enter(group, student)
    _put_in(group, courses("Sewing")[0])
    text = staff_client.get(url(group)).text

    assert [word in text for word in ("Sewing", "Grant to them", "Change courses", "Remove…")] == [True] + [False] * 3


@pytest.mark.parametrize(
    ("page", "service"),
    [("edit", "group_pages.change_group"), ("delete", "views.group_pages.delete_or_archive"),
     ("restore", "views.group_pages.restore_group"), ("grant", "views.group_pages.ask_to_catch_up"),
     ("courses", "group_courses.add_courses")],
)  # fmt: skip
def test_one_deleted_at_the_same_moment_is_a_404(owner_client, noun, page, service, monkeypatch):
    module, _, name = service.rpartition(".")
    serve = getattr(import_module(f"dashboard.{module}"), name)
    monkeypatch.setattr(f"dashboard.{service}", lambda **said: MODELS[noun].objects.all().delete() and serve(**said))
    group = group_of(noun)
    said = settings_of(noun, group, do="add", courses=courses("Camera")[0].pk)

    assert owner_client.post(url(group, page), said).status_code == 404


@pytest.mark.parametrize("page", ["", "edit", "delete", "restore", "courses", "grant", "export"])
@pytest.mark.parametrize("number", [0, 2**63, 10**30])
def test_one_that_is_none_is_a_404(owner_client, noun, page, number):
    address = f"/dashboard/{noun}s/{number}/" + (f"{page}/" if page else "")
    ask = owner_client.post if page in {"restore", "grant"} else owner_client.get

    assert ask(address).status_code == 404
