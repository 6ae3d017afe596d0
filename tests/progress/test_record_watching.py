"""Reports of the player: one test per exit and per rule of PRODUCT 4."""

from datetime import timedelta

import pytest

from access.decisions import Code, Decision
from access.models import CourseEnrollment
from progress.models import CourseProgress, LessonProgress, LessonStatus
from progress.services import Conflict, ProgressRefused, WatchReport, record_watching, set_completed
from tests.factories import NOW, LessonFactory

pytestmark = pytest.mark.django_db
ACTIVE = Decision(True, Code.ACTIVE)
SECOND = timedelta(seconds=1)


@pytest.fixture
def lesson():
    return LessonFactory(video_duration_seconds=100)


@pytest.fixture
def watch(student, lesson):
    """Report to the lesson; the page was opened at NOW and `at` is seconds later."""

    def report(at, /, *, decision=ACTIVE, of=lesson, **fields):
        mine = LessonProgress.objects.filter(user=student, lesson=of).first()
        sent = WatchReport(**{"opened_at": NOW} | fields)
        return record_watching(
            user=student, lesson=of, mine=mine, decision=decision, report=sent, now=NOW + at * SECOND
        )

    return report


def test_the_first_report_starts_the_lesson_and_enrolls(student, lesson, watch):
    row = watch(30, ranges=((0, 30),), position_seconds=30)

    saved = LessonProgress.objects.get()
    assert (saved.watch_percentage, saved.last_position_seconds, saved.status) == (30, 30, LessonStatus.IN_PROGRESS)
    assert (row.pk, saved.started_at, saved.last_accessed) == (saved.pk, NOW, NOW + 30 * SECOND)
    assert (CourseEnrollment.objects.get().enrolled_at, CourseProgress.objects.get().completed_lessons) == (
        NOW + 30 * SECOND,
        0,
    )


@pytest.mark.parametrize("code", [Code.PREVIEW, Code.STAFF])
def test_watching_a_preview_or_as_staff_enrolls_nobody(watch, code):
    watch(30, decision=Decision(True, code), ranges=((0, 30),))

    assert (CourseEnrollment.objects.count(), LessonProgress.objects.count()) == (0, 1)


def test_the_lesson_completes_at_its_threshold_and_not_before(watch):
    assert watch(89, ranges=((0, 89),)).status == LessonStatus.IN_PROGRESS

    row = watch(91, ranges=((89, 90),))

    assert (row.status, row.completed_at) == (LessonStatus.COMPLETED, NOW + 91 * SECOND)
    assert CourseProgress.objects.get().completed_lessons == 1


def test_the_threshold_is_the_lessons_own(watch):
    lesson = LessonFactory(video_duration_seconds=100, completion_threshold=10)

    assert watch(30, of=lesson, ranges=((0, 10),)).is_completed


def test_the_furthest_point_alone_counts_for_nothing(watch):
    row = watch(50, position_seconds=99, ranges=((98, 99),))

    assert (row.watch_percentage, row.last_position_seconds) == (1, 99)


def test_the_same_report_again_adds_nothing(watch):
    watch(30, ranges=((0, 30),), position_seconds=30)

    row = watch(60, ranges=((0, 30),), position_seconds=30)

    assert (row.watch_percentage, row.watched_ranges) == (30, [[0, 30]])


def test_the_percentage_never_falls(watch):
    watch(30, ranges=((0, 60),))

    assert watch(60, ranges=((0, 5),), position_seconds=5).watch_percentage == 60


def test_watching_grows_no_faster_than_the_clock(watch):
    assert watch(10, ranges=((0, 100),)).watched_ranges == [[0, 22]]


def test_five_hundred_reports_in_one_second_complete_nothing(watch):
    for number in range(50):
        row = watch(1 + number / 50, ranges=((0, 100),), position_seconds=100)

    assert (row.watch_percentage <= 2 * 2.25, row.is_completed) == (True, False)


def test_a_page_claimed_to_be_opened_in_the_future_gains_nothing(watch):
    assert watch(10, opened_at=NOW + 99 * SECOND, ranges=((0, 100),)).watch_percentage == 0


def test_without_an_opening_time_the_first_report_only_starts_the_clock(watch):
    assert watch(90, opened_at=None, ranges=((0, 90),)).watch_percentage == 0


def test_the_newest_position_wins_however_late_an_older_one_arrives(watch):
    watch(30, position_seconds=50, at=NOW + 30 * SECOND)

    row = watch(40, position_seconds=10, at=NOW + 20 * SECOND)

    assert (row.last_position_seconds, row.position_at) == (50, NOW + 30 * SECOND)


def test_of_two_positions_of_one_moment_the_later_arrived_wins(watch):
    watch(30, position_seconds=50, at=NOW)

    assert watch(40, position_seconds=10, at=NOW).last_position_seconds == 10


def test_a_position_from_the_future_is_dated_now_and_blocks_nobody(watch):
    watch(30, position_seconds=50, at=NOW + 9999 * SECOND)

    assert watch(40, position_seconds=60, at=NOW + 40 * SECOND).last_position_seconds == 60


def test_a_report_without_a_position_moves_nothing(watch):
    watch(30, position_seconds=50)

    assert watch(40, ranges=((0, 5),)).last_position_seconds == 50


@pytest.mark.parametrize("position", [102, 86_400])
def test_a_position_past_the_end_is_refused(watch, position):
    with pytest.raises(ProgressRefused):
        watch(30, position_seconds=position)

    assert LessonProgress.objects.count() == 0


