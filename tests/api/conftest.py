import json

import pytest


@pytest.fixture
def send():
    """POST any value as JSON: `send(client, url, value)`; without a value an empty body."""

    def post(client, url, *value, **headers):
        body = json.dumps(value[0]) if value else ""
        return client.post(url, body, content_type="application/json", **headers)

    return post
