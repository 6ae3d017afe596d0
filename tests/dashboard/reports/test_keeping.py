"""Reports counted ahead by the worker, and what a page does without one."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches

from common.scheduling import declared
from dashboard.keeping import SHAPE
from dashboard.tasks import count_reports
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def first_figure(client):
    return client.get("/dashboard/").context["tiles"][0].value


def test_the_worker_counts_every_five_minutes():
    assert [item.cron for item in declared() if item.task == "dashboard.tasks.count_reports"] == ["*/5 * * * *"]


@pytest.mark.parametrize("period", ["7", "30", "90"])
def test_what_the_worker_counted_is_shown_and_not_counted_again(staff_client, period):
    count_reports()
    make.CourseEnrollmentFactory(enrolled_at=NOW)

    with time_machine.travel(NOW + MINUTE, tick=False):
        found = staff_client.get("/dashboard/analytics/", {"period": period}).context
        students = first_figure(staff_client)

    assert (found["trends"].joined.total, found["top"], students, found["counted_at"]) == (0, [], 0, NOW)


@pytest.mark.parametrize(("minutes", "shown"), [(10, 0), (11, 1)])
def test_a_report_older_than_ten_minutes_is_counted_by_the_page(staff_client, minutes, shown):
    count_reports()
    make.UserFactory()

    with time_machine.travel(NOW + minutes * MINUTE, tick=False):
        assert first_figure(staff_client) == shown


def test_a_report_of_another_shape_is_left_alone(staff_client):
    caches["default"].set("report:figures", "of a release before", timeout=None)

    assert (first_figure(staff_client), f"report:{SHAPE}:figures" in caches["default"]) == (0, False)


def test_no_account_lies_in_a_report():
    make.LessonProgressFactory(status="completed", completed_at=NOW)
    count_reports()

    (learner,) = caches["default"].get(f"report:{SHAPE}:learners").found

    assert not hasattr(learner, "student")
