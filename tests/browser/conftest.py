"""Chromium on the live server: pages for visitors and for people already signed in."""

import os

import pytest
from django.conf import settings
from django.test import Client

# Playwright's loop makes Django believe that the test's own queries run in it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    args = [*FLAGS, "--disable-sync", "--autoplay-policy=no-user-gesture-required"]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": args}


@pytest.fixture
def site(live_server):
    """The address of the running site."""
    return live_server.url


@pytest.fixture
def sign_in(context, site):
    """`sign_in(user)` gives the browser that user's session; `into` names another window than the test's own."""

    def give(user, into=context):
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "domain": "localhost", "path": "/"}
        into.add_cookies([{**cookie, "secure": True, "httpOnly": True}])

    return give
