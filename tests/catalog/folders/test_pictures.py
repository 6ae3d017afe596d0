"""Pictures of courses are public; pictures of lessons are kept with the lessons."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from catalog.folders.drafts import BadFolder
from catalog.folders.importing import import_folder
from catalog.folders.writing import course_files, write_course
from catalog.models import Course, Lesson
from catalog.services import save_course, save_lesson
from catalog.uploads import PICTURE_ENDINGS, clean_picture
from tests.catalog.folders.test_reading import picture
from tests.catalog.folders.test_round_trip import files_of
from tests.catalog.test_uploads import SECRET, opened, told
from tests.factories import CourseFactory, LessonFactory, LessonProgressFactory, MaterialFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_media")]

FILES = {
    "course.md": "---\ntitle: Bread\nslug: bread\nthumbnail: files/cover.png\n---\n\n![c](files/both.png)\n",
    "01-a.md": "---\ntitle: A\nslug: a\n---\n\n![p](files/plan.png) ![q](files/in%20it/two.png)\n",
    "01-a.homework.md": "![b](files/both.png)\n",
    "02-b.md": "---\ntitle: B\nslug: b\n---\n\n![p](files/plan.png)\n",
    "files/cover.png": picture(),
    "files/both.png": picture(size=(3, 3)),
    "files/plan.png": picture(size=(4, 4)),
    "files/in it/two.png": picture(size=(5, 5)),
}


@pytest.fixture
def folder(write):
    return write(FILES)


def stored_names(settings):
    root = settings.MEDIA_ROOT
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


PUBLIC = {"courses/bread/cover.png", "courses/bread/both.png"}
OF_A = {"lessons/bread/a/plan.png", "lessons/bread/a/in it/two.png", "lessons/bread/a/both.png"}
OF_B = {"lessons/bread/b/plan.png"}


def test_only_the_pictures_of_the_course_are_stored_in_public(folder, settings):
    import_folder(folder)

    assert stored_names(settings) == PUBLIC | OF_A | OF_B
    a = Lesson.objects.get(slug="a")
    assert a.body == "![p](/courses/bread/a/pictures/plan.png) ![q](/courses/bread/a/pictures/in%20it/two.png)"
    assert a.homework == "![b](/courses/bread/a/pictures/both.png)"
    assert Course.objects.get().description == "![c](/media/courses/bread/both.png)"


def test_a_repository_keeps_pictures_of_lessons_with_the_lessons(write, settings):
    import_folder(write({"01-a.md": "# A\n\n![p](images/p.png)\n", "images/p.png": picture()}), slug="plain")

    assert stored_names(settings) == {"lessons/plain/a/images/p.png"}
    assert Lesson.objects.get().body == "![p](/courses/plain/a/pictures/images/p.png)\n"


def test_a_picture_of_two_lessons_is_exported_once(folder, tmp_path):
    import_folder(folder)
    course = Course.objects.get()

    write_course(course, tmp_path / "out")
    _, report = import_folder(tmp_path / "out")

    names = {name for name in files_of(tmp_path / "out") if name.startswith("files/")}
    assert names == {"files/cover.png", "files/both.png", "files/plan.png", "files/in it/two.png"}
    assert report.changes == []


def test_importing_again_takes_away_what_nothing_shows(folder, settings, write):
    import_folder(folder)
    default_storage.save("courses/bread/plan.png", ContentFile(b"public once"))
    (folder / "02-b.md").unlink()
    write({"01-a.md": "---\ntitle: A\nslug: a\n---\n\nNo picture\n"})

    import_folder(folder)

    assert stored_names(settings) == PUBLIC | {"lessons/bread/a/both.png"}


def test_importing_again_leaves_the_pictures_of_others(folder, settings):
    others = {"courses/bread-2/p.png", "courses/p.png", "lessons/bread-2/a/p.png", "materials/bread/p.png"}
    for name in others:
        default_storage.save(name, ContentFile(b"x"))

    import_folder(folder)

    assert others < stored_names(settings)


def test_an_unpublished_lesson_keeps_its_pictures(folder, settings, student):
    import_folder(folder)
    LessonProgressFactory(user=student, lesson=Lesson.objects.get(slug="b"))
    (folder / "02-b.md").unlink()

    import_folder(folder)

    assert stored_names(settings) > OF_B


def test_a_picture_addressed_in_full_stays(folder, settings, write):
    import_folder(folder)
    write({"02-b.md": "---\ntitle: B\nslug: b\n---\n\n![p](/courses/bread/a/pictures/in%20it/two.png)\n"})
    write({"01-a.md": "---\ntitle: A\nslug: a\n---\n\n![c](/media/courses/bread/both.png)\n", "01-a.homework.md": ""})

    import_folder(folder)

    assert stored_names(settings) == PUBLIC | {"lessons/bread/a/in it/two.png"}


@pytest.mark.parametrize(
    "address",
    [
        "/courses/bread/b/pictures/p.png",  # another lesson's: this text's readers may not open it
        "/courses/bread/a/pictures/../b/p.png",
        "/courses/bread/a/pictures/..%2fb%2fp.png",
        "/media/courses/bread/../../materials/bread/p.png",
        "/media/courses/bread/..%2f..%2fmaterials/bread/p.png",
    ],
)
def test_an_export_leaves_addresses_that_are_not_this_texts_own(address):
    course = save_course(CourseFactory(slug="bread", description=f"![p]({address})"))
    for name in ("lessons/bread/b/p.png", "lessons/bread/a/p.png", "materials/bread/p.png", "courses/bread/p.png"):
        default_storage.save(name, ContentFile(picture()))
    save_lesson(LessonFactory.build(course=course, slug="a", body=f"![p]({address})"))

    texts, files = course_files(course)

    assert files == {}
    assert f"![p]({address})" in texts["01-a.md"]
    assert f"![p]({address})" in texts["course.md"]


@pytest.mark.parametrize(("parts", "is_kept"), [(1, True), (2, True), (3, False)])
def test_names_as_long_as_the_database_holds_them(write, parts, is_kept):
    path = "/".join(["x" * 90] * parts) + ".png"
    write({"course.md": f"---\ntitle: Bread\nslug: bread\nthumbnail: {path}\n---\n", path: picture()})
    if not is_kept:
        with pytest.raises(BadFolder, match="has too long a name"):
            import_folder(write({}))
        return

    import_folder(write({}))

    assert Course.objects.get().thumbnail.name == f"courses/bread/{path}"


def test_a_public_picture_shown_in_a_lesson_becomes_the_lessons_own(tmp_path, settings):
    default_storage.save("courses/bread/p.png", ContentFile(picture()))
    course = save_course(CourseFactory(slug="bread"))
    save_lesson(LessonFactory.build(course=course, slug="a", body="![p](/media/courses/bread/p.png)"))
    write_course(course, tmp_path / "out")

    import_folder(tmp_path / "out")

    assert stored_names(settings) == {"lessons/bread/a/p.png"}
    assert Lesson.objects.get().body == "![p](/courses/bread/a/pictures/p.png)"


def test_files_of_one_name_that_are_gone_are_not_taken_for_each_other():
    lesson = LessonFactory(course__slug="bread")
    for shelf in ("materials/bread", "materials/moved"):
        MaterialFactory(lesson=lesson, url="", file=f"{shelf}/plan.pdf")

    _, files = course_files(lesson.course)

    assert sorted(files.values()) == ["materials/bread/plan.pdf", "materials/moved/plan.pdf"]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_an_import_keeps_the_pixels_of_pictures_and_nothing_else(write, settings, kind):
    name = f"files/p{PICTURE_ENDINGS[kind]}"
    texts = {
        "course.md": f"---\ntitle: B\nslug: b\ncover: {name}\n---\n",
        "01-a.md": f"---\ntitle: A\nslug: a\n---\n\n![p]({name})\n",
    }
    folder = write({**texts, name: told(kind, orientation=6)})

    import_folder(folder)

    stored = [(settings.MEDIA_ROOT / path).read_bytes() for path in stored_names(settings)]
    assert [(SECRET in content, opened(content).size) for content in stored] == [(False, (2, 4))] * 2


def noise():
    """A picture that loses a little each time it is encoded."""
    sink = BytesIO()
    Image.effect_noise((64, 64), 80).convert("RGB").save(sink, "WEBP", quality=50)
    return sink.getvalue()


def test_a_picture_that_comes_back_from_an_export_is_not_encoded_again(write, settings, tmp_path):
    texts = {"course.md": "---\ntitle: B\nslug: b\ncover: files/p.webp\n---\n"}
    import_folder(write({**texts, "files/p.webp": noise()}))
    before = (settings.MEDIA_ROOT / "courses/b/p.webp").read_bytes()
    write_course(Course.objects.get(), tmp_path / "out")

    import_folder(tmp_path / "out")

    assert clean_picture(before).content != before
    assert (settings.MEDIA_ROOT / "courses/b/p.webp").read_bytes() == before
