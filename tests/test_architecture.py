"""Rules of the house that no other tool checks. The layers are those that import-linter reads in pyproject.toml."""

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LEVELS = [level.split(" | ") for level in PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]]
LAYERS = list(chain.from_iterable(LEVELS))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SOURCES = sorted(chain.from_iterable((ROOT / layer).rglob("*.py") for layer in LAYERS))
PYTHON = [*SOURCES, *sorted((ROOT / "tests").rglob("*.py"))]
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))

# Found by name, not by another file: Django's error pages, and allauth's pages and mails.
FOUND_BY_NAME = re.compile(r"^(\d{3}(_csrf)?\.html|account/|mfa/|usersessions/|socialaccount/|allauth/|admin/)")


def name(path):
    return str(path.relative_to(ROOT))


def longer_than(limit, paths):
    return {name(path): len(path.read_text().splitlines()) for path in paths if path.read_text().count("\n") > limit}


def test_no_foreign_key_points_upward():
    order = {layer: len(LEVELS) - position for position, level in enumerate(LEVELS) for layer in level}
    upward = [
        f"{field} -> {field.related_model._meta.app_label}"
        for model in apps.get_models()
        if model._meta.app_label in order
        for field in model._meta.get_fields(include_parents=False)
        if field.is_relation and (field.many_to_one or field.one_to_one or field.many_to_many) and field.concrete
        if order.get(field.related_model._meta.app_label, 0) > order[model._meta.app_label]
    ]

    assert upward == []


def test_every_app_has_its_place_in_the_layers():
    ours = {config.name for config in apps.get_app_configs() if Path(config.path).parent == ROOT}

    assert ours - set(LAYERS) == set()


def test_there_is_no_migration_to_write(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_template_is_used():
    texts = "\n".join(path.read_text() for path in [*SOURCES, *TEMPLATES])
    unused = [
        template
        for template in (path.relative_to(ROOT / "templates") for path in TEMPLATES)
        if f'"{template}"' not in texts and not FOUND_BY_NAME.match(str(template))
        if f'f"{template.parent}/{{' not in texts  # chosen by a name: f"catalog/states/{decision}.html"
    ]

    assert unused == []


def test_files_are_small():
    assert (longer_than(400, [*PYTHON, *SCRIPTS]), longer_than(130, TEMPLATES)) == ({}, {})


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a style attribute", r"<[^>]*\sstyle\s*="),
        ("a style element", r"<style\b"),
        ("an event handler", r"<[^>]*\son[a-z]+\s*="),
        ("an inline script", r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)"),
        ("a script address", r"javascript:"),
    ],
)
def test_templates_have_nothing_inline(what, pattern):
    offenders = [name(path) for path in TEMPLATES if re.search(pattern, path.read_text(), re.IGNORECASE)]

    assert offenders == [], what


def test_components_say_what_they_expect():
    components = (ROOT / "templates" / "components").rglob("*.html")

    assert [name(path) for path in components if not path.read_text().startswith(("{#", "{% comment"))] == []


def test_every_exemption_has_its_reason():
    exempt = re.compile(
        r"(# noqa(?!: \w+[\w, ]* - \w)|# type: ignore(?!\[[\w, -]+\]( # | - )\w)|# pragma: no cover(?! - \w))"
    )
    silent = [
        f"{name(path)}:{number}: {line.strip()}"
        for path in SOURCES
        if "migrations" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if exempt.search(line)
    ]

    assert silent == []


def test_no_module_is_called_utils():
    assert [name(path) for path in SOURCES if path.stem in {"utils", "helpers", "misc"}] == []


def test_everyone_imports_the_clock_at_the_edge():
    """Services and selectors are told the time; only what stands at the edge of the process reads it."""
    inner = [path for path in SOURCES if path.stem in {"services", "selectors", "decisions", "models"}]
    reads = re.compile(r"timezone\.now\(\)|datetime\.now\(|date\.today\(")

    assert [name(path) for path in inner if reads.search(path.read_text())] == []
