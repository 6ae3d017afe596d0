"""Django's admin writes content through the services, so that what is derived never lags behind."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import StaffAction
from catalog.models import Course, Lesson, Module
from catalog.services import save_lesson
from tests.catalog.outlines import course_of, order_of
from tests.conftest import client_of
from tests.factories import CourseFactory, LessonFactory, ModuleFactory, UserFactory

NO_ROWS = {"-TOTAL_FORMS": "0", "-INITIAL_FORMS": "0"}


@pytest.fixture
def owner_client(db):
    return client_of(UserFactory(is_staff=True, is_superuser=True))


def fields_of(client, address, prefix):
    """What the form on the page would send back, with an empty set of rows beneath it."""
    form = client.get(address).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in values.items() if isinstance(value, str | int) and value is not False}
    return {**sent, **{prefix + key: value for key, value in NO_ROWS.items()}}


def test_saving_a_course_renders_its_description_and_what_search_finds(owner_client):
    course = CourseFactory()
    address = reverse("admin:catalog_course_change", args=[course.pk])

    owner_client.post(address, {**fields_of(owner_client, address, "modules"), "description": "Three *knots*."})

    course = Course.objects.get()
    assert (course.description_html.strip(), "Three knots" in course.search_text) == (
        "<p>Three <em>knots</em>.</p>",
        True,
    )


def test_saving_a_module_renders_its_description(owner_client):
    module = ModuleFactory()
    address = reverse("admin:catalog_module_change", args=[module.pk])
    fields = {"course": module.course_id, "title": "Knots", "description": "*Why*", "order": 1}

    owner_client.post(address, fields)

    assert Module.objects.get().description_html.strip() == "<p><em>Why</em></p>"


def test_saving_a_lesson_derives_its_video_and_recounts(owner_client):
    lesson = LessonFactory()
    address = reverse("admin:catalog_lesson_change", args=[lesson.pk])
    fields = fields_of(owner_client, address, "materials")

    lists = {"timestamps": "[]", "key_takeaways": "[]"}

    owner_client.post(address, {**fields, **lists, "video_url": "https://vimeo.com/76979871"})

    lesson = Lesson.objects.get()
    assert (lesson.video_provider, lesson.course.lesson_count) == ("vimeo", 1)


def test_a_lesson_saved_into_another_course_is_counted_there_and_no_longer_where_it_was(db):
    lesson, other = save_lesson(LessonFactory.build(course=CourseFactory())), CourseFactory()
    old, lesson.course = lesson.course_id, other

    save_lesson(lesson)

    counts = dict(Course.objects.values_list("pk", "lesson_count"))
    assert counts == {old: 0, other.pk: 1}


@pytest.mark.parametrize("way", ["page", "list"])
def test_deleting_a_module_leaves_its_lessons_at_the_end_of_the_one_before(owner_client, way):
    course = course_of(Welcome=["a"], Voice=["b", "c"])
    module = course.modules.get(title="Voice")

    if way == "page":
        owner_client.post(reverse("admin:catalog_module_delete", args=[module.pk]), {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "_selected_action": module.pk, "post": "yes"}
        owner_client.post(reverse("admin:catalog_module_changelist"), chosen)

    assert order_of(course) == {"": [], "Welcome": ["a", "b", "c"]}
    assert [action.verb for action in StaffAction.objects.all()] == ["deleted"]


@pytest.mark.parametrize("kind", ["course", "lesson"])
def test_an_address_is_given_here_and_changed_where_its_pictures_move_along(owner_client, kind):
    lesson = LessonFactory()
    pk = {"course": lesson.course_id, "lesson": lesson.pk}[kind]

    forms = [
        owner_client.get(reverse(f"admin:catalog_{kind}_{page}", args=which)).context["adminform"].form
        for page, which in (("add", []), ("change", [pk]))
    ]

    assert ["slug" in form.fields for form in forms] == [True, False]


@pytest.mark.parametrize(
    ("name", "value"),
    [("access_duration_days", 36_501), ("access_until", datetime(9999, 12, 31, tzinfo=UTC))],
    ids=["days", "date"],
)
def test_access_beyond_the_calendar_is_refused_at_its_field(name, value):
    course = CourseFactory.build(**{name: value})

    with pytest.raises(ValidationError) as refusal:
        course.clean_fields()

    assert list(refusal.value.message_dict) == [name]
