"""People, a clock, jobs run by hand, counted queries; and nothing but loopback on the network."""

import copy
import gc
import hashlib
import os
import shutil
import socket
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.core.cache import caches
from django.db import connection, transaction
from django.db.models.signals import post_migrate
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils.module_loading import import_string

from tests.factories import StaffFactory, UserFactory

LOOPBACK = ("127.", "::1", "localhost", "testserver")
QUEUED = "common.mail.QueuedBackend"
BOOKKEEPING = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SET CONSTRAINTS")


def pytest_collection_finish():
    """The collected tests live to the end: no garbage collector need look through them again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _loopback_only():
    """Refuse every connection that would leave the machine."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test tried to reach {address}")
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


def kept_database():
    """Where a migrated SQLite database is kept between runs; another migration or library gives another place."""
    root = Path(__file__).parent.parent
    sources = [root / "requirements.txt", *sorted(root.glob("*/migrations/*.py"))]
    content = b"".join(source.name.encode() + source.read_bytes() for source in sources)
    return root / ".pytest_cache" / f"database-{hashlib.sha256(content).hexdigest()[:20]}.sqlite3"


@pytest.fixture(scope="session")
def django_db_keepdb():
    """True on SQLite: its file is new or a copy, and goes with its folder when the run ends."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_keepdb):
    """SQLite rebuilds whole tables for every migration, so a migrated file is kept, and copied where there is one."""
    if django_db_keepdb and kept_database().exists():
        shutil.copy(kept_database(), connection.settings_dict["TEST"]["NAME"])


@pytest.fixture(scope="session", autouse=True)
def _four_tiers():
    """A test with real commits ends by emptying every table, also of what migrations put there; these come back."""
    create = import_string("access.migrations.0002_four_tiers.create")

    def again(**_):
        create(apps, None)

    post_migrate.connect(again, sender=apps.get_app_config("access"))
    yield
    post_migrate.disconnect(again, sender=apps.get_app_config("access"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_keepdb, django_db_blocker):
    """What pytest-django does, and then a copy of it for the next run."""
    with django_db_blocker.unblock():
        connection.features.supports_json_field  # noqa: B018 - SQLite is asked once, in whose query budget it would count
    kept = kept_database()
    if django_db_keepdb and not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        part = kept.with_suffix(f".{os.getpid()}")
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(part)])
        part.replace(kept)


@pytest.fixture(autouse=True)
def _empty_caches():
    for cache in caches.all(initialized_only=True):
        cache.clear()
    caches["pages"].set("has_pricing", True)  # a process asks once a minute; tests/access/test_pricing.py is about it


@pytest.fixture(autouse=True)
def _mail_is_queued(settings):
    """As in production: `mail.outbox` fills when the jobs run. Django's test set-up would send at once."""
    settings.EMAIL_BACKEND = QUEUED


@pytest.fixture(scope="module")
def _built(django_db_setup, django_db_blocker):
    """The world of the threats, once for all tests of a file: what a test changes is rolled back behind it."""
    from tests.threats.world import build  # needs factories, which need Django to be set up

    with django_db_blocker.unblock(), ExitStack() as stack:
        stack.enter_context(transaction.atomic())
        stack.callback(transaction.set_rollback, True)
        with override_settings(EMAIL_BACKEND=QUEUED):
            built = build()
        with django_db_blocker.block():
            yield built


@pytest.fixture
def world(_built, db):
    """The course with a mark in every protected field, its neighbours, and a person for each way to stand to it."""
    return copy.deepcopy(_built)


@pytest.fixture
def clients(client, world):
    """One client for each role of the world."""
    return {"anonymous": client} | {role: client_with(cookies) for role, cookies in world.cookies.items()}


def client_with(cookies):
    client = Client()
    client.cookies.update(cookies)
    return client


@pytest.fixture
def student(db):
    """Someone who takes courses; what they may open is up to the test."""
    return UserFactory(email="student@example.com", name="Sam Student")


@pytest.fixture
def stranger(db):
    """Someone signed in who has nothing to do with the case."""
    return UserFactory(email="stranger@example.com", name="Stella Stranger")


@pytest.fixture
def staff(db):
    return StaffFactory(email="staff@example.com", name="Stan Staff")


def client_of(user):
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def student_client(student):
    return client_of(student)


@pytest.fixture
def stranger_client(stranger):
    return client_of(stranger)


@pytest.fixture
def staff_client(staff):
    return client_of(staff)


@pytest.fixture
def run_jobs(db):
    """Call it to do what the worker would: every queued job, and those they queue; returns how many."""
    from django_q.models import OrmQ

    def run():
        count = 0
        while row := OrmQ.objects.order_by("pk").first():
            task = row.task
            row.delete()
            import_string(task["func"])(*task["args"])
            count += 1
        return count

    return run


@contextmanager
def counted_queries():
    """`with counted_queries() as queries:` leaves the SQL that was run in the list, without transaction marks."""
    queries = []
    with CaptureQueriesContext(connection) as captured:
        yield queries
    queries += [entry["sql"] for entry in captured if not entry["sql"].upper().startswith(BOOKKEEPING)]


@pytest.fixture
def max_queries(db):
    """`with max_queries(8):` fails, showing them, when the block runs more queries."""

    @contextmanager
    def limit(most):
        with counted_queries() as queries:
            yield queries
        assert len(queries) <= most, "\n".join([f"{len(queries)} queries, {most} allowed:", *queries])

    return limit
