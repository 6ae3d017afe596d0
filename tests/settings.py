"""The settings of the tests: production's, with secrets of their own, and what must differ for speed.

DATABASE_URL in the environment chooses the database, e.g. postgresql://postgres@127.0.0.1:5433/courses.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

FILES = Path(tempfile.mkdtemp(prefix="courses-tests-"))
atexit.register(shutil.rmtree, FILES, ignore_errors=True)

os.environ.update(
    DEBUG="False",
    SECRET_KEY="tests-only-0123456789-0123456789-0123456789-0123456789",
    ALLOWED_HOSTS="localhost,127.0.0.1,testserver",
    SECURE_SSL_REDIRECT="False",  # the test client and live_server speak http
    SITE_URL="http://testserver",
    MAIL_TRANSPORT="django.core.mail.backends.locmem.EmailBackend",
    MEDIA_ROOT=str(FILES / "media"),
    LOG_LEVEL="WARNING",
    TIME_ZONE="Europe/Paris",
    EMAIL_URL="",
    REDIS_URL="",
    SENTRY_DSN="",
)
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FILES / 'site.sqlite3'}")

from courses_project.settings import *  # noqa: E402, F403 - the environment above must come first
from courses_project.settings import CACHES, DATABASES, IS_SQLITE, STORAGES  # noqa: E402 - changed below

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
for name, cache in CACHES.items():
    cache.clear()
    cache.update(BACKEND="django.core.cache.backends.locmem.LocMemCache", LOCATION=name)
STATIC_ROOT = FILES / "static"
STATIC_ROOT.mkdir()  # WhiteNoise warns when it is missing
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
if IS_SQLITE:  # a file, not memory: threads and subprocesses get connections of their own
    DATABASES["default"]["TEST"] = {"NAME": str(FILES / "test.sqlite3")}
elif "TEST_TEMPLATE" in os.environ:  # scripts/with_postgres.sh has one that is migrated
    DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ["TEST_TEMPLATE"]}
