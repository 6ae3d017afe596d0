"""What several account tests do by hand: log in, reauthenticate, read the last mail."""

import re

from django.test import Client
from django.urls import reverse

from common.models import OutgoingMail
from tests.factories import PASSWORD


def log_in(client, user, password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": user.email, "password": password} | more)


def logged_in(user):
    """A browser of its own that went through the log-in page, so that its session is listed."""
    client = Client()
    log_in(client, user)
    return client


def confirm_it_is_you(client, password=PASSWORD):
    return client.post(reverse("account_reauthenticate"), {"password": password})


def link_of_last_mail():
    return re.search(r"http\S+", OutgoingMail.objects.latest("pk").body)[0]


def is_in(client):
    return client.get(reverse("account")).status_code == 200
