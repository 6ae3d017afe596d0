"""The courses of a group on their page: put in, taken out, ordered; whom it concerns is said, and granted after."""

import pytest

from access.models import CourseAccess
from accounts.models import StaffAction
from common.models import Job
from tests import factories as make
from tests.dashboard.grouping import NOUNS, change_courses, courses, enter, group_of, titles, url
from tests.factories import NOW

pytestmark = pytest.mark.django_db
every_noun = pytest.mark.parametrize("noun", NOUNS)
ordered = pytest.mark.parametrize("noun", ["bundle", "path"])


def said_on(client, answer):
    return [str(message) for message in client.get(answer.url).context["messages"]]


def details():
    return list(StaffAction.objects.order_by("pk").values_list("detail", flat=True))


def holders(course):
    """Who has the course through a group, and how it stands."""
    return dict(CourseAccess.objects.filter(course=course).values_list("user__name", "status"))


@every_noun
def test_courses_are_added_at_once_while_nobody_is_concerned(owner_client, noun):
    group = group_of(noun)
    added = courses("Camera", "Sewing")
    answer = change_courses(owner_client, group, "add", *added)

    assert (titles(group), said_on(owner_client, answer)) == (["Camera", "Sewing"], ["Added: Camera, Sewing."])
    assert details() == ["Courses added: Camera, Sewing"]


@every_noun
def test_each_course_leads_to_its_settings_unless_in_the_trash(staff_client, noun):
    kept, thrown = make.CourseFactory(slug="kept"), make.CourseFactory(slug="gone", status="draft", trashed_at=NOW)
    text = staff_client.get(url(group_of(noun, courses=[kept, thrown]))).content.decode()

    assert [f'href="/dashboard/courses/{slug}/"' in text for slug in ("kept", "gone")] == [True, False]


@every_noun
def test_courses_come_after_those_it_has(owner_client, noun):
    [second, first] = courses("Zoom", "Acting")
    group = group_of(noun, courses=[second])
    change_courses(owner_client, group, "add", first)

    assert titles(group) == (["Acting", "Zoom"] if noun == "cohort" else ["Zoom", "Acting"])


@every_noun
def test_a_course_it_has_is_not_added_again(owner_client, noun):
    [camera] = courses("Camera")
    group = group_of(noun, courses=[camera])
    answer = change_courses(owner_client, group, "add", camera)

    assert (titles(group), said_on(owner_client, answer), details()) == (["Camera"], ["It holds them already."], [])


@every_noun
def test_before_a_course_is_added_the_page_says_who_will_not_get_it(owner_client, noun, student, stranger):
    group = group_of(noun, courses=courses("Camera"))
    enter(group, student)
    enter(group, stranger)
    [sewing] = courses("Sewing")
    asked = owner_client.get(change_courses(owner_client, group, "add", sewing).url)

    person = "owners" if noun == "bundle" else "members"
    assert (asked.context["says"], titles(group)) == ([f"2 {person} will not get Sewing automatically."], ["Camera"])


@every_noun
def test_being_sure_adds_it_and_gives_it_to_nobody(owner_client, noun, student):
    group = group_of(noun, courses=courses("Camera"))
    enter(group, student)
    [sewing] = courses("Sewing")
    change_courses(owner_client, group, "add", sewing, sure="yes")
    lacks = owner_client.get(url(group)).context["lacks"]

    assert (titles(group), holders(sewing)) == (["Camera", "Sewing"], {})
    assert [(lack.course, lack.people) for lack in lacks] == [(sewing, 1)]


@every_noun
def test_granting_it_to_them_is_a_job_and_leaves_nobody_without(owner_client, noun, student, run_jobs):
    group = group_of(noun, courses=courses("Camera"))
    enter(group, student)
    [sewing] = courses("Sewing")
    change_courses(owner_client, group, "add", sewing, sure="yes")
    owner_client.post(url(group, "grant"))
    before = owner_client.get(url(group))
    run_jobs()

    assert ("in the background" in before.text, "Grant to them" in before.text) == (True, False)
    assert (owner_client.get(url(group)).context["lacks"], list(holders(sewing))) == ([], ["Sam Student"])


