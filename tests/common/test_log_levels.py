"""What is logged how loudly."""

from django.test import override_settings


@override_settings(ALLOWED_HOSTS=["courses.example.com"])
def test_a_wrong_host_is_refused_with_a_warning_and_no_traceback(client, caplog):
    response = client.get("/help/", headers={"host": "evil.example"})

    told = [(record.levelname, record.exc_info) for record in caplog.records if "HTTP_HOST" in record.getMessage()]
    assert (response.status_code, told) == (400, [("WARNING", None)])
