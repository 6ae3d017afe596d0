"""The rows of the floor, and its pages."""

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection

from benchmarks.calls import Call, Page
from benchmarks.floor.models import Note
from benchmarks.sessions import SESSIONS, make_sessions, session_key
from benchmarks.sizes import Size

VISITS = 40


def generate(size: Size) -> None:
    """Fill an empty database with notes, people and their sessions: the same at every size."""
    for with_floor in (False, True):  # the floor's tables point to the users', which must be there
        call_command("migrate", run_syncdb=with_floor, verbosity=0)
    count = range(1, SESSIONS + 1)
    Note._default_manager.bulk_create(
        Note(slug=f"note-{n}", title=f"Note {n}", text="A few words. " * 8) for n in count
    )
    User.objects.bulk_create(User(username=f"student{n}", password="unused") for n in count)  # noqa: S106 - no log-in
    make_sessions(User.objects.all(), "django.contrib.auth.backends.ModelBackend")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def pages_of(size: Size) -> list[Page]:
    """The unit is "floor: page"."""
    visits = range(1, VISITS + 1)
    people = [{"sessionid": session_key(n)} for n in visits]
    return [
        Page("floor: page", [Call(f"/notes/note-{n}/", cookies=who) for n, who in zip(visits, people, strict=True)]),
        Page("floor: constant", [Call("/constant/")] * VISITS),
        Page("floor: write", [Call(f"/write/{n}/", "POST") for n in visits]),
        Page("floor: my write", [Call("/my-write/1/", "POST", cookies=who) for who in people]),
    ]
