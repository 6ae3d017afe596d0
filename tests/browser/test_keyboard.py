"""Check 4 of UX.md section 5: by keyboard every stop is visible, ringed, and covered by nothing."""

import pytest

from tests.browser.people import everybody, paid_course

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STOP = """
() => {
  const item = document.activeElement;
  if (!item || item === document.body) return null;
  const box = item.getBoundingClientRect();
  // A card's link is stretched over the card by its ::after, which then wears the ring.
  const ring = [null, '::after'].some(part => {
    const style = getComputedStyle(item, part);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  });
  const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 40), 1), innerWidth - 2);
  const y = box.top + Math.min(box.height / 2, 12);
  const top = document.elementFromPoint(x, y);
  const covered = top !== null && !item.contains(top) && !top.contains(item) && !top.closest('label');
  return {
    name: item.outerHTML.slice(0, 90),
    isRinged: ring || item.tagName === 'IFRAME' || item.matches('input, select') || item.tagName === 'VIDEO',
    isInside: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    isCovered: covered,
  };
}
"""


@pytest.fixture
def people():
    return everybody(paid_course())


@pytest.mark.parametrize("path", ["/", "/courses/camera/", "/courses/camera/lesson-8/", "/my-dashboard/"])
@pytest.mark.parametrize("height", [900, 500])
def test_each_stop_is_seen(page, site, sign_in, people, path, height):
    page.set_viewport_size({"width": 1280, "height": height})
    sign_in(people["kim"])
    assert page.goto(site + path).ok

    stops = walk(page)

    assert len(stops) > 5
    assert [stop for stop in stops if not stop["isRinged"] or not stop["isInside"] or stop["isCovered"]] == []


def walk(page, most=90):
    """Tab from the top until the page is left; a trap would never come back."""
    stops = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            return stops
        stops.append(stop)
    raise AssertionError(f"no way out after {most} stops: {stops[-3:]}")
