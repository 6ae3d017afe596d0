import shutil

import pytest
from django.core.files.storage import default_storage

from catalog.folders.drafts import BadFolder
from catalog.folders.importing import import_folder
from catalog.models import Category, Course, Lesson, Material, Module, Tag, Transcript
from progress.models import CourseProgress
from tests.catalog.folders.test_reading import picture
from tests.factories import LessonProgressFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_media")]

FILES = {
    "course.md": "---\ntitle: Bread\nslug: bread\nstatus: active\ncategory: Food\ntags: [oven]\n"
    "thumbnail: files/p.png\n---\n",
    "00-intro.md": "---\ntitle: Welcome\nslug: welcome\n---\n\n**Hello**\n",
    "01-dough/module.md": "---\ntitle: Dough\n---\n",
    "01-dough/01-flour.md": "---\ntitle: Flour\nslug: flour\nvideo: https://youtu.be/dQw4w9WgXcQ\n"
    "materials:\n- {kind: download, title: Plan, file: files/plan.pdf}\n---\n",
    "01-dough/01-flour.homework.md": "Sieve.\n",
    "01-dough/01-flour.txt": "Hi\n",
    "01-dough/02-water.md": "---\ntitle: Water\nslug: water\n---\n",
    "02-heat/module.md": "---\ntitle: Heat\n---\n",
    "02-heat/01-oven.md": "---\ntitle: Oven\nslug: oven\n---\n",
    "files/p.png": picture(),
    "files/plan.pdf": b"%PDF-",
}  # fmt: skip


@pytest.fixture
def folder(write):
    return write(FILES)


def stored(name):
    with default_storage.open(name) as file:
        return file.read()


def changes(report):
    return [str(change) for change in report.changes]


def test_import_folder_makes_the_course(folder):
    slug, report = import_folder(folder)

    course = Course.objects.get(slug="bread")
    assert slug == "bread"
    assert report.summary() == "created 1 category, created 1 course, created 4 lessons, created 2 modules, unchanged 0"
    assert (course.lesson_count, course.category.name, course.thumbnail.name) == (4, "Food", "courses/bread/p.png")
    assert [lesson.slug for lesson in course.lessons.in_reading_order()] == ["welcome", "flour", "water", "oven"]


def test_import_folder_derives_what_follows(folder):
    import_folder(folder)

    flour = Lesson.objects.get(slug="flour")
    assert Lesson.objects.get(slug="welcome").body_html == "<p><strong>Hello</strong></p>\n"
    assert (flour.video_provider, flour.video_id) == ("youtube", "dQw4w9WgXcQ")
    assert flour.homework_html == "<p>Sieve.</p>\n"
    assert flour.transcript.text == "Hi"
    assert "Flour" in Course.objects.get().search_text


def test_import_folder_stores_files(folder):
    import_folder(folder)

    assert stored(Material.objects.get().file.name) == b"%PDF-"
    assert stored("courses/bread/p.png") == FILES["files/p.png"]


def test_import_folder_again_changes_nothing(folder):
    import_folder(folder)
    before = list(Lesson.objects.order_by("pk").values())

    _, report = import_folder(folder)

    assert (changes(report), report.unchanged) == ([], 7)
    assert list(Lesson.objects.order_by("pk").values()) == before


def test_import_folder_updates_in_place_and_names_the_fields(folder, write):
    import_folder(folder)
    ids = dict(Lesson.objects.values_list("slug", "pk"))
    write({
        "course.md": FILES["course.md"].replace("title: Bread", "title: Rye").replace("[oven]", "[oven, rye]"),
        "01-dough/01-flour.md": "---\ntitle: Fine flour\nslug: flour\nvideo: https://vimeo.com/76979871\n---\n\nText\n",
        "01-dough/01-flour.homework.md": "",
        "01-dough/01-flour.txt": "Hello\n",
        "files/plan.pdf": b"%PDF-2",
    })  # fmt: skip

    _, report = import_folder(folder)

    assert changes(report) == [
        "changed course “Rye”: title, tags",
        "changed lesson “Fine flour”: title, video, video_thumbnail, body, homework, materials, transcript",
    ]
    assert dict(Lesson.objects.values_list("slug", "pk")) == ids
    assert set(Tag.objects.values_list("slug", flat=True)) == {"oven", "rye"}


