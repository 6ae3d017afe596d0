"""axe on a page as it looks wide and on a phone, light and dark; in the dark only its colours differ."""

from axe_playwright_python.sync_playwright import Axe

# Only what is wrong is described node by node: the rest is many times more.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
COLOURS = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
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
    for name, size in WIDTHS.items():
        resize(page, size)
        found += [f"{name} {theme}: {line}" for line in violations(page, THEMES[theme])]
    return found


def resize(page, size):
    """Give the window another size, and the page the two frames after which everything stands where it belongs."""
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
