"""A list of bulk access in the browser: checked by an owner, confirmed, worked on by a worker beside the page."""

import threading
import time

from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import OrmQ

from access.models import AccessBatch, CourseAccess
from access.services.bulk_checking import Wish, check_batch
from tests.browser.people import buyer, paid_course, person
from tests.factories import PASSWORD, StaffFactory

TABLE = """email,course_slug,action,expires_at,note
fay@example.com,camera,grant,,Prize
gus@example.com,camera,,2199-05-31,
kim@example.com,camera,grant,,
fay@example.com,camera,grant,,
nobody@example.com,camera,grant,,
"""


def check_a_list(page, site, sign_in):
    """Lead the browser to the page of a list that was just checked."""
    course = paid_course()
    buyer("kim", course)
    person("fay")
    person("gus")
    sign_in(StaffFactory(is_superuser=True))
    page.goto(f"{site}/dashboard/access/bulk/")
    file = {"name": "students.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Check list").click()
    return page


def confirm(page):
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def rights():
    """Who holds what status, by the part of the address before the @."""
    rows = CourseAccess.objects.order_by("user__email").values_list("user__email", "status")
    return [(email.partition("@")[0], status) for email, status in rows]


def run_queued():
    while row := OrmQ.objects.order_by("pk").first():
        task = row.task
        row.delete()
        import_string(task["func"])(*task["args"])


def work_in_a_moment():
    """A worker that takes up the queue while the page is being looked at."""

    def run():
        time.sleep(1)
        run_queued()
        connection.close()

    threading.Thread(target=run).start()


def bulk_addresses(course, user, staff):
    """Of bulk access: the form and the list, a batch that is checked, and one that is applied."""
    source = {"by": staff, "name": "students.csv", "sha256": "0" * 64, "tells": True, "now": timezone.now()}
    wishes = [Wish(2, user.email, course.slug, "extend", "2199-05-31"), Wish(3, "nobody@example.com", "none", "grant")]
    checked, applied = (check_batch(wishes=wishes, **source) for _ in range(2))
    AccessBatch.objects.filter(pk=applied.pk).update(
        state="applied", applied_by=staff, applied_at=source["now"], finished_at=source["now"]
    )
    start = "/dashboard/access/bulk/"
    return [start, f"{start}?q=nothing-like-this", f"{start}{checked.pk}/", f"{start}{applied.pk}/"]
