"""Databases of our own beside the one that is named: bench -> bench_s, bench_m, bench_l, bench_floor."""

import os
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
SECRET_KEY = "benchmarks-only-0123456789-0123456789-0123456789-0123456789"  # noqa: S105 - signs invented sessions
HOST = "localhost"


def engine_of(url: str) -> str:
    return "SQLite" if url.startswith("sqlite") else "PostgreSQL"


def url_for(base: str, suffix: str) -> str:
    """Name the database of one size: the base's name and a suffix."""
    folder, _, name = base.rpartition("/")
    stem, dot, ending = name.partition(".")
    return f"{folder}/{stem}_{suffix.lower()}{dot}{ending}"


def environment_for(url: str, settings: str) -> dict[str, str]:
    """Production's settings; the requests say https themselves."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": settings,
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET_KEY,
        "DEBUG": "False",
        "ALLOWED_HOSTS": HOST,
        "SITE_URL": f"https://{HOST}",
        "EMAIL_URL": "",
        "REDIS_URL": "",
        "SENTRY_DSN": "",
        "STATEMENT_TIMEOUT_MS": "0",  # filling a large size takes minutes
        "PYTHONHASHSEED": "0",
    }


def make_empty(url: str) -> None:
    """Drop and create the database. Only names this module made up are ever dropped."""
    parts = urlsplit(url)
    name = Path(parts.path).stem
    if name.rpartition("_")[2] not in {"s", "m", "l", "floor"}:
        raise ValueError(f"{name} is not a benchmark database.")
    if engine_of(url) == "SQLite":
        for ending in ("", "-wal", "-shm"):
            Path(parts.path[1:] + ending).unlink(missing_ok=True)
        return
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