def test_import_folder_replaces_a_changed_file(folder, write):
    import_folder(folder)
    write({"files/plan.pdf": b"%PDF-2"})

    import_folder(folder)

    assert stored("materials/bread/plan.pdf") == b"%PDF-2"


def test_import_folder_keeps_a_module_that_was_renamed_or_moved(folder, write):
    import_folder(folder)
    ids = dict(Module.objects.values_list("title", "pk"))
    write({"01-dough/module.md": "---\ntitle: The dough\n---\n", "03-air/module.md": "---\ntitle: Air\n---\n"})
    (folder / "02-heat").rename(folder / "09-heat")

    _, report = import_folder(folder)

    assert dict(Module.objects.filter(title__in=["The dough", "Heat"]).values_list("title", "pk")) == {
        "The dough": ids["Dough"],
        "Heat": ids["Heat"],
    }
    assert changes(report) == [
        "changed module “The dough”: title",
        "created module “Air”",
        "changed module “Heat”: order",
    ]


def test_import_folder_moves_a_lesson_to_another_module(folder, write):
    import_folder(folder)
    pk = Lesson.objects.get(slug="water").pk
    (folder / "01-dough/02-water.md").rename(folder / "02-heat/02-water.md")

    _, report = import_folder(folder)

    assert Lesson.objects.get(pk=pk).module.title == "Heat"
    assert changes(report) == ["changed lesson “Water”: module"]


def test_import_folder_deletes_lessons_and_modules_that_are_gone(folder):
    import_folder(folder)
    (folder / "01-dough/02-water.md").unlink()
    shutil.rmtree(folder / "02-heat")

    _, report = import_folder(folder)

    assert changes(report) == ["removed lesson “Water”", "removed lesson “Oven”", "removed module “Heat”"]
    assert Course.objects.get().lesson_count == 2


def test_import_folder_only_unpublishes_a_lesson_with_progress(folder, student):
    import_folder(folder)
    row = LessonProgressFactory(user=student, lesson=Lesson.objects.get(slug="oven"))
    shutil.rmtree(folder / "02-heat")

    _, report = import_folder(folder)
    _, again = import_folder(folder)

    row.refresh_from_db()
    assert changes(report) == ["unpublished lesson “Oven”", "removed module “Heat”"]
    assert (row.lesson.is_published, row.lesson.module, changes(again)) == (False, None, [])


def test_import_folder_publishes_a_lesson_that_came_back(folder, student):
    import_folder(folder)
    row = LessonProgressFactory(user=student, lesson=Lesson.objects.get(slug="oven"))
    text = (folder / "02-heat/01-oven.md").read_text()
    (folder / "02-heat/01-oven.md").unlink()
    import_folder(folder)
    (folder / "02-heat/01-oven.md").write_text(text)

    _, report = import_folder(folder)

    row.refresh_from_db()
    assert changes(report) == ["changed lesson “Oven”: published"]
    assert (row.lesson.is_published, row.lesson.slug) == (True, "oven")


def test_import_folder_tells_those_who_count(folder, student):
    import_folder(folder)
    done = LessonProgressFactory(
        user=student, lesson=Lesson.objects.get(slug="oven"), status="completed", completed_at="2026-03-02T09:00:00Z"
    )
    CourseProgress.objects.create(
        user=student, course=done.course, completed_lessons=1, last_active_at="2026-03-02T09:00:00Z"
    )
    shutil.rmtree(folder / "02-heat")

    import_folder(folder)

    assert CourseProgress.objects.get(user=student).completed_lessons == 0


