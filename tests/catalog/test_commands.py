import re

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Course, Lesson
from catalog.services import save_lesson
from tests.factories import CourseFactory, LessonFactory

pytestmark = pytest.mark.django_db

DRIVE = "https://drive.google.com/file/d/1AbCdEfGhIjKlMnOpQrStUvWxYz012345/view"


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "bread"
    root.mkdir()
    (root / "course.md").write_text("---\ntitle: Bread\nslug: bread\n---\n")
    (root / "01-flour.md").write_text("---\ntitle: Flour\nslug: flour\n---\n\n![x](no.png)\n")
    return root


def test_import_course_reports_each_change(folder, capsys):
    call_command("import_course", folder)

    assert capsys.readouterr().out == (
        "  created course “Bread”\n"
        "  created lesson “Flour”\n"
        "  note: no.png: is not in the folder; the picture is left out\n"
        "Imported /courses/bread/: created 1 course, created 1 lesson, unchanged 0\n"
    )


def test_import_course_as_a_dry_run_saves_nothing(folder, capsys):
    call_command("import_course", folder, dry_run=True)

    assert "Would import /courses/bread/: created 1 course" in capsys.readouterr().out
    assert not Course.objects.exists()


def test_import_course_takes_a_repository_as_a_draft(tmp_path):
    (tmp_path / "01-a.md").write_text("# A\n\n[x](code/)\n")

    call_command("import_course", tmp_path, slug="plain", base_url="https://code.example/r", draft=True)

    assert Course.objects.get(slug="plain").status == "draft"
    assert Lesson.objects.get().body == "[x](https://code.example/r/code)\n"


def test_import_course_lists_every_problem(folder):
    (folder / "02-b.md").write_text("---\nno: 1\n---\n")

    with pytest.raises(CommandError, match=r"Nothing was imported.\n02-b.md:2: “no” is not a key we know"):
        call_command("import_course", folder)


def test_export_course_writes_files(folder, tmp_path, capsys):
    call_command("import_course", folder)

    call_command("export_course", "bread", tmp_path / "out")

    assert capsys.readouterr().out.endswith(f"Wrote 2 files to {tmp_path / 'out'}\n")
    assert (tmp_path / "out/01-flour.md").read_bytes() == (folder / "01-flour.md").read_bytes()


def test_export_course_as_a_dry_run_lists_files(folder, tmp_path, capsys):
    call_command("import_course", folder)

    call_command("export_course", "bread", tmp_path / "out", dry_run=True)

    assert "  01-flour.md\n  course.md\nWould write 2 files" in capsys.readouterr().out
    assert not (tmp_path / "out").exists()


def test_export_course_refuses_an_unknown_course(tmp_path):
    with pytest.raises(CommandError, match="There is no course “x”"):
        call_command("export_course", "x", tmp_path)


def test_export_course_refuses_a_folder_of_other_things(folder, tmp_path):
    call_command("import_course", folder)

    with pytest.raises(CommandError, match="is not empty"):
        call_command("export_course", "bread", tmp_path)


def test_check_videos_is_content(capsys):
    call_command("check_videos")

    assert capsys.readouterr().out == "All videos are in order, 0 repaired.\n"


def test_check_videos_repairs_what_it_can(capsys):
    course = CourseFactory(slug="c")
    save_lesson(LessonFactory.build(course=course, slug="a", video_url="youtu.be/dQw4w9WgXcQ"))
    save_lesson(LessonFactory.build(course=course, slug="b", video_url="https://example.org/"))

    with pytest.raises(CommandError, match="2 of 2 problems need attention"):
        call_command("check_videos")
    with pytest.raises(CommandError, match="1 of 2 problems need attention"):
        call_command("check_videos", fix=True)

    assert "c/a: could be written as https://www.youtube.com/watch?v=dQw4w9WgXcQ (fixed)" in capsys.readouterr().out
    assert Lesson.objects.get(slug="a").video_url == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


def test_add_google_drive_sets_videos():
    lesson = LessonFactory(course__slug="c", slug="a")

    call_command("add_google_drive", "c", f"a={DRIVE}")

    lesson.refresh_from_db()
    assert (lesson.video_url, lesson.video_provider) == (DRIVE, "google_drive")


@pytest.mark.parametrize(
    ("pairs", "cause"),
    [
        ([f"a={DRIVE}", f"x={DRIVE}"], "There is no lesson “x” in “c”"),
        ([f"a={DRIVE}", "a=https://youtu.be/dQw4w9WgXcQ"], "is not the address of a file on Google Drive"),
    ],
)
def test_add_google_drive_sets_all_or_nothing(pairs, cause):
    LessonFactory(course__slug="c", slug="a")

    with pytest.raises(CommandError, match=re.escape("Nothing was changed. ") + f".*{cause}"):
        call_command("add_google_drive", "c", *pairs)

    assert Lesson.objects.get().video_url == ""


def test_add_google_drive_lists_lessons_without_video(capsys):
    LessonFactory(course__slug="b", slug="one")
    LessonFactory(course__slug="c", slug="two")

    call_command("add_google_drive")
    call_command("add_google_drive", "c")

    hint = "Set a video with: add_google_drive COURSE LESSON=ADDRESS\n"
    assert capsys.readouterr().out == f"  b one\n  c two\n{hint}  c two\n{hint}"
