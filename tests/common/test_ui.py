"""What templates draw: icons, initials, covers, lengths and dates."""

import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone

from common.templatetags import ui

SPRITE = Path(__file__).parents[2] / "static/img/icons.svg"
NOON = dt.datetime(2026, 6, 4, 12, 0, tzinfo=dt.UTC)


def test_icon_without_label_is_hidden_from_screen_readers():
    drawn = ui.icon("check")

    assert drawn == '<svg class="icon" aria-hidden="true"><use href="/static/img/icons.svg#i-check"></use></svg>'


def test_icon_with_label_is_an_image_with_that_name():
    drawn = ui.icon("lock", label="Locked <now>", size="small")

    assert drawn.startswith('<svg class="icon icon-small" role="img" aria-label="Locked &lt;now&gt;">')


def test_every_icon_used_in_templates_is_in_the_sprite():
    templates = Path(__file__).parents[2] / "templates"
    pages = " ".join(page.read_text() for page in templates.rglob("*.html"))
    used = {piece.split('"')[1] for piece in pages.split("{% icon ")[1:] if piece.startswith('"')}
    sprite = SPRITE.read_text()

    assert {name for name in used if f'id="i-{name}"' not in sprite} == set()


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ana Márquez", "AM"), ("ana", "A"), ("Ana de la Cruz", "AC"), ("anna.berg", "AB"), ("", "?"), ("--", "?")],
)
def test_initials_are_the_first_and_last_words(name, letters):
    assert ui.initials(name) == letters


def test_cover_class_is_the_same_for_the_same_slug():
    assert ui.cover_class("reading-data") == ui.cover_class("reading-data") == "cover-4"


def test_cover_class_uses_all_colours():
    assert {ui.cover_class(f"course-{number}") for number in range(100)} == {f"cover-{n}" for n in range(ui.COVERS)}


def test_clock_and_duration_take_nothing_as_zero():
    assert (ui.clock(252), ui.clock(None), ui.duration(12000), ui.duration(None)) == ("4:12", "0:00", "3 h 20", "")


def test_moment_names_weekday_time_and_place():
    with timezone.override("America/New_York"):
        shown = ui.moment(NOON)

    assert shown == '<time datetime="2026-06-04T08:00-04:00">Thu 4 June 2026, 08:00 (New York)</time>'


def test_day_of_a_moment_is_the_viewers_day():
    with timezone.override("Pacific/Auckland"):
        shown = ui.day(NOON)

    assert shown == '<time datetime="2026-06-05">5 June 2026</time>'


def test_day_of_a_date_is_that_date():
    assert ui.day(dt.date(2026, 1, 9)) == '<time datetime="2026-01-09">9 January 2026</time>'


def test_default_site_name_is_the_setting(settings):
    settings.SITE_NAME = "Nordic Print School"

    assert ui.default_site_name() == "Nordic Print School"
