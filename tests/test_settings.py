"""What production starts with, refuses to start with, and says in the headers of every answer."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.urls import reverse
from environ import Env

from common.storages import default_storage
from tests.factories import PASSWORD

ROOT = Path(__file__).resolve().parents[1]
KEY = "production-0123456789-0123456789-0123456789-0123456789"
PRODUCTION = {
    "DEBUG": "False",
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "courses.example.com",
    "SECURE_SSL_REDIRECT": "True",
}


def start(*command, **environment):
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    settings = {"DJANGO_SETTINGS_MODULE": "courses_project.settings"}
    command = command or ("-c", "import courses_project.settings")
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=ours | settings | PRODUCTION | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"SECRET_KEY": "local-only-key-that-the-start-refuses-as-soon-as-debug-is-off"}, "Set SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "Set SECRET_KEY"),
        ({"SECRET_KEY": ""}, "Set SECRET_KEY"),
        ({"DEBUG": "True"}, "names a public host"),
        ({"ALLOWED_HOSTS": "*"}, "'*' is refused"),
        ({"ALLOWED_HOSTS": "*", "DEBUG": "True"}, "'*' is refused"),
        ({"ALLOWED_HOSTS": "courses.example.com,*"}, "'*' is refused"),
    ],
)
def test_start_is_refused(environment, reason):
    started = start(**environment)

    assert started.returncode == 1
    assert reason in started.stderr


def test_production_starts():
    assert start().returncode == 0


def test_local_work_starts_without_a_key():
    assert start(DEBUG="True", ALLOWED_HOSTS="localhost,127.0.0.1", SECRET_KEY=KEY).returncode == 0


EVERYTHING = {
    "BEHIND_PROXY": "True",
    "EMAIL_URL": "smtp+tls://sam:secret@mail.example.com:587",
    "MAIL_TRANSPORT": "django.core.mail.backends.smtp.EmailBackend",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "SENTRY_DSN": "http://key@127.0.0.1:9/1",
    "DATABASE_URL": "postgresql://courses@127.0.0.1:9/courses",
}
SHOW = """
from courses_project import settings
print(settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS, settings.EMAIL_BACKEND)
print(settings.CACHES["default"]["BACKEND"], settings.SECURE_PROXY_SSL_HEADER, settings.DATABASES["default"]["HOST"])
"""


def test_production_with_everything_starts():
    started = start("-c", SHOW, **EVERYTHING)

    assert started.stdout.splitlines() == [
        "mail.example.com 587 True common.mail.QueuedBackend",
        "django.core.cache.backends.redis.RedisCache ('HTTP_X_FORWARDED_PROTO', 'https') 127.0.0.1",
    ]


def test_check_deploy_has_no_warning():
    checked = start("manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert checked.stderr == "", checked.stderr
    assert checked.returncode == 0


def test_example_environment_names_only_what_the_settings_read():
    source = "".join((ROOT / path).read_text() for path in ("courses_project/settings.py", "common/storages.py"))
    lines = (ROOT / ".env.example").read_text().splitlines()
    names = [line.lstrip("#").partition("=")[0] for line in lines if "=" in line and " " not in line.partition("=")[0]]

    assert [name for name in names if not re.search(rf"['\"]{name}['\"]", source)] == []


def test_example_environment_names_everything_the_settings_read():
    source = (ROOT / "courses_project" / "settings.py").read_text()
    example = (ROOT / ".env.example").read_text()

    assert [name for name in re.findall(r"env\.\w+\(\s*['\"](\w+)['\"]", source) if f"{name}=" not in example] == []


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite")
def test_sqlite_keeps_what_it_acknowledged():
    pragmas = ["journal_mode", "synchronous", "foreign_keys"]
    with connection.cursor() as cursor:
        values = [cursor.execute(f"PRAGMA {pragma}").fetchone()[0] for pragma in pragmas]

    assert values == ["wal", 2, 1]
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL")
def test_postgresql_waits_for_nothing_for_ever():
    names = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "transaction_isolation", "jit"]
    with connection.cursor() as cursor:
        values = [cursor.execute(f"SHOW {name}").fetchone()[0] for name in names]

    assert values == ["15s", "3s", "30s", "read committed", "off"]


def test_no_request_is_one_transaction(settings):
    assert settings.DATABASES["default"].get("ATOMIC_REQUESTS", False) is False


@pytest.mark.parametrize("path", ["/.env", "/.git/config", "/static/../.env", "/static/%2e%2e/.env", "/db.sqlite3"])
def test_files_of_the_installation_are_not_served(client, db, path):
    assert client.get(path).status_code == 404


ALWAYS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def missing(response, wanted):
    return {name: response.get(name) for name, value in wanted.items() if response.get(name) != value}


def broken_page(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("common.views.connection", None)
    return client.get("/healthz", secure=True)


def refused_form(client, monkeypatch):
    return Client(enforce_csrf_checks=True).post(reverse("account_login"), secure=True)


ANSWERS = [
    (200, lambda client, _: client.get("/", secure=True)),
    (302, lambda client, _: client.get(reverse("my_dashboard"), secure=True)),
    (403, refused_form),
    (404, lambda client, _: client.get("/nowhere/", secure=True)),
    (405, lambda client, _: client.get(reverse("theme"), secure=True)),
    (500, broken_page),
]


@pytest.mark.parametrize(("status", "ask"), ANSWERS, ids=[str(status) for status, _ in ANSWERS])
def test_every_answer_carries_the_headers(client, db, monkeypatch, status, ask):
    response = ask(client, monkeypatch)

    policy = response["Content-Security-Policy"]
    assert (response.status_code, missing(response, ALWAYS | {"X-Frame-Options": "DENY"})) == (status, {})
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "camera=()" in response["Permissions-Policy"]


def test_static_files_carry_the_headers(settings, tmp_path, db):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "site.css").write_text("body{}")

    response = Client().get("/static/site.css", secure=True)
    response.close()

    assert (response.status_code, missing(response, ALWAYS)) == (200, {})


def test_http_is_sent_to_https_but_for_the_health_check(settings, db):
    settings.SECURE_SSL_REDIRECT = True
    client = Client()

    assert [client.get(path).status_code for path in ("/", "/healthz")] == [301, 200]


def test_cookies_are_bound_to_the_host(client, student):
    client.get(reverse("account_login"), secure=True)
    client.post(reverse("account_login"), {"login": student.email, "password": PASSWORD}, secure=True)

    cookies = {
        name: (bool(cookie["secure"]), bool(cookie["httponly"]), cookie["path"], cookie["samesite"], cookie["domain"])
        for name, cookie in client.cookies.items()
    }
    assert cookies == dict.fromkeys(["__Host-sid", "__Host-csrf"], (True, True, "/", "Lax", ""))


def test_the_server_finds_the_application():
    from courses_project.wsgi import application

    assert callable(application)


def test_statements_are_prepared_unless_a_pooler_forbids_it():
    show = "import courses_project.settings as s; print('prepare_threshold' in s.POSTGRESQL_OPTIONS)"

    answers = [start("-c", show, **PRODUCTION, PREPARED_STATEMENTS=wanted).stdout for wanted in ("True", "False")]

    assert [answer.strip() for answer in answers] == ["True", "False"]


CLOUD = {"CLOUDINARY_CLOUD_NAME": "demo", "CLOUDINARY_API_KEY": "1", "CLOUDINARY_API_SECRET": "x/y"}
ONLY_CLOUD = {"BACKEND": "common.cloud_storage.CloudStorage"}
OPTIONS = {"cloud_name": "demo", "api_key": "1", "api_secret": "x/y", "upload_prefix": ""}


def stored_by(monkeypatch, environment):
    for name in (*CLOUD, "CLOUDINARY_URL", "CLOUDINARY_UPLOAD_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return default_storage(Env())


@pytest.mark.parametrize("environment", [CLOUD, {"CLOUDINARY_URL": "cloudinary://1:x%2Fy@demo"}])
def test_files_are_at_cloudinary_when_its_keys_are_set(monkeypatch, environment):
    assert stored_by(monkeypatch, environment) == ONLY_CLOUD | {"OPTIONS": OPTIONS}


def test_uploads_may_go_to_another_server(monkeypatch):
    prefix = {"CLOUDINARY_UPLOAD_PREFIX": "http://127.0.0.1:9"}

    assert stored_by(monkeypatch, CLOUD | prefix)["OPTIONS"]["upload_prefix"] == "http://127.0.0.1:9"


@pytest.mark.parametrize("environment", [{}, dict.fromkeys(CLOUD, "")])
def test_files_are_on_the_disk_otherwise(monkeypatch, environment):
    assert stored_by(monkeypatch, environment)["BACKEND"] == "django.core.files.storage.FileSystemStorage"


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        *[({key: "x"}, "set by half") for key in CLOUD],
        ({"CLOUDINARY_URL": "cloudinary://demo"}, "set by half"),
        ({"CLOUDINARY_URL": "cloudinary://key@demo"}, "set by half"),
        ({"CLOUDINARY_URL": "https://key:secret@demo"}, "must begin with cloudinary://"),
    ],
)
def test_keys_of_cloudinary_set_by_half_refuse_the_start(monkeypatch, environment, reason):
    with pytest.raises(ImproperlyConfigured, match=reason):
        stored_by(monkeypatch, environment)