@every_noun
def test_granting_twice_asks_for_one_job(owner_client, noun, student):
    group = group_of(noun)
    told = [said_on(owner_client, owner_client.post(url(group, "grant"))) for _ in range(2)]

    assert (Job.objects.count(), told[1]) == (1, ["It is being granted already."])


@every_noun
def test_a_course_nobody_got_is_taken_out_at_once(owner_client, noun):
    [camera] = courses("Camera")
    group = group_of(noun, courses=[camera])
    answer = change_courses(owner_client, group, "remove", camera)

    assert (titles(group), said_on(owner_client, answer)) == ([], ["Removed: Camera."])
    assert details() == ["Course removed: Camera"]


@every_noun
def test_before_a_course_is_taken_out_the_page_says_who_keeps_it(owner_client, noun, student):
    [camera] = courses("Camera")
    group = group_of(noun, courses=[camera])
    enter(group, student)
    asked = owner_client.get(change_courses(owner_client, group, "remove", camera).url)
    change_courses(owner_client, group, "remove", camera, sure="yes")

    assert asked.context["says"] == [f"1 {'owner' if noun == 'bundle' else 'member'} keeps Camera."]
    assert (titles(group), holders(camera)) == ([], {"Sam Student": "unlocked"})


@every_noun
def test_taking_out_what_is_not_in_it_says_so(owner_client, noun):
    [camera] = courses("Camera")
    answer = change_courses(owner_client, group_of(noun), "remove", camera)

    assert (said_on(owner_client, answer), details()) == (["Camera is not in it any more."], [])


@every_noun
@pytest.mark.parametrize("do", ["add", "remove"])
def test_of_two_editors_the_second_changes_nothing_and_is_told(owner_client, noun, do):
    [camera, sewing] = courses("Camera", "Sewing")
    group = group_of(noun, courses=[camera])
    stale = owner_client.get(url(group, "courses")).context["version"]
    change_courses(owner_client, group, "add", sewing)
    answer = change_courses(owner_client, group, do, camera, version=stale)

    assert (answer.status_code, "Somebody else changed this" in answer.text) == (409, True)
    assert titles(group) == ["Camera", "Sewing"]


@every_noun
@pytest.mark.parametrize("chosen", [[], ["x"], ["0"], ["9" * 30], ["\0"]])
def test_no_course_chosen_says_so(owner_client, noun, chosen):
    group = group_of(noun)
    answer = owner_client.post(url(group, "courses"), {"do": "add", "courses": chosen})

    assert said_on(owner_client, answer) == ["Choose a course."]


@every_noun
@pytest.mark.parametrize("do", ["", "explode", "\0", "level" * 1000])
def test_what_nobody_can_ask_for_is_refused(owner_client, noun, do):
    group = group_of(noun)

    assert change_courses(owner_client, group, do, *courses("Camera")).status_code == 400


@every_noun
@pytest.mark.parametrize(
    "query", [{}, {"do": "add"}, {"do": "x", "course": "1"}, {"do": "add", "course": "0"}, {"q": "\0" * 300}]
)
def test_an_address_that_asks_nothing_shows_the_page(owner_client, noun, query):
    answer = owner_client.get(url(group_of(noun), "courses"), query)

    assert (answer.status_code, answer.context["asked"]) == (200, [])


@every_noun
def test_an_address_that_concerns_nobody_says_that(owner_client, noun):
    [camera] = courses("Camera")
    answer = owner_client.get(url(group_of(noun), "courses"), {"do": "add", "course": camera.pk, "level": "9"})

    assert ("Nobody lacks anything" in answer.text, answer.context["level"]) == (True, 1)


