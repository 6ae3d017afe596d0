"""The builder: what its page shows, and what its forms do without any script."""

import pytest

from accounts.models import StaffAction
from catalog.arranging import arrangement_of
from catalog.models import Lesson
from tests import factories as make
from tests.catalog.outlines import course_of, order_of
from tests.conftest import counted_queries
from tests.dashboard.undo import press_undo

pytestmark = pytest.mark.django_db
ODD = ["\x00", "9" * 4301, str(2**63), "-1", "0", "1.5", "x", "²", "x" * 10_000]


@pytest.fixture
def course():
    return course_of(Welcome=["a", "b"], Voice=["c"])


def here(course, rest=""):
    return f"/dashboard/courses/{course.slug}/outline/{rest}"


def lesson(course, title):
    return course.lessons.get(title=title)


def module(course, title):
    return course.modules.get(title=title)


def of_lesson(course, title, what):
    return here(course, f"lessons/{lesson(course, title).pk}/{what}/")


def of_module(course, title, what):
    return here(course, f"modules/{module(course, title).pk}/{what}/")


def version(course):
    return {"version": arrangement_of(course).version}


def told(client, course):
    """What the outline says was done: with Undo first, then without."""
    page = client.get(here(course))
    offer = client.session.get("undo")
    return [*([offer["told"]] if offer else []), *map(str, page.context["messages"])]


def test_the_page_shows_every_lesson_in_reading_order(owner_client, course):
    make.LessonFactory(course=course, title="Hidden", slug="hidden", is_published=False, trashed_at=make.NOW)

    page = owner_client.get(here(course))

    lines = [[line.lesson.title for line in section.lines] for section in page.context["outline"].sections]
    assert (page.status_code, lines) == (200, [[], ["a", "b"], ["c"]])


def test_the_version_shown_is_that_of_the_order(owner_client, course):
    page = owner_client.get(here(course))

    assert page.context["outline"].version == arrangement_of(course).version


def test_an_empty_course_asks_for_the_first_module(owner_client, staff_client):
    course = make.CourseFactory()

    headings = ["Add the first module" in client.get(here(course)).text for client in (owner_client, staff_client)]

    assert headings == [True, False]


def test_badges_say_in_words_what_a_lesson_is(owner_client, course):
    facts = {"lesson_type": "video", "is_published": False, "is_preview": True, "available_after_days": 7}
    Lesson.objects.filter(title="a").update(**facts)
    Lesson.objects.filter(title="b").update(
        lesson_type="video", video_url="https://x.test/1.mp4", video_duration_seconds=480
    )
    Lesson.objects.filter(title="c").update(lesson_type="audio", video_url="https://x.test/1.mp3")
    make.TranscriptFactory(lesson=lesson(course, "b"), captions="WEBVTT")

    page = owner_client.get(here(course)).text

    said = ["no video", "preview", "opens day 7", "unpublished", "Video 8 min", ">captions<", "no captions"]
    assert [word for word in said if word not in page] == []


def test_who_may_only_look_finds_no_button(staff_client, course):
    page = staff_client.get(here(course)).text

    assert ("<form" in page.partition('id="outline"')[2].partition("</main>")[0], "outline.js" in page) == (
        False,
        False,
    )


