import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from access.models import CohortMembership, CourseAccess
from accounts.models import User
from catalog.models import Course, Lesson
from progress.models import CourseProgress, LessonProgress

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _local(settings, tmp_path):
    settings.DEBUG = True
    settings.MEDIA_ROOT = tmp_path


def test_seed_data_loads_the_demo(capsys):
    call_command("seed_data")

    assert {course.slug: course.lesson_count for course in Course.objects.all()} == {
        "virtual-rockstar": 12,
        "python-for-spreadsheet-people": 6,
        "calm-inbox": 4,
        "video-players": 3,
    }
    assert "admin@example.com" in capsys.readouterr().out


def test_seed_data_makes_an_admin_and_students_in_the_middle_of_learning():
    call_command("seed_data")

    done = dict(
        CourseProgress.objects.filter(course__slug="virtual-rockstar").values_list("user__email", "completed_lessons")
    )
    assert done == {"sam@example.com": 5, "mia@example.com": 12}
    assert LessonProgress.objects.filter(status="in_progress", last_position_seconds=42).count() == 1
    assert User.objects.filter(is_superuser=True, email="admin@example.com").exists()


def test_seed_data_makes_staff_of_each_role():
    call_command("seed_data")

    staff = User.objects.filter(is_staff=True, is_superuser=False).values_list("email", "groups__name")
    assert dict(staff) == {
        "editor@example.com": "Content editor",
        "support@example.com": "Support",
        "reader@example.com": "Read-only",
    }


def rights(email):
    rows = CourseAccess.objects.filter(user__email=email).order_by("pk")
    return [
        (row.access_type, row.course.slug if row.course else row.tier_level, row.is_open(timezone.now()))
        for row in rows
    ]


def test_seed_data_shows_every_kind_of_right():
    call_command("seed_data")

    assert rights("sam@example.com") == [
        ("free", "virtual-rockstar", True),
        ("path", "virtual-rockstar", True),
        ("path", "video-players", False),
        ("subscription", 1, True),
    ]
    assert rights("mia@example.com") == [
        ("free", "virtual-rockstar", True),
        ("bundle", "calm-inbox", True),
        ("bundle", "python-for-spreadsheet-people", True),
    ]
    assert rights("eve@example.com") == [("purchase", "python-for-spreadsheet-people", False)]
    assert CohortMembership.objects.get().user.email == "mia@example.com"


def test_seed_data_again_changes_nothing(capsys):
    call_command("seed_data")
    Lesson.objects.filter(slug="welcome").update(title="Changed by staff")

    call_command("seed_data")

    assert "The demo is loaded already." in capsys.readouterr().out
    assert Lesson.objects.get(slug="welcome").title == "Changed by staff"


def test_seed_data_updates_the_courses_when_asked(capsys):
    call_command("seed_data")
    Lesson.objects.filter(slug="welcome").update(title="Old")

    call_command("seed_data", update=True)

    assert "/courses/virtual-rockstar/: changed 1 lesson, unchanged 15" in capsys.readouterr().out


def test_seed_data_keeps_its_public_password_out_of_production(settings):
    settings.DEBUG = False

    with pytest.raises(CommandError, match="choose your own with --password"):
        call_command("seed_data")

    assert not User.objects.exists()


def test_seed_data_takes_another_password_and_does_not_print_it(capsys):
    call_command("seed_data", password="something else")

    assert User.objects.get(email="sam@example.com").check_password("something else")
    assert "password" not in capsys.readouterr().out


def test_seed_data_saves_nothing_if_a_folder_is_wrong(tmp_path):
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad/course.md").write_text("---\nno: 1\n---\n")

    with pytest.raises(CommandError, match="Nothing was loaded"):
        call_command("seed_data", path=tmp_path)

    assert not User.objects.exists()
