from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.forms.models import model_to_dict
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from catalog.folders.importing import import_folder
from catalog.folders.writing import FolderNotEmpty, course_files, write_course
from catalog.models import Category, Course, Lesson, Material, Module, Tag, Transcript
from catalog.services import derive_module, require_first, save_course, save_lesson
from tests.catalog.folders.test_reading import picture
from tests.factories import CourseFactory, LessonFactory, ModuleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_media")]

DEMO = sorted(path.parent for path in (settings.BASE_DIR / "demo").glob("*/course.md"))
PLAIN = Path(__file__).parents[2] / "data" / "plain_course"


def files_of(root):
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def picture_of(course):
    """Everything the course holds, without ids and times of writing."""
    hidden = {"id", "course", "module", "lesson", "category", "tags", "prerequisites"}
    rows = [course, *course.modules.order_by("order", "pk"), *course.lessons.in_reading_order()]
    rows += [*Material.objects.order_by("lesson__slug", "order", "pk")]
    derived = ("description_html", "body_html", "homework_html", "video_id", "search_text", "lesson_count")
    found = [{**model_to_dict(row), **{name: getattr(row, name, None) for name in derived}} for row in rows]
    transcripts = Transcript.objects.order_by("lesson__slug").values_list("lesson__slug", "captions", "text")
    modules = [str(lesson.module) for lesson in course.lessons.in_reading_order()]
    fields = [{name: value for name, value in row.items() if name not in hidden} for row in found]
    first = sorted(course.prerequisites.values_list("slug", flat=True))
    return fields, list(transcripts), modules, str(course.category), sorted(map(str, course.tags.all())), first


def forget(course):
    course.delete()
    Category.objects.all().delete()
    Tag.objects.all().delete()


HARD = "\n  indented\n\ttab: 'quote' \"double\" # hash\r\nwindows\n---\nnot: front matter\n---\n\u2028\n"


def make_full_course():
    """A course that uses every field, with texts that are hard to write down."""
    course = CourseFactory(
        title="Bread: “all” of it",
        slug="bread",
        short_description="no",
        required_quiz_score=80,
        description=HARD,
        course_type="speaking",
        special_tag="1.0",
        instructor_name="true",
        instructor_bio="- a\n- b\n",
        coach_name="",
        discussion_url="https://x.example/?a=1&b=2",
        estimated_minutes=90,
        is_accredible_certified=True,
        has_asset_templates=True,
        exam_unlock_days=0,
        display_order=7,
        status="locked",
        visibility="hidden",
        enrollment_method="purchase",
        required_level=3,
        access_duration_type="until_date",
        access_duration_days=3,
        access_until=datetime(2027, 1, 1, 12, 30, 15, 123456, tzinfo=UTC),
        category=Category.objects.create(name="Food & drink", slug="food"),
    )
    course.tags.add(Tag.objects.create(slug="oven"), Tag.objects.create(slug="2026"))
    course.thumbnail.name = default_storage.save("courses/bread/p.png", ContentFile(picture()))
    return save_course(course)


def make_full_lesson(course, module, **more):
    slug = more.pop("slug", "all-of-it")
    default_storage.save(f"lessons/bread/{slug}/p.png", ContentFile(picture()))
    lesson = LessonFactory.build(
        course=course,
        module=module,
        slug=slug,
        title=" spaces: and, “quotes” ",
        description="12",
        body=f"# Body\n\n![p](/courses/bread/{slug}/pictures/p.png) [me](/courses/bread/all-of-it/#h-b)\n"
        "<!-- homework -->\nx\n",
        homework=HARD,
        lesson_type="replay",
        video_url=' <iframe src="https://vimeo.com/76979871"></iframe>',
        video_thumbnail_url="https://x.example/t.jpg",
        video_duration_seconds=3723,
        completion_threshold=1,
        timestamps=[
            {"time_seconds": 0, "label": ""},
            {"time_seconds": 61.5, "label": " x "},
            {"time_seconds": 4_000_000, "label": "a: b"},
        ],
        key_takeaways=["true", "- x", ""],
        is_preview=True,
        is_published=False,
        available_after_days=0,
        live_starts_at=datetime(2027, 1, 1, tzinfo=UTC),
        meeting_url="https://x.example/",
        order=12,
    )
    for name, value in more.items():
        setattr(lesson, name, value)
    return save_lesson(lesson)


