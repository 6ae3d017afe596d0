"""Parts of a page that are drawn once for every set of values."""

from django.template import Context, Template

from common.templatetags import remember


def _draw(page, **values):
    return page.render(Context(values))


def test_part_is_drawn_once_for_the_same_values():
    page = Template("{% remember key %}{{ text }}{% endremember %}")

    drawn = [_draw(page, key=(1, "a"), text="first"), _draw(page, key=(1, "a"), text="second")]

    assert drawn == ["first", "first"]


def test_part_is_drawn_again_for_other_values():
    page = Template("{% remember key other %}{{ text }}{% endremember %}")

    drawn = [_draw(page, key=1, other=1, text="first"), _draw(page, key=1, other=2, text="second")]

    assert drawn == ["first", "second"]


def test_two_places_do_not_share_a_memory():
    page = Template("{% remember key %}a{% endremember %}{% remember key %}b{% endremember %}")

    assert _draw(page, key=1) == "ab"


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(remember, "MOST", 1)
    page = Template("{% remember key %}{{ text }}{% endremember %}")
    for key in (1, 2):
        _draw(page, key=key, text="before")

    assert _draw(page, key=1, text="after") == "after"
