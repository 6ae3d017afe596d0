"""The editor of a lesson as a browser without scripts sends it."""

from html.parser import HTMLParser


class Fields(HTMLParser):
    """Collects what the form `lesson-form` would send; files are left out, as a browser leaves them empty."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self.is_inside, self.area, self.select, self.is_copy = {}, False, None, None, 0

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "form":
            self.is_inside = values.get("id") == "lesson-form"
        self.is_copy += tag == "template"
        if not self.is_inside or self.is_copy:
            return
        if tag == "input" and "name" in values:
            self._input(values)
        elif tag == "textarea":
            self.area, self.found[values["name"]] = values["name"], ""
        elif tag == "select":
            self.select = values["name"]
        elif tag == "option" and (self.select not in self.found or "selected" in values):
            self.found[self.select] = values.get("value", "")

    def _input(self, values):
        kind = values.get("type", "text")
        if kind in {"checkbox", "radio"} and "checked" not in values:
            return
        if kind != "file":
            self.found[values["name"]] = values.get("value", "on" if kind == "checkbox" else "")

    def handle_data(self, data):
        if self.area:
            self.found[self.area] += data

    def handle_endtag(self, tag):
        self.area = None if tag == "textarea" else self.area
        self.is_inside = self.is_inside and tag != "form"
        self.is_copy -= tag == "template"


def fields_in(page):
    """What the form of a page sends. A browser drops the first line end of a text area, and sends others as CRLF."""
    parser = Fields()
    parser.feed(page.content.decode())
    return {name: value.removeprefix("\n").replace("\n", "\r\n") for name, value in parser.found.items()}


class Editor:
    """A browser at the editor."""

    def __init__(self, client, url):
        self.client, self.url = client, url

    def open(self):
        return self.client.get(self.url)

    def fields(self):
        return fields_in(self.open())

    def send(self, page=None, **changes):
        """Send the form of a page; a change of None leaves a field out, as an unticked box."""
        data = (fields_in(page) if page else self.fields()) | changes
        return self.client.post(self.url, {name: value for name, value in data.items() if value is not None})


def errors(response):
    """What stands at the fields of the form."""
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def row_errors(response):
    return [dict(found) for found in response.context["materials"].errors if found]
