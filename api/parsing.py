"""How request bodies are read: strictly, and also from the form a page sends while it is being closed."""

from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from common.strict_json import read_json, require_object


class StrictParser(Parser):
    """JSON through the one strict reader; a beacon, which cannot set headers, sends the same JSON as a form field."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
            return require_object(read_json(request.POST.get("payload", "{}").encode()))
        return require_object(read_json(request.body or b"{}"))
