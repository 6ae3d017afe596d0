from io import BytesIO

import pytest
from PIL import Image

from catalog import uploads
from catalog.folders.disk import Folder
from catalog.folders.drafts import BadFolder
from catalog.folders.reading import read_course

MOMENT = "01-a.md:2: live_starts_at: must be a moment like 2026-05-03T18:00:00+00:00"
NO_MATERIAL = "01-a.md:2: files/x.html: is not a type of file that may be a material"
COURSE = "---\ntitle: Bread\nslug: bread\n---\n"


def picture(kind="PNG", size=(2, 2)):
    buffer = BytesIO()
    Image.new("RGB", size).save(buffer, kind)
    return buffer.getvalue()


def problems_of(root):
    with pytest.raises(BadFolder) as caught:
        read_course(Folder(root))
    return [str(problem) for problem in caught.value.problems]


def lesson_from(write, text, **more):
    return read_course(Folder(write({"course.md": COURSE, "01-a.md": text, **more}))).lessons[0]


def test_read_course_reads_every_key_of_a_course(write):
    root = write({
        "course.md": (
            "---\ntitle: Bread\nslug: bread\nshort_description: Bake\ntype: speaking\nspecial_tag: New\n"
            "instructor: Ines\ninstructor_bio: |-\n  Two\n  lines\ncoach: Bo\ndiscussion_url: https://x.example/\n"
            "minutes: 90\naccredible: true\nasset_templates: true\nexam_unlock_days: 7\ndisplay_order: 3\n"
            "status: locked\nvisibility: hidden\nenrollment: purchase\nrequired_level: 2\naccess: fixed_days\n"
            "access_days: 30\naccess_until: 2026-05-03T18:00:00+00:00\ncategory: Food and drink\ntags: [oven, '2026']\n"
            "---\n\nThe *text*\n"
        )
    })  # fmt: skip

    draft = read_course(Folder(root))

    assert draft.fields["description"] == "The *text*"
    assert draft.fields["instructor_bio"] == "Two\nlines"
    assert (draft.fields["enrollment_method"], draft.fields["required_level"]) == ("purchase", 2)
    assert draft.fields["access_until"].isoformat() == "2026-05-03T18:00:00+00:00"
    assert (draft.category, draft.tags) == (("food-and-drink", "Food and drink"), ["oven", "2026"])


def test_read_course_reads_every_key_of_a_lesson(write):
    draft = lesson_from(
        write,
        "---\ntitle: A\nslug: alpha\ntype: live\ndescription: short\nvideo: https://youtu.be/dQw4w9WgXcQ\n"
        "video_thumbnail: https://x.example/a.jpg\nduration: 1:02:03\nthreshold: 80\npreview: true\npublished: false\n"
        "opens_after_days: 7\nlive_starts_at: 2026-05-03T18:00:00+00:00\nmeeting_url: https://x.example/\n"
        "timestamps: [0:00 Intro, 1:15:00 A long label, {time_seconds: 2.5, label: Odd}]\nkey_takeaways: [One, Two]\n"
        "order: 40\n---\n\nBody\n",
    )

    assert (draft.fields["slug"], draft.fields["order"], draft.fields["is_published"]) == ("alpha", 40, False)
    assert draft.fields["video_duration_seconds"] == 3723
    assert draft.fields["timestamps"] == [
        {"time_seconds": 0, "label": "Intro"},
        {"time_seconds": 4500, "label": "A long label"},
        {"time_seconds": 2.5, "label": "Odd"},
    ]


def test_read_course_takes_null_where_nothing_may_stand(write):
    draft = lesson_from(write, "---\ntitle: A\nopens_after_days: null\nlive_starts_at: ~\nduration:\n---\n")

    names = ("available_after_days", "live_starts_at", "video_duration_seconds")
    assert [draft.fields[name] for name in names] == [None, None, None]


def test_read_course_takes_names_and_order_from_files(write):
    root = write({"course.md": "# no front matter", "10-b.md": "B", "02-a.md": "A", "03-first_steps/01-x.md": "X"})

    draft = read_course(Folder(root))

    assert draft.fields["slug"] == "course"
    assert [(lesson.fields["slug"], lesson.fields["order"]) for lesson in draft.lessons] == [("a", 1), ("b", 2)]
    assert [(module.fields["title"], module.fields["order"]) for module in draft.modules] == [("First steps", 1)]


def test_read_course_leaves_other_files_alone(write):
    root = write(
        {"course.md": COURSE, "README.md": "x", "files/notes.md": "x", "01-a.md": "A", "x.py": "", "e/x.py": ""}
    )

    draft = read_course(Folder(root))

    assert [lesson.path for lesson in draft.all_lessons()] == ["01-a.md"]