@pytest.mark.parametrize("count", [5, 200])
def test_the_page_takes_few_queries_however_long_the_course(owner_client, max_queries, count):
    course = make.CourseFactory()
    modules = [make.ModuleFactory(course=course) for _ in range(1 + count // 20)]
    lessons = [make.LessonFactory.build(course=course, module=modules[n % len(modules)]) for n in range(count)]
    Lesson.objects.bulk_create(lessons)
    owner_client.get(here(course))

    with max_queries(12):
        page = owner_client.get(here(course))

    assert page.text.count("data-lesson=") == count


def test_a_move_takes_as_many_queries_in_a_long_course(owner_client):
    counts = []
    for count in (3, 60):
        course = course_of(Welcome=[f"l{n}" for n in range(count)])
        owner_client.get(here(course))
        with counted_queries() as queries:
            owner_client.post(of_lesson(course, "l1", "up"), version(course))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_lesson_moves_up_and_back_by_undo(owner_client, course):
    answer = owner_client.post(of_lesson(course, "c", "up"), version(course))
    moved = (told(owner_client, course), order_of(course))
    back = press_undo(owner_client)

    assert answer.url == here(course) + f"#lesson-{lesson(course, 'c').pk}"
    assert moved == (["c moved to position 3 of 3 in Welcome."], {"": [], "Welcome": ["a", "b", "c"], "Voice": []})
    assert (back.url, told(owner_client, course)) == (answer.url, ["c is back at position 1 of 1 in Voice."])
    assert order_of(course) == {"": [], "Welcome": ["a", "b"], "Voice": ["c"]}


def test_a_lesson_moves_down(owner_client, course):
    owner_client.post(of_lesson(course, "a", "down"), version(course))

    assert order_of(course)["Welcome"] == ["b", "a"]


def test_a_lesson_moves_to_a_module_and_position(owner_client, course):
    page = owner_client.get(of_lesson(course, "b", "move"))
    shown = page.context["form"].initial

    owner_client.post(
        of_lesson(course, "b", "move"),
        {"module": module(course, "Voice").pk, "position": 1, "version": shown["version"]},
    )

    assert (shown["module"], order_of(course)["Voice"]) == (module(course, "Welcome").pk, ["b", "c"])


def test_a_lesson_moves_out_of_all_modules(owner_client, course):
    owner_client.post(of_lesson(course, "b", "move"), {"module": "", "position": "", **version(course)})

    assert order_of(course)[""] == ["b"]
    assert told(owner_client, course) == ["b moved to position 1 of 1 without a module."]


def test_a_move_to_the_same_place_says_so(owner_client, course):
    to = {"module": module(course, "Welcome").pk, "position": 1}

    owner_client.post(of_lesson(course, "a", "move"), to | version(course))
    owner_client.post(of_module(course, "Voice", "move"), {"position": 2} | version(course))

    assert told(owner_client, course) == [
        "a is at position 1 of 2 in Welcome already.",
        "Voice is at position 2 of 2 already.",
    ]


def test_a_module_moves_by_menu_by_number_and_back(owner_client, course):
    owner_client.post(of_module(course, "Voice", "up"), version(course))
    first = [*order_of(course)][1:]
    press_undo(owner_client)
    owner_client.post(of_module(course, "Welcome", "down"), version(course))
    second = [*order_of(course)][1:]
    owner_client.post(of_module(course, "Voice", "move"), {"position": ""} | version(course))

    assert (first, second, [*order_of(course)][1:]) == (
        ["Voice", "Welcome"],
        ["Voice", "Welcome"],
        ["Welcome", "Voice"],
    )


def test_a_stale_move_is_a_conflict_that_shows_the_present_order(owner_client, course):
    shown = version(course)
    owner_client.post(of_module(course, "Voice", "up"), shown)
    present = order_of(course)
    calls = {
        of_lesson(course, "a", "up"): {}, of_lesson(course, "a", "move"): {"position": 1},
        of_module(course, "Voice", "down"): {}, of_module(course, "Voice", "move"): {"position": 2},
    }  # fmt: skip

    answers = [owner_client.post(url, shown | more) for url, more in calls.items()]

    assert ({answer.status_code for answer in answers}, order_of(course)) == ({409}, present)
    assert [section.module.title for section in answers[0].context["outline"].sections[1:]] == ["Voice", "Welcome"]
    assert "This is how it is now. Not done: Move a up." in answers[0].text


@pytest.mark.parametrize("url", ["lessons/{n}/down/", "modules/{m}/up/"])
def test_undo_after_another_change_is_refused(owner_client, course, url):
    moved = url.format(n=lesson(course, "a").pk, m=module(course, "Voice").pk)
    owner_client.post(here(course, moved), version(course))
    make.LessonFactory(course=course)
    press_undo(owner_client)

    assert told(owner_client, course)[-1] == "The outline was changed since, so this can no longer be undone."


@pytest.mark.parametrize(
    "url", ["modules/{m}/up/", "modules/{m}/move/", "lessons/{n}/up/", "lessons/{n}/delete/", "lessons/{n}/move/"]
)
def test_what_belongs_to_another_course_is_not_found(owner_client, course, url):
    other = course_of(Other=["x"])
    foreign = url.format(m=module(other, "Other").pk, n=lesson(other, "x").pk)

    assert owner_client.post(here(course, foreign), version(course)).status_code == 404
    assert order_of(other) == {"": [], "Other": ["x"]}


def test_a_module_of_another_course_is_no_choice(owner_client, course):
    foreign = make.ModuleFactory().pk

    moved = owner_client.post(of_lesson(course, "a", "move"), {"module": foreign} | version(course))
    added = owner_client.post(here(course, "lessons/add/"), {"module": foreign, "title": "x", "lesson_type": "text"})

    assert [answer.context["form"].errors["module"] for answer in (moved, added)] == [
        ["Choose a module of this course."]
    ] * 2
    assert (moved.status_code, course.lessons.count()) == (422, 3)


@pytest.mark.parametrize("value", ODD)
def test_odd_values_are_refused(owner_client, course, value):
    title = owner_client.post(here(course, "modules/add/"), {"title": "\x00"})
    answers = [
        owner_client.post(of_lesson(course, "a", "move"), {"module": value, "position": value, "version": value}),
        owner_client.post(of_module(course, "Voice", "move"), {"position": value, "version": value}),
        owner_client.post(of_lesson(course, "a", "up"), {"version": value}),
        owner_client.get(here(course, "lessons/add/"), {"module": value}),
    ]

    assert {answer.status_code for answer in [title, *answers]} <= {200, 409, 422}
    assert order_of(course) == {"": [], "Welcome": ["a", "b"], "Voice": ["c"]}


@pytest.mark.parametrize("number", ["0", str(2**31), str(2**63), "9" * 30])
def test_numbers_of_nothing_are_not_found(owner_client, course, number):
    answers = [owner_client.post(here(course, f"{kind}/{number}/up/")) for kind in ("lessons", "modules")]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_a_course_in_the_trash_has_no_outline(owner_client, course):
    type(course).objects.update(status="draft", trashed_at=make.NOW)

    answers = [
        owner_client.get(here(course)),
        owner_client.post(of_lesson(course, "a", "up")),
        owner_client.post(of_module(course, "Voice", "up")),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert StaffAction.objects.count() == 0