def test_ranges_past_the_end_are_cut_off(watch):
    row = watch(99, ranges=((90, 150), (200, 300)))

    assert (row.watched_ranges, row.watch_percentage) == ([[90, 100]], 10)


def test_an_unknown_length_is_learned_from_the_player(watch):
    lesson = LessonFactory()

    row = watch(60, of=lesson, ranges=((0, 60),), duration_seconds=120.4)

    assert (row.duration_seconds, row.watch_percentage) == (120, 50)


def test_a_short_lie_about_the_length_completes_nothing(watch):
    lesson = LessonFactory()
    watch(60, of=lesson, duration_seconds=120)

    row = watch(70, of=lesson, ranges=((0, 10),), duration_seconds=10)

    assert (row.duration_seconds, row.is_completed) == (120, False)


def test_without_any_length_the_share_stays_zero(watch):
    row = watch(60, of=LessonFactory(), ranges=((0, 60),))

    assert (row.watch_percentage, row.watched_ranges) == (0, [[0, 60]])


def test_the_lessons_own_length_beats_the_players(watch):
    row = watch(60, ranges=((0, 10),), duration_seconds=10)

    assert (row.watch_percentage, row.duration_seconds) == (10, 100)


def test_the_older_form_credits_the_seconds_before_the_position(watch):
    row = watch(60, claimed_percentage=40, position_seconds=50)

    assert (row.watched_ranges, row.watch_percentage) == ([[10, 50]], 40)


def test_the_older_form_is_bounded_by_the_clock_too(watch):
    row = watch(10, claimed_percentage=100, position_seconds=100)

    assert (row.watch_percentage, row.is_completed) == (22, False)


def test_the_older_form_with_a_lower_percentage_changes_nothing(watch):
    watch(60, claimed_percentage=40, position_seconds=50)

    assert watch(90, claimed_percentage=30, position_seconds=30).watch_percentage == 40


def test_the_older_form_is_nothing_without_a_length(watch):
    assert watch(60, of=LessonFactory(), claimed_percentage=90, position_seconds=50).watched_ranges == []


def test_after_un_marking_only_new_watching_completes_again(student, lesson, watch):
    watch(90, ranges=((0, 90),))
    set_completed(user=student, lesson=lesson, decision=ACTIVE, is_completed=False, now=NOW + 91 * SECOND)

    row = watch(92, position_seconds=95)
    assert (row.is_completed, row.watch_percentage, row.watched_ranges) == (False, 90, [])

    assert watch(140, ranges=((0, 90),)).is_completed


def test_a_completed_lesson_stays_completed_with_its_first_time(watch):
    watch(90, ranges=((0, 90),))

    row = watch(120, ranges=((0, 100),))

    assert (row.is_completed, row.completed_at, row.watch_percentage) == (True, NOW + 90 * SECOND, 100)


def test_a_report_that_lost_the_race_is_merged_again(student, lesson, watch):
    watch(30, ranges=((0, 30),))
    stale = LessonProgress.objects.get()
    watch(60, ranges=((30, 60),))

    row = record_watching(
        user=student,
        lesson=lesson,
        mine=stale,
        decision=ACTIVE,
        report=WatchReport(ranges=((60, 70),)),
        now=NOW + 80 * SECOND,
    )

    assert (row.watched_ranges, LessonProgress.objects.get().watched_ranges) == ([[0, 70]], [[0, 70]])


def test_a_first_report_that_lost_the_race_is_merged_into_the_other(student, lesson, watch):
    watch(30, ranges=((0, 30),))

    row = record_watching(
        user=student,
        lesson=lesson,
        mine=None,
        decision=ACTIVE,
        report=WatchReport(ranges=((40, 50),), opened_at=NOW),
        now=NOW + 60 * SECOND,
    )

    assert row.watched_ranges == [[0, 30], [40, 50]]


def test_a_report_that_loses_every_race_is_a_conflict(watch, monkeypatch):
    monkeypatch.setattr("progress.services._write", lambda *args: False)

    with pytest.raises(Conflict):
        watch(30, ranges=((0, 30),))


def test_a_broken_first_report_that_is_no_race_is_not_hidden(watch, monkeypatch):
    lesson = LessonFactory(video_duration_seconds=100)

    with pytest.raises(Exception, match="progress_position_is_not_negative"):
        watch(30, of=lesson, position_seconds=-1)


def test_two_reports_of_one_moment_both_count(watch):
    watch(60, ranges=((0, 30),))

    assert watch(60, ranges=((50, 80),)).watched_ranges == [[0, 30], [50, 80]]


def test_many_reports_lose_no_part_of_a_second(watch):
    for tenth in range(1, 101):
        row = watch(tenth / 10, ranges=((0, tenth * 100),))

    assert row.watched_ranges == [[0, 22]]


def test_time_before_un_marking_is_not_saved_up(student, lesson, watch):
    watch(1000, ranges=((0, 90),))
    set_completed(user=student, lesson=lesson, decision=ACTIVE, is_completed=False, now=NOW + 1000 * SECOND)

    assert watch(1004, ranges=((0, 90),)).watched_ranges == [[0, 9]]


def test_an_hour_of_silence_is_not_saved_up_for_one_report(watch):
    film = LessonFactory(video_duration_seconds=10_000)
    watch(0, of=film)
    watch(3_600, of=film)

    row = watch(3_601, of=film, ranges=((0, 10_000),))

    assert row.watched_ranges == [[0, int(61 * 2.25)]]