def test_read_course_finds_homework_below_the_mark(write):
    draft = lesson_from(write, "Body\n\n<!-- homework -->\n\nBake.\n")

    assert (draft.fields["body"], draft.fields["homework"]) == ("Body\n", "Bake.")


def test_read_course_prefers_homework_in_a_file(write):
    draft = lesson_from(write, "Body\n\n<!-- homework -->\nmore\n", **{"01-a.homework.md": "Bake.\n"})

    assert (draft.fields["body"], draft.fields["homework"]) == ("Body\n\n<!-- homework -->\nmore", "Bake.")


def test_read_course_finds_captions_and_transcript(write):
    captions = "WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n"

    draft = lesson_from(write, "Body", **{"01-a.vtt": captions, "01-a.txt": "Hi\n"})

    assert draft.transcript == (captions, "Hi")


def test_read_course_resolves_links_and_pictures(write):
    root = write({
        "course.md": COURSE + "\n[a](01-m/01-a.md#part) ![p](files/p.png)\n",
        "01-m/module.md": "[b](02-b.md)",
        "01-m/01-a.md": "[b](02-b.md) [c](../course.md) ![p](../files/p.png) [x](missing.md) ![m](missing.png)",
        "01-m/02-b.md": "x",
        "files/p.png": picture(),
    })  # fmt: skip

    draft = read_course(Folder(root))

    assert draft.fields["description"] == "[a](/courses/bread/a/#h-part) ![p](/media/courses/bread/p.png)"
    assert draft.modules[0].fields["description"] == "[b](/courses/bread/b/)"
    assert draft.modules[0].lessons[0].fields["body"] == (
        "[b](/courses/bread/b/) [c](/courses/bread/) ![p](/courses/bread/a/pictures/p.png) "
        "[x](missing.md) ![m](missing.png)"
    )
    assert draft.files == {"courses/bread/p.png": "files/p.png", "lessons/bread/a/p.png": "files/p.png"}
    assert draft.notes == ["01-m/missing.png: is not in the folder; the picture is left out"]


def test_read_course_keeps_materials_apart_from_pictures(write):
    draft = lesson_from(
        write,
        "---\nmaterials:\n- {kind: download, title: Plan, file: files/plan.pdf}\n- {title: Site, url: https://x.example/}\n---\n",
        **{"files/plan.pdf": "x"},
    )

    assert [(item.kind, item.title, item.url, item.stored_name) for item in draft.materials] == [
        ("download", "Plan", "", "materials/bread/plan.pdf"),
        ("resource", "Site", "https://x.example/", ""),
    ]


@pytest.mark.parametrize(
    ("front", "problem"),
    [
        ("titel: a", "01-a.md:2: “titel” is not a key we know"),
        ("title: a\npreview: 'yes'", "01-a.md:3: preview: must be true or false"),
        ("title: [a]", "01-a.md:2: title: must be text; put it in quotes"),
        ("title: true", "01-a.md:2: title: must be text; put it in quotes"),
        ("threshold: high", "01-a.md:2: threshold: must be a whole number"),
        ("threshold: 99999999999", "01-a.md:2: threshold: must be a whole number"),
        ("threshold: null", "01-a.md:2: threshold: must be a whole number"),
        ("duration: 4:99", "01-a.md:2: duration: “4:99” has too many minutes or seconds."),
        ("duration: -1", "01-a.md:2: duration: must be a whole number"),
        ("live_starts_at: tomorrow", MOMENT),
        ("live_starts_at: 2026-13-03T18:00:00+00:00", MOMENT),
        ("live_starts_at: 2026-05-03T18:00:00", MOMENT),
        ("timestamps: 4", "01-a.md:2: timestamps: must be a list like “4:12 First steps”"),
        ("timestamps: [[1]]", "01-a.md:2: timestamps: must be a list like “4:12 First steps”"),
        ("timestamps: [soon]", "01-a.md:2: timestamps: “soon” is not a time like 4:12 or 1:02:03."),
        ("timestamps: [{time_seconds: -1, label: x}]", "01-a.md:2: timestamps: time_seconds must be a number"),
        ("key_takeaways: x", "01-a.md:2: key_takeaways: must be a list"),
        ("order: first", "01-a.md:2: order: must be a whole number"),
        ("materials: x", "01-a.md:2: materials: must be a list"),
        ("materials: [x]", "01-a.md:2: materials: each needs a title, and a url or a file"),
        ("materials: [{title: x}]", "01-a.md:2: materials: each needs a title, and a url or a file"),
        ("materials: [{title: x, file: files/no.pdf}]", "01-a.md:2: files/no.pdf: is not in the folder"),
        ("materials: [{title: x, file: ../../etc/passwd}]", "01-a.md:2: ../../etc/passwd: is not in the folder"),
        ("materials: [{title: x, file: files/x.html}]", NO_MATERIAL),
        ("a: [", "01-a.md:3: expected the node content, but found '<stream end>'"),
    ],
)  # fmt: skip
def test_read_course_says_where_a_lesson_is_wrong(write, front, problem):
    root = write({"course.md": COURSE, "01-a.md": f"---\n{front}\n---\n", "files/x.html": "x"})

    assert problems_of(root) == [problem]