def test_import_folder_as_a_dry_run_reports_the_same_and_saves_nothing(folder):
    _, planned = import_folder(folder, is_dry_run=True)

    assert (Course.objects.count(), Category.objects.count(), default_storage.exists("courses")) == (0, 0, False)
    assert changes(planned) == changes(import_folder(folder)[1])


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("course.md", "---\ntitle: B\nslug: add\n---\n", "course.md:3: slug: is an address of the site itself"),
        ("course.md", "---\ntitle: B\nslug: a b\n---\n", "course.md:3: slug: Enter a valid “slug”"),
        ("course.md", "---\ntitle: B\nstatus: open\n---\n", "course.md:3: status: Value 'open' is not a valid choice."),
        ("course.md", "---\ntitle: B\nrequired_level: 2\n---\n", "course_with_a_level_is_sold_or_subscribed"),
        ("course.md", "---\nslug: b\n---\n", "course.md: title: This field cannot be blank."),
        ("course.md", "---\ntitle: B\nprerequisites: [no]\n---\n", "prerequisites: there is no course “no”"),
        ("course.md", "---\ntitle: B\nslug: b\nprerequisites: [b]\n---\n", "“B” itself waits for “B”."),
        ("course.md", "---\ntitle: B\nprerequisites: 3\n---\n", "prerequisites: must be a list"),
        ("course.md", "---\ntitle: B\ntags: [a b]\n---\n", "course.md: slug: Enter a valid “slug”"),
        ("03-x.md", "---\ntitle: X\nslug: oven\n---\n", "is also the slug of 03-x.md"),
        ("03-x.md", "---\ntitle: X\nslug: quiz\n---\n", "03-x.md:3: slug: “quiz” is an address of the site itself"),
        ("03-x.md", "---\ntitle: X\nslug: '12'\n---\n", "03-x.md:3: slug: must not be a number"),
        ("03-x.md", "---\ntitle: X\nthreshold: 0\n---\n", "03-x.md:3: threshold: Ensure this value is greater"),
        ("03-x.md", "---\ntitle: X\nmeeting_url: javascript:x\n---\n", "03-x.md:3: meeting_url: Enter a valid URL."),
        ("03-x.md", "---\ntitle: X\nmaterials: [{title: a, url: 'x:y'}]\n---\n", "03-x.md: url: Enter a valid URL."),
        ("01-dough/module.md", f"---\ntitle: {'x' * 201}\n---\n", "01-dough/module.md:2: title: Ensure this value"),
    ],
)  # fmt: skip
def test_import_folder_saves_nothing_if_one_row_is_wrong(folder, write, name, text, problem):
    write({name: text})

    with pytest.raises(BadFolder) as caught:
        import_folder(folder)

    assert problem in str(caught.value)
    assert (Course.objects.count(), Lesson.objects.count(), Transcript.objects.count()) == (0, 0, 0)
    assert not default_storage.exists("courses")


def test_import_folder_collects_the_problems_of_all_rows(folder, write):
    write({"03-x.md": "---\nslug: x\n---\n", "04-y.md": "---\nslug: y\nthreshold: 300\n---\n"})

    with pytest.raises(BadFolder) as caught:
        import_folder(folder)

    assert [problem.path for problem in caught.value.problems] == ["03-x.md", "04-y.md", "04-y.md"]


def test_import_folder_takes_away_what_the_folder_no_longer_says(folder, write):
    import_folder(folder)
    (folder / "01-dough/01-flour.txt").unlink()
    write({"course.md": "---\ntitle: Bread\nslug: bread\n---\n"})

    _, report = import_folder(folder)

    course = Course.objects.get()
    assert (course.category, course.thumbnail.name, course.tags.count(), course.status) == (None, "", 0, "draft")
    assert changes(report) == [
        "changed course “Bread”: status, thumbnail, category, tags",
        "changed lesson “Flour”: transcript",
    ]


def test_import_folder_of_a_repository_leaves_what_staff_decided(write):
    root = write({"01-a.md": "# A\n\nText\n"})
    import_folder(root, slug="plain")
    Course.objects.update(status="locked", category=Category.objects.create(name="X", slug="x"))
    Lesson.objects.update(completion_threshold=50)
    Material.objects.create(lesson=Lesson.objects.get(), title="M", url="https://x.example/")
    write({"01-a.md": "# A\n\nNew text\n"})

    _, report = import_folder(root, slug="plain")

    assert changes(report) == ["changed lesson “A”: body"]
    assert Course.objects.filter(status="locked", category__slug="x").exists()
    assert Lesson.objects.filter(completion_threshold=50, materials__title="M").exists()


def test_import_folder_leaves_a_picture_that_comes_out_the_same(folder, write):
    import_folder(folder)
    name = Course.objects.get().thumbnail.name
    first = stored(name)
    write({"files/p.png": picture() + b"trailing bytes that encoding drops"})

    import_folder(folder)

    assert stored(name) == first
