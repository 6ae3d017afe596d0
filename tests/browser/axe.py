"""axe on a page as it looks wide and on a phone, light and dark; in the dark only its colours differ."""

from axe_playwright_python.sync_playwright import Axe

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOURS = {"runOnly": ["color-contrast"]}
WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}
SCRIPT = Axe().axe_script
THEMES = {"light": RULES, "dark": COLOURS}


def violations(page, rules=RULES):
    """What axe finds wrong on the page as it is, in a line each."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(SCRIPT)
    found = page.evaluate("options => axe.run(options)", rules)["violations"]
    return [f"{item['id']} {node['target']} {node['failureSummary']}" for item in found for node in item["nodes"]]


def audit(page, address):
    """Open the page and look at it from all sides; its width follows the style sheets alone."""
    found = []
    for theme in THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # axe must not measure a fade
        assert page.goto(address).status < 500, address
        found += [f"{address} {line}" for line in in_both_widths(page, theme)]
    return found


def in_every_look(page):
    """The same for the page as it is now."""
    found = []
    for theme in THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found += in_both_widths(page, theme)
    return found


def in_both_widths(page, theme):
    found = []
    for name, (width, height) in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{name} {theme}: {line}" for line in violations(page, THEMES[theme])]
    return found
