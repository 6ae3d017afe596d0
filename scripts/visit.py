"""Visit a site that `make run` started: the public pages answer, and the demo student it announced can log in."""

import http.cookiejar
import re
import sys
import urllib.parse
import urllib.request
from pathlib import Path

STUDENT = re.compile(r"(\S+@example\.com)\s*(?:/|,|with|:)?\s*(?:password\s*)?[\"'`]?([^\"'`\n]+?)[\"'`.]?\s*$", re.MULTILINE)


def main(site: str, log: str) -> None:
    cookies = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    for path in ("/", "/courses/", "/healthz", "/login/"):
        with browser.open(site + path) as answer:
            print(answer.status, path)
            page = answer.read().decode()

    account = STUDENT.search(Path(log).read_text())
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    if not account or not token:
        sys.exit("No demo account was printed, or the log-in page has no form.")
    email, password = account.groups()
    form = urllib.parse.urlencode({"login": email, "password": password, "csrfmiddlewaretoken": token.group(1)})
    with browser.open(site + "/login/", form.encode()) as answer:
        print(answer.status, answer.url.removeprefix(site), f"as {email}")
    with browser.open(site + "/my-dashboard/") as answer:
        if "/login/" in answer.url:
            sys.exit(f"{email} could not log in.")


if __name__ == "__main__":
    main(*sys.argv[1:])