def test_export_and_import_lose_nothing(tmp_path):
    course = make_full_course()
    require_first(course, [CourseFactory(slug="before"), CourseFactory(slug="also-before")])
    module = ModuleFactory(course=course, title="Ünits: one", description=HARD, order=5)
    ModuleFactory(course=course, title="日本語", order=5)
    make_full_lesson(
        course, None, body="[a](/courses/bread/second/#h-x) [b](/courses/other/second/) `[c](/courses/bread/second/)`"
    )
    second = make_full_lesson(course, module, slug="second", homework="")
    Transcript.objects.create(
        lesson=second, captions="WEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\nHi\r\n", text="\nHi\n\n"
    )
    Material.objects.create(lesson=second, title="M", url="https://x.example/", order=0)
    stored = default_storage.save("materials/bread/sub/plan.pdf", ContentFile(b"%PDF"))
    Material.objects.create(lesson=second, kind="workbook", title="W", file=stored, order=1)
    derive_module(module)
    module.save()
    before = picture_of(Course.objects.get(pk=course.pk))
    write_course(course, tmp_path / "one")
    forget(course)

    import_folder(tmp_path / "one")
    again = Course.objects.get(slug=course.slug)
    write_course(again, tmp_path / "two")

    assert picture_of(again) == before
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


@pytest.mark.parametrize("folder", DEMO, ids=lambda path: path.name)
def test_demo_courses_export_to_the_very_same_files(folder, tmp_path):
    slug, report = import_folder(folder)

    write_course(Course.objects.get(slug=slug), tmp_path / "out")

    assert files_of(tmp_path / "out") == files_of(folder)
    assert report.notes == []


def test_a_repository_exports_to_a_course_folder_that_changes_nothing(tmp_path):
    import_folder(PLAIN, slug="bread")
    write_course(Course.objects.get(), tmp_path / "out")

    _, report = import_folder(tmp_path / "out")

    assert report.changes == []
    assert "[← Introduction](01-intro.md)" in (tmp_path / "out/01-module-1-baking/02-heat.md").read_text()
    assert "![The oven](../files/images/oven.png)" in (tmp_path / "out/01-module-1-baking/module.md").read_text()


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)


@given(TEXT, TEXT.filter(str.strip), st.lists(TEXT, max_size=2))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_any_text_survives(tmp_path_factory, body, title, takeaways):
    course = CourseFactory(title="T", description=body)
    lesson = save_lesson(
        LessonFactory.build(course=course, title=title[:200], body=body, homework=body, key_takeaways=takeaways)
    )
    before = (lesson.body, lesson.homework, lesson.title, lesson.key_takeaways)
    root = tmp_path_factory.mktemp("course")
    write_course(course, root)
    course.delete()

    import_folder(root)

    lesson = Lesson.objects.get(course__slug=course.slug)
    assert (lesson.body, lesson.homework, lesson.title, lesson.key_takeaways) == before
    assert Course.objects.get(slug=course.slug).description == body


def test_course_files_gives_files_of_one_name_different_paths():
    course = make_full_course()
    lesson = save_lesson(LessonFactory.build(course=course, slug="a", body="![p](/media/courses/bread/missing.png)"))
    for index, name in enumerate(("materials/bread/p.png", "materials/p.png")):
        file = default_storage.save(name, ContentFile(bytes(index)))
        Material.objects.create(lesson=lesson, title="M", file=file, order=index)

    texts, files = course_files(course)

    assert files == {
        "files/p.png": "courses/bread/p.png",
        "files/p-2.png": "materials/bread/p.png",
        "files/p-3.png": "materials/p.png",
    }
    assert "![p](/media/courses/bread/missing.png)" in texts["01-a.md"]


def test_course_files_numbers_a_hundred_lessons_with_three_digits():
    course = CourseFactory()
    Lesson.objects.bulk_create(LessonFactory.build(course=course, slug=f"l-{n}", order=n) for n in range(1, 101))

    texts, _ = course_files(course)

    assert {"001-l-1.md", "100-l-100.md"} <= set(texts)
    assert "order" not in texts["001-l-1.md"]


def test_write_course_replaces_an_export(tmp_path):
    course = CourseFactory(slug="bread")
    module = ModuleFactory(course=course, title="M", order=1)
    save_lesson(LessonFactory.build(course=course, module=module, slug="a"))
    save_lesson(LessonFactory.build(course=course, slug="b"))
    write_course(course, tmp_path)
    for name in ("notes.md", ".git/config", "code/x.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("mine")
    Module.objects.all().delete()
    course.lessons.filter(slug="b").delete()

    write_course(course, tmp_path)

    assert list(files_of(tmp_path)) == [".git/config", "01-a.md", "code/x.py", "course.md", "notes.md"]


def test_write_course_leaves_a_foreign_folder_alone(tmp_path):
    (tmp_path / "thesis.md").write_text("mine")

    with pytest.raises(FolderNotEmpty, match="holds no course"):
        write_course(CourseFactory(), tmp_path)

    assert list(files_of(tmp_path)) == ["thesis.md"]
