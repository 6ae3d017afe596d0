from pathlib import Path

import pytest

from catalog.folders.disk import Folder
from catalog.folders.drafts import BadFolder
from catalog.folders.plain import read_repository
from catalog.models import CourseStatus, LessonType

REPOSITORY = Path(__file__).parents[2] / "data" / "plain_course"


@pytest.fixture(scope="module")
def draft():
    return read_repository(Folder(REPOSITORY), slug="bread")


def lesson(draft, slug):
    return next(lesson for lesson in draft.all_lessons() if lesson.fields["slug"] == slug)


def write(root, **files):
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_md", ".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Folder(root)


def test_read_repository_takes_title_and_summary_from_the_readme(draft):
    assert draft.fields["title"] == "Bread Camp: Bake, Shape & Sell"
    assert draft.fields["short_description"] == (
        "Learn to bake a plain loaf, to shape it, and to sell it on a market, with an oven and patience."
    )
    assert draft.fields_when_new == {"status": CourseStatus.ACTIVE}


def test_read_repository_takes_modules_in_natural_order(draft):
    assert [module.fields["title"] for module in draft.modules] == [
        "Module 1: Baking",
        "Module 2: Shapes (Optional)",
        "Selling",
    ]
    assert [module.fields["order"] for module in draft.modules] == [1, 2, 3]


def test_read_repository_takes_lessons_in_reading_order(draft):
    assert [(lesson.fields["title"], lesson.fields["slug"]) for lesson in draft.all_lessons()] == [
        ("Introduction", "intro"),
        ("Heat", "heat"),
        ("Shapes", "bread-shapes-intro"),
        ("Long loaves", "long"),
        ("Round", "round"),
        ("What did you learn?", "bread-shapes-quiz"),
        ("The year in numbers", "lesson-2026"),
    ]


def test_read_repository_finds_videos(draft):
    videos = [lesson.fields["video_url"] for lesson in draft.all_lessons()]

    assert videos == [
        "https://www.youtube.com/watch?v=rQYyFxf1FWw&list=PL3MmuxUbc_hLZFNgSad56pDBKK8KO0XIv",
        "https://www.youtube.com/watch?v=tyBRP_WewXA&list=PL3MmuxUbc_hIB4fSqLy_0AfTjVLpgjV3R",
        "",
        "https://vimeo.com/76979871",
        "",
        "",
        "https://youtu.be/1DMXb98nTik?si=4ndF_W",
    ]
    assert [lesson.fields["lesson_type"] for lesson in draft.all_lessons()][:3] == [
        LessonType.VIDEO,
        LessonType.VIDEO,
        LessonType.TEXT,
    ]


def test_read_repository_turns_links_between_lessons_into_addresses_of_the_site(draft):
    assert (
        lesson(draft, "heat")
        .fields["body"]
        .endswith(
            "[← Introduction](/courses/bread/intro/) | [Shapes](/courses/bread/bread-shapes-intro/) "
            "| [Round loaves](/courses/bread/round/)\n"
        )
    )
    assert "[heat](/courses/bread/heat/#h-how-hot)" in draft.fields["description"]
    assert "[Module 1: Baking](/courses/bread/intro/)" in draft.fields["description"]
    assert "[module 1](/courses/bread/intro/)" in draft.modules[1].fields["description"]


def test_read_repository_leads_back_to_the_course_page(draft):
    assert "[← Back to module](/courses/bread/)" in lesson(draft, "intro").fields["body"]


def test_read_repository_keeps_the_words_of_links_to_other_files(draft):
    body = lesson(draft, "intro").fields["body"]

    assert "Flow: `oven.yaml`\n" in body
    assert 'links = "[not a link](02-heat.md)"' in body
    assert any("code/oven.yaml leads to no lesson" in note for note in draft.notes)


def test_read_repository_leads_to_the_repository_when_it_knows_where_that_is():
    draft = read_repository(Folder(REPOSITORY), base_url="https://code.example/bread/")

    assert draft.fields["slug"] == "plain_course"
    assert "[`oven.yaml`](https://code.example/bread/01-baking/code/oven.yaml)" in lesson(draft, "intro").fields["body"]
    assert "[Workshop: Jam](https://code.example/bread/cohorts/jam.md)" in draft.fields["description"]


def test_read_repository_imports_pictures_and_leaves_out_missing_ones(draft):
    assert draft.files == {"courses/bread/images/oven.png": "images/oven.png"}
    assert "![The oven](/media/courses/bread/images/oven.png)" in draft.modules[0].fields["description"]
    assert "\nLoaves on a table\n" in draft.fields["description"]
    assert "images/banner.png: is not in the folder; the picture is left out" in draft.notes


def test_read_repository_drops_the_title_from_the_text(draft):
    assert "<h1>" not in draft.fields["description"]
    assert lesson(draft, "intro").fields["body"].startswith("We bake with")
    assert lesson(draft, "heat").fields["body"].startswith("## How hot")


def test_read_repository_takes_lessons_without_modules(tmp_path):
    draft = read_repository(write(tmp_path, **{"01-a_md": "# A", "2-b_md": "# B", "notes_md": "x"}))

    assert [lesson.fields["title"] for lesson in draft.lessons] == ["A", "B"]
    assert draft.modules == []


def test_read_repository_names_lessons_that_would_be_called_the_same(tmp_path):
    files = {f"0{n}-m/01-a_md": "# A" for n in (1, 2, 3)} | {"04-x/01-2_md": "# 77", "04-x/02-ж_md": "# ж"}

    draft = read_repository(write(tmp_path, **files))

    assert [lesson.fields["slug"] for lesson in draft.all_lessons()] == ["a", "m-a", "a-2", "lesson-2", "lesson"]


def test_read_repository_takes_a_module_without_lessons(tmp_path):
    draft = read_repository(write(tmp_path, **{"01-a/README_md": "# Soon", "02-b/01-x_md": "# X", "03-c/code.py": ""}))

    assert [module.fields["title"] for module in draft.modules] == ["Soon", "B"]


@pytest.mark.parametrize("name", ["readme_md", "notes_md", "a/b_md"])
def test_read_repository_refuses_a_folder_without_numbers(tmp_path, name):
    with pytest.raises(BadFolder, match=r"neither course.md nor numbered"):
        read_repository(write(tmp_path, **{name: "# A"}))


def test_read_repository_names_every_bad_file(tmp_path):
    folder = write(tmp_path, **{"01-a_md": "# A", "02-b_md": "# B", "README_md": "x"})
    for name in ("01-a.md", "README.md"):
        (tmp_path / name).write_bytes(b"\xff")

    with pytest.raises(BadFolder) as caught:
        read_repository(folder)

    assert [str(problem) for problem in caught.value.problems] == [
        "README.md:1: is not UTF-8 text",
        "01-a.md:1: is not UTF-8 text",
    ]


def test_read_repository_drops_links_that_leave_the_folder(tmp_path):
    draft = read_repository(write(tmp_path, **{"01-a_md": "# A\n\n[x](../../etc/passwd) ![y](../../y.png) [z](#a)"}))

    assert draft.lessons[0].fields["body"] == "x y [z](#a)"
