"""The builder: modules and lessons added, renamed, copied, published and deleted, and Undo."""

import pytest

from catalog.models import Lesson, Module
from catalog.outline import add_lesson
from catalog.trash import trash_lesson
from tests import factories as make
from tests.catalog.outlines import course_of, order_of
from tests.dashboard.test_outline import here, lesson, module, of_lesson, of_module, told, version
from tests.dashboard.undo import press_undo

pytestmark = pytest.mark.django_db
TOO_LATE = "The outline was changed since, so this can no longer be undone."


@pytest.fixture
def course():
    return course_of(Welcome=["a", "b"], Voice=["c"])


def test_a_module_is_added(owner_client, course):
    answer = owner_client.post(here(course, "modules/add/"), {"title": "Words"})

    assert ([*order_of(course)][-1], told(owner_client, course)) == ("Words", ["Words is added at the end."])
    assert answer.url == here(course) + f"#module-{module(course, 'Words').pk}"


@pytest.mark.parametrize("rest", ["modules/add/", "lessons/add/"])
def test_without_a_title_nothing_is_added(owner_client, course, rest):
    answer = owner_client.post(here(course, rest), {"title": " ", "lesson_type": "text"})

    assert (answer.status_code, answer.context["form"].errors["title"]) == (422, ["Give it a title."])
    assert (Module.objects.count(), Lesson.objects.count()) == (2, 3)


def test_a_module_is_renamed(owner_client, course):
    page = owner_client.get(of_module(course, "Voice", "change"))
    owner_client.post(of_module(course, "Voice", "change"), {"title": "Sound", "description": "Loud"})

    assert (page.context["form"].initial["title"], [*order_of(course)][-1]) == ("Voice", "Sound")
    assert told(owner_client, course) == ["Sound is saved."]


def test_deleting_a_module_asks_when_opened(owner_client, course):
    page = owner_client.get(of_module(course, "Voice", "delete"))

    assert ("Delete module" in page.text, Module.objects.count()) == (True, 2)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Welcome", "Welcome is deleted. Its 2 lessons are without a module, before the first."),
        ("Voice", "Voice is deleted. Its lesson is at the end of Welcome."),
    ],
)
def test_a_deleted_module_says_where_its_lessons_are_and_comes_back(owner_client, course, title, said):
    before = order_of(course)

    owner_client.post(of_module(course, title, "delete"))
    after = told(owner_client, course)
    press_undo(owner_client)

    assert (after, order_of(course)) == ([said], before)
    assert told(owner_client, course) == [f"{title} is back, with its lessons."]


def test_an_empty_module_is_deleted(owner_client, course):
    Lesson.objects.filter(title="c").delete()

    owner_client.post(of_module(course, "Voice", "delete"))

    assert told(owner_client, course) == ["Voice is deleted."]


def test_a_module_that_another_deletes_meanwhile_is_a_conflict(owner_client, course, monkeypatch):
    gone = module(course, "Voice")
    monkeypatch.setattr("dashboard.views.outline.module_to_build", lambda slug, module_id: gone)
    gone.course = course
    Module.objects.filter(pk=gone.pk).delete()

    answer = owner_client.post(here(course, f"modules/{gone.pk}/delete/"))

    assert (answer.status_code, "Not done: Delete Voice." in answer.text) == (409, True)


def test_a_lesson_is_added_where_the_page_says(owner_client, course):
    page = owner_client.get(here(course, "lessons/add/"), {"module": module(course, "Voice").pk})
    fields = {"title": "d", "lesson_type": "text", "module": page.context["form"]["module"].value()}

    owner_client.post(here(course, "lessons/add/"), fields)

    assert order_of(course)["Voice"] == ["c", "d"]
    assert told(owner_client, course) == ["d is added. Students see it when it is published."]


def test_a_lesson_is_added_without_a_module(owner_client, course):
    owner_client.post(here(course, "lessons/add/"), {"title": "d", "lesson_type": "text", "module": ""})

    assert order_of(course)[""] == ["d"]


def test_a_lesson_is_renamed(owner_client, course):
    empty = owner_client.post(of_lesson(course, "a", "rename"), {"title": ""})
    owner_client.post(of_lesson(course, "a", "rename"), {"title": "Beginning"})

    assert (empty.status_code, lesson(course, "Beginning").slug) == (422, "a")
    assert told(owner_client, course) == ["Beginning is saved."]


def test_a_lesson_is_duplicated(owner_client, course):
    answer = owner_client.post(of_lesson(course, "a", "duplicate"))

    assert order_of(course)["Welcome"] == ["a", "a (copy)", "b"]
    assert answer.url.endswith(f"#lesson-{lesson(course, 'a (copy)').pk}")


