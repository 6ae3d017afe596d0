"""The frame of every page, the error pages and the components that carry rules."""

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

PAGES = ("home", "help", "legal")


class NameForm(forms.Form):
    name = forms.CharField(label="Your name", help_text="As printed on certificates.")
    city = forms.CharField(label="City", required=False)
    news = forms.BooleanField(label="E-mail me", required=False)
    paper = forms.ChoiceField(label="Paper", choices=[("a4", "A4")], widget=forms.RadioSelect)


def drawn(field, **more):
    return render_to_string("components/field.html", {"field": field, **more})


@pytest.mark.parametrize("page", PAGES)
def test_page_for_a_visitor_carries_no_token_and_sets_no_cookie(client, db, page):
    response = client.get(reverse(page))

    assert (b"csrfmiddlewaretoken" in response.content, list(response.cookies)) == (False, [])


@pytest.mark.parametrize("page", PAGES)
def test_page_has_one_heading_a_skip_link_and_the_help_link(client, db, page):
    text = client.get(reverse(page)).content.decode()

    assert (text.count("<h1"), text.count('href="#main"'), text.count('href="/help/"')) == (1, 1, 1)


def test_header_of_a_student_names_them_and_logs_out_by_post(student_client):
    text = student_client.get(reverse("help")).content.decode()

    assert "Sam Student" in text
    assert '<form action="/logout/" method="post">' in text


@pytest.mark.parametrize(("theme", "mark"), [("dark", 'class="theme-dark"'), ("light", 'class="theme-light"')])
def test_chosen_theme_is_in_the_first_bytes(client, db, theme, mark):
    client.cookies["theme"] = theme

    assert mark in client.get(reverse("help")).content.decode()[:300]


def test_system_theme_leaves_the_choice_to_the_device(client, db):
    text = client.get(reverse("help")).content.decode()

    assert '<html lang="en">' in text


def test_500_stands_without_request_and_without_account_links(settings):
    settings.SITE_NAME = "Nordic Print School"
    text = render_to_string("500.html")

    assert "Something failed here – Nordic Print School" in text
    assert reverse("account_login") not in text


@pytest.mark.parametrize("name", ["403.html", "404.html", "429.html", "403_csrf.html", "500.html"])
def test_error_pages_are_kept_out_of_search_engines(name):
    assert '<meta name="robots" content="noindex">' in render_to_string(name)


def test_unknown_address_shows_our_404_with_a_search(db):
    response = Client().get("/no/such/page/")

    assert (response.status_code, b'id="error-search"' in response.content) == (404, True)


def test_field_ties_hint_and_error_to_its_control():
    text = drawn(NameForm({})["name"])

    assert 'aria-describedby="id_name_helptext id_name_error"' in text
    assert 'id="id_name_helptext"' in text
    assert 'id="id_name_error"' in text
    assert 'aria-invalid="true"' in text


def test_field_says_optional_unless_told_not_to():
    field = NameForm()["city"]

    assert ("(optional)" in drawn(field), "(optional)" in drawn(field, hide_optional=True)) == (True, False)


def test_checkbox_is_inside_its_label():
    assert '<label class="check-row" for="id_news">' in drawn(NameForm()["news"])


def test_radio_buttons_are_a_group_with_the_label_as_legend():
    assert "<legend>Paper</legend>" in drawn(NameForm()["paper"])


def test_error_summary_links_to_each_field():
    text = render_to_string("components/error_summary.html", {"form": NameForm({"paper": "a4"})})

    assert '<a href="#id_name">This field is required.</a>' in text


def test_error_summary_of_a_fine_form_is_empty():
    form = NameForm({"name": "Ana", "paper": "a4"})

    assert render_to_string("components/error_summary.html", {"form": form}).strip() == ""


@pytest.mark.parametrize(("kind", "role"), [("error", "alert"), ("success", "status"), ("info", "status")])
def test_message_is_spoken_by_its_weight(kind, role):
    assert f'role="{role}"' in render_to_string("components/message.html", {"kind": kind, "text": "Saved."})


def test_progress_at_the_end_has_a_check_mark():
    text = render_to_string("components/progress.html", {"done": 12, "total": 12, "percent": 100})

    assert ("#i-check" in text, "12 of 12 lessons" in text) == (True, True)