@every_noun
def test_courses_to_add_are_searched_and_the_first_twenty_shown(owner_client, noun):
    group = group_of(noun, courses=courses("Camera held"))
    for number in range(21):
        courses(f"Camera {number:02}")
    courses("Sewing")
    make.CourseFactory(title="Camera gone", status="draft", trashed_at=NOW)
    shown = owner_client.get(url(group, "courses"), {"q": "era cam"})

    assert ([str(course) for course in shown.context["choices"]][:2], len(shown.context["choices"])) == (
        ["Camera 00", "Camera 01"],
        20,
    )
    assert "The first 20 of 21 courses" in shown.text


@every_noun
@pytest.mark.parametrize(("words", "text"), [("none", "No course to add has “none”"), ("", "Every course is in it")])
def test_without_a_course_to_add_the_page_says_why(owner_client, noun, words, text):
    assert text in owner_client.get(url(group_of(noun), "courses"), {"q": words}).text


@ordered
def test_a_course_moves_up_and_down(owner_client, noun):
    held = courses("A", "B", "C")
    group = group_of(noun, courses=held)
    orders = []
    for do, course in (("up", held[2]), ("down", held[0]), ("up", held[2])):
        change_courses(owner_client, group, do, course)
        orders.append("".join(titles(group)))

    assert (orders, details()) == (["ACB", "CAB", "CAB"], ["Moved up: C", "Moved down: A"])


@ordered
@pytest.mark.parametrize(("do", "position"), [("up", 0), ("down", 1)])
def test_what_cannot_move_stays_and_has_no_button(owner_client, noun, do, position):
    held = courses("A", "B")
    group = group_of(noun, courses=held)
    entries = owner_client.get(url(group, "courses")).context["entries"]
    answer = change_courses(owner_client, group, do, held[position])

    assert [(entry.can_rise, entry.can_sink) for entry in entries] == [(False, True), (True, False)]
    assert (titles(group), said_on(owner_client, answer)) == (["A", "B"], [f"{'AB'[position]} stays where it is."])


@ordered
def test_what_is_not_in_it_does_not_move(owner_client, noun):
    [other] = courses("Other")
    answer = change_courses(owner_client, group_of(noun, courses=courses("A")), "up", other)

    assert said_on(owner_client, answer) == ["Other stays where it is."]


@pytest.mark.parametrize("do", ["up", "level", "require"])
def test_a_cohort_has_no_order_no_levels_and_nothing_required(owner_client, do):
    [camera] = courses("Camera")

    assert change_courses(owner_client, group_of("cohort", courses=[camera]), do, camera).status_code == 400


@pytest.mark.parametrize(("noun", "do"), [("bundle", "require"), ("path", "level")])
def test_bundles_know_no_required_and_paths_no_level(owner_client, noun, do):
    [camera] = courses("Camera")

    assert change_courses(owner_client, group_of(noun, courses=[camera]), do, camera).status_code == 400


def test_the_courses_of_a_cohort_that_gives_nothing_concern_nobody(owner_client, student):
    [camera, sewing] = courses("Camera", "Sewing")
    group = group_of("cohort", courses=[camera], grants_access=False)
    enter(group, student)
    change_courses(owner_client, group, "add", sewing)
    change_courses(owner_client, group, "remove", camera)

    assert (titles(group), owner_client.get(url(group)).context["lacks"]) == (["Sewing"], [])


@every_noun
@pytest.mark.parametrize(("query", "count"), [({}, 1), ({"q": "sam"}, 0)])
def test_who_lacks_what_is_counted_unless_somebody_is_looked_for(owner_client, noun, student, query, count):
    group = group_of(noun, courses=courses("Camera"))
    enter(group, student)
    change_courses(owner_client, group, "add", *courses("Sewing"), sure="yes")

    assert len(owner_client.get(url(group), query).context["lacks"]) == count
