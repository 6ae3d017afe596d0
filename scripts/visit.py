"""Visit a site that `make run` started: the public pages answer, and the demo student it announced can log in."""

import http.cookiejar
import re
import sys
import urllib.parse
import urllib.request
from pathlib import Path

PASSWORD = re.compile(r"with the password (\S+)")
STUDENT = re.compile(r"^ *((?!admin)\S+@example\.com)", re.MULTILINE)


def main(site: str, log: str) -> None:
    cookies = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    for path in ("/", "/courses/", "/healthz", "/login/"):
        with browser.open(site + path) as answer:
            print(answer.status, path)
            page = answer.read().decode()

    announced = Path(log).read_text()
    student, password = STUDENT.search(announced), PASSWORD.search(announced)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    if not student or not password or not token:
        sys.exit("No demo account was printed, or the log-in page has no form.")
    email = student.group(1)
    form = urllib.parse.urlencode(
        {"login": email, "password": password.group(1), "csrfmiddlewaretoken": token.group(1)}
    )
    with browser.open(site + "/login/", form.encode()) as answer:
        print(answer.status, answer.url.removeprefix(site), f"as {email}")
    with browser.open(site + "/my-dashboard/") as answer:
        if "/login/" in answer.url:
            sys.exit(f"{email} could not log in.")


if __name__ == "__main__":
    main(*sys.argv[1:])