def test_a_lesson_is_unpublished_and_published_again_by_undo(owner_client, course):
    owner_client.post(of_lesson(course, "a", "unpublish"))
    hidden = (lesson(course, "a").is_published, told(owner_client, course))
    press_undo(owner_client)

    assert hidden == (False, ["a is unpublished: students do not see it."])
    assert (lesson(course, "a").is_published, told(owner_client, course)) == (True, ["a is published again."])


def test_a_lesson_is_published_and_unpublished_again_by_undo(owner_client, course):
    Lesson.objects.update(is_published=False)
    owner_client.post(of_lesson(course, "a", "publish"))
    shown = (lesson(course, "a").is_published, told(owner_client, course))
    press_undo(owner_client)

    assert (shown, lesson(course, "a").is_published) == ((True, ["a is published."]), False)


@pytest.mark.parametrize("what", ["rename", "duplicate"])
def test_undo_is_offered_until_the_next_change(owner_client, course, what):
    owner_client.post(of_lesson(course, "b", "up"), version(course))

    owner_client.post(of_lesson(course, "a", what), {"title": "a"})

    said = {"rename": "a is saved.", "duplicate": "a (copy) stands behind a, unpublished."}
    assert told(owner_client, course) == [said[what]]


def test_a_lesson_goes_to_the_trash_and_comes_back(owner_client, course):
    row = lesson(course, "a")

    answer = owner_client.post(of_lesson(course, "a", "delete"))
    gone = (order_of(course)["Welcome"], told(owner_client, course))
    press_undo(owner_client)

    assert (answer.url, gone) == (
        here(course),
        (["b"], ["a is in the trash for 30 days. What students did in it is kept."]),
    )
    assert (order_of(course)["Welcome"], lesson(course, "a").is_published) == (["a", "b"], row.is_published)


def trash(owner, row):
    return trash_lesson(lesson=row, actor=owner, now=make.NOW)


@pytest.mark.parametrize("what", ["rename", "duplicate", "publish", "unpublish", "up", "move"])
def test_what_another_puts_into_the_trash_meanwhile_is_a_conflict(owner, owner_client, course, monkeypatch, what):
    row = trash(owner, lesson(course, "a"))
    monkeypatch.setattr("dashboard.views.outline_lessons.lesson_to_build", lambda slug, lesson_id: row)

    answer = owner_client.post(here(course, f"lessons/{row.pk}/{what}/"), {"title": "x"})

    assert (answer.status_code, Lesson.objects.get(pk=row.pk).title) == (409, "a")


def test_a_lesson_for_a_module_that_another_deletes_meanwhile_is_a_conflict(owner_client, course, monkeypatch):
    def meanwhile(**said):
        Module.objects.filter(title="Voice").delete()
        return add_lesson(**said)

    monkeypatch.setattr("dashboard.views.outline_lessons.add_lesson", meanwhile)
    fields = {"title": "d", "lesson_type": "text", "module": module(course, "Voice").pk}

    answer = owner_client.post(here(course, "lessons/add/"), fields)

    assert (answer.status_code, "Not done: Add d to Voice." in answer.text) == (409, True)


@pytest.mark.parametrize("what", ["up", "unpublish"])
def test_undo_for_what_is_in_the_trash_by_now_is_refused(owner, owner_client, course, what):
    owner_client.post(of_lesson(course, "b", what), version(course))
    trash(owner, lesson(course, "b"))

    press_undo(owner_client)

    assert told(owner_client, course)[-1] == TOO_LATE


@pytest.mark.parametrize(("url", "name"), [("modules/{}/up/", "Voice"), ("modules/{}/delete/", "Voice")])
def test_undo_for_a_course_in_the_trash_is_refused(owner_client, course, url, name):
    owner_client.post(here(course, url.format(module(course, name).pk)), version(course))
    type(course).objects.update(status="draft", trashed_at=make.NOW)

    press_undo(owner_client)

    type(course).objects.update(trashed_at=None)
    assert told(owner_client, course)[-1] == TOO_LATE


def test_undo_for_a_lesson_of_a_course_in_the_trash_is_refused(owner_client, course):
    owner_client.post(of_lesson(course, "a", "delete"))
    type(course).objects.update(status="draft", trashed_at=make.NOW)

    press_undo(owner_client)

    assert Lesson.objects.get(title="a").trashed_at is not None


def test_undo_for_a_deleted_module_after_another_change_is_refused(owner_client, course):
    owner_client.post(of_module(course, "Voice", "delete"))
    make.ModuleFactory(course=course)

    press_undo(owner_client)

    assert told(owner_client, course)[-1] == TOO_LATE
