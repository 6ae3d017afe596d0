"""A Cloudinary on loopback: it keeps what is uploaded, and hands out nothing without our signature."""

import base64
import hashlib
import json
import re
from urllib.parse import unquote

from werkzeug import Request, Response

KEY, SECRET, CLOUD = "123", "very-secret", "demo"


class FakeCloudinary:
    """Files by (type, name); `down` makes it answer this status to everything."""

    def __init__(self, server):
        self.files = {}
        self.down = 0
        self.per_page = 500
        self.server = server
        self.options = {"cloud_name": CLOUD, "api_key": KEY, "api_secret": SECRET, "upload_prefix": server.url_for("")}
        self.options["upload_prefix"] = self.options["upload_prefix"].rstrip("/")
        server.expect_request(f"/v1_1/{CLOUD}/raw/upload", "POST").respond_with_handler(self.upload)
        server.expect_request(f"/v1_1/{CLOUD}/raw/destroy", "POST").respond_with_handler(self.destroy)
        server.expect_request(f"/v1_1/{CLOUD}/raw/download", "GET").respond_with_handler(self.download)
        server.expect_request(_starts(f"/v1_1/{CLOUD}/resources/raw/"), "GET").respond_with_handler(self.look)

    def upload(self, request: Request) -> Response:
        if wrong := self._refused(request.form):
            return wrong
        said = request.form
        self.files[said["type"], said["public_id"]] = request.files["file"].read()
        return _json({"public_id": said["public_id"]})

    def destroy(self, request: Request) -> Response:
        if wrong := self._refused(request.form):
            return wrong
        gone = self.files.pop((request.form["type"], request.form["public_id"]), None)
        return _json({"result": "not found" if gone is None else "ok"})

    def download(self, request: Request) -> Response:
        if wrong := self._refused(request.args):
            return wrong
        assert int(request.args["expires_at"]) <= int(request.args["timestamp"]) + 60
        found = self.files.get((request.args["type"], request.args["public_id"]))
        return Response(status=404) if found is None else Response(found)

    def look(self, request: Request) -> Response:
        password = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        if self.down or request.headers.get("Authorization") != f"Basic {password}":
            return _json({"error": {"message": "no"}}, self.down or 401)
        kind, _, name = unquote(request.path.partition("/resources/raw/")[2]).partition("/")
        if not name:
            return self._page(kind, request.args["prefix"], int(request.args.get("next_cursor", 0)))
        found = self.files.get((kind, name))
        if found is None:
            return _json({"error": {"message": f"Resource not found - {name}"}}, 404)
        return _json({"public_id": name, "bytes": len(found), "created_at": "2026-03-02T09:00:00Z"})

    def _page(self, kind, prefix, start):
        names = [name for its_kind, name in sorted(self.files) if its_kind == kind and name.startswith(prefix)]
        end = start + self.per_page
        more = {"next_cursor": str(end)} if len(names) > end else {}
        return _json({"resources": [{"public_id": name} for name in names[start:end]]} | more)

    def _refused(self, said):
        signed = {name: value for name, value in said.items() if name not in {"signature", "api_key", "file"}}
        text = "&".join(f"{name}={signed[name]}" for name in sorted(signed)) + SECRET
        if not self.down and said.get("signature") == hashlib.sha1(text.encode()).hexdigest():  # noqa: S324 - theirs
            return None
        return _json({"error": {"message": "Invalid signature"}}, self.down or 401)


def _starts(path):
    return re.compile(re.escape(path))


def _json(body, status=200):
    return Response(json.dumps(body), status=status, content_type="application/json")
