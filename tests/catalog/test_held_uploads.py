"""Files of a refused form: held for a day, for whoever sent them."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from catalog.held_uploads import drop, drop_old, held, hold
from catalog.tasks import drop_held_uploads


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def upload():
    return hold(ContentFile(b"words", name="abc/plan.pdf"), user_id=7)


def test_held_gives_the_file_back_under_its_name(upload):
    found = held(upload.token, user_id=7)
    with found.file as file:
        kept = (file.name, file.read(), found.leaf)

    assert kept == ("abc/plan.pdf", b"words", "plan.pdf")


@pytest.mark.parametrize("token", ["", "x", "held/abc", "\x00", "é:é:é", "W10:1:1"])
def test_held_knows_nothing_of_a_made_up_token(token):
    assert held(token, user_id=7) is None


def test_held_gives_nothing_to_another(upload):
    assert held(upload.token, user_id=8) is None


def test_held_gives_nothing_after_a_day(upload):
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=2), tick=False):
        assert held(upload.token, user_id=7) is None


def test_drop_forgets_it(upload):
    drop(upload)

    assert (held(upload.token, user_id=7), default_storage.exists(upload.stored)) == (None, False)


def test_drop_old_forgets_what_is_older_than_a_day(upload):
    now = timezone.now()

    counts = [drop_old(now=now), drop_old(now=now + timedelta(days=1, seconds=2))]

    assert (counts, default_storage.exists(upload.stored)) == ([0, 1], False)


def test_the_worker_drops_what_is_old(upload):
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        drop_held_uploads()

    assert default_storage.exists(upload.stored) is False


def test_drop_old_has_nothing_to_do_before_the_first():
    assert drop_old(now=timezone.now()) == 0