def test_read_course_collects_the_problems_of_all_files(write):
    root = write({
        "course.md": "---\ntitle: Bread\ntags: oven\nthumbnail: files/no.png\nlogo: files/fake.png\n---\n",
        "files/fake.png": b"<svg onload=alert(1)>",
        "01-m/module.md": "---\nname: x\n---\n",
        "01-m/01-a.md": b"\xff",
        "01-m/01-a.homework.md": b"a\xff",
        "01-m/01-a.vtt": "WEBVTT\n\nhello\n",
    })  # fmt: skip

    assert sorted(problems_of(root)) == [
        "01-m/01-a.homework.md:1: is not UTF-8 text",
        "01-m/01-a.md:1: is not UTF-8 text",
        "01-m/01-a.vtt:3: a time line like 00:01.000 --> 00:04.000 is missing",
        "01-m/module.md:2: “name” is not a key we know",
        "course.md:3: tags: must be a list",
        "course.md:4: files/no.png: is not in the folder",
        "course.md:5: files/fake.png: is not a PNG, JPEG, GIF or WebP picture",
    ]


@pytest.mark.parametrize(
    ("name", "content", "cause"),
    [
        ("p.png", picture("JPEG"), "is not the picture its name says"),
        ("p.svg", b"<svg/>", "is not a PNG, JPEG, GIF or WebP picture"),
        ("p.png", b"", "is not a PNG, JPEG, GIF or WebP picture"),
        ("p;q.png", picture(), "has a name with characters we do not keep"),
    ],
)
def test_read_course_refuses_pictures_that_are_none(write, name, content, cause):
    root = write({"course.md": f"---\ntitle: B\ncover: files/{name}\n---\n", f"files/{name}": content})

    assert problems_of(root) == [f"course.md:3: files/{name}: {cause}"]


def test_read_course_refuses_pictures_and_files_that_are_too_large(write, settings, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_PIXELS", 3)
    settings.MATERIAL_MAX_BYTES = 1024**2
    root = write({
        "course.md": "---\ntitle: B\ncover: files/p.png\nlogo: files/q.png\n---\n",
        "files/p.png": picture(),
        "files/q.png": b"x" * (5 * 1024**2 + 1),
        "01-a.md": "---\ntitle: A\nmaterials:\n- kind: workbook\n  title: W\n  file: files/w.pdf\n---\n",
        "files/w.pdf": b"x" * (1024**2 + 1),
    })  # fmt: skip

    assert sorted(problems_of(root)) == [
        "01-a.md:3: files/w.pdf: is too large: at most 1 MB are kept",
        "course.md:3: files/p.png: has too many pixels: at most 25 megapixels are kept",
        "course.md:4: files/q.png: is too large: at most 5 MB are kept",
    ]


def test_read_course_refuses_a_picture_too_large_without_reading_it(write, monkeypatch):
    monkeypatch.setattr(Folder, "read_bytes", None)
    texts = {"course.md": "---\ntitle: B\ncover: files/q.png\n---\n"}
    root = write({**texts, "files/q.png": bytes(uploads.MAX_PICTURE_BYTES + 1)})

    assert problems_of(root) == ["course.md:3: files/q.png: is too large: at most 5 MB are kept"]


def test_read_course_mentions_what_it_skipped(write, tmp_path):
    root = write({"course.md": COURSE, "01-a.md": "A"})
    (root / "02-b.md").symlink_to(tmp_path)

    assert read_course(Folder(root)).notes == ["02-b.md: skipped, a link or an unprintable name"]


@pytest.mark.parametrize(
    ("category", "read"),
    [("Food", ("food", "Food")), ("{slug: f, name: Food & drink}", ("f", "Food & drink")), ("null", None)],
)
def test_read_course_reads_a_category(write, category, read):
    root = write({"course.md": f"---\ntitle: B\ncategory: {category}\n---\n"})

    assert read_course(Folder(root)).category == read
