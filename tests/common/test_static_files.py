"""Addresses of static files are worked out once."""

from common.static_files import StaticFiles


def test_address_of_a_file_is_worked_out_once(tmp_path):
    storage = StaticFiles(location=tmp_path, base_url="/static/")
    storage.hashed_files = {"site.css": "site.123.css"}
    first = storage.url("site.css")

    storage.hashed_files = {}

    assert [first, storage.url("site.css")] == ["/static/site.123.css"] * 2
