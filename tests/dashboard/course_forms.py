"""How the tests fill in the settings of a course as a browser would."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

NOT_TYPED = {"version", "thumbnail", "cover", "logo", "thumbnail_held", "cover_held", "logo_held"}


def written(client, slug, /, **changed):
    """What the browser would send of the settings as they are opened, but for what is changed; None is not sent."""
    form = client.get(f"/dashboard/courses/{slug}/").context["form"]
    sent = {"version": client.get(f"/dashboard/courses/{slug}/").context["version"]}
    for field in form:
        value = field.value()
        if field.name in NOT_TYPED or value is None or value is False:
            continue
        if value is True:
            sent[field.name] = "on"
        elif isinstance(value, list):
            sent[field.name] = value
        else:
            shown = field.field.widget.format_value(field.field.prepare_value(value))
            sent[field.name] = shown[0] if isinstance(shown, list) else shown
    return {name: value for name, value in (sent | changed).items() if value is not None}


def save(client, slug, /, **changed):
    """Open the settings, change something, press Save."""
    return client.post(f"/dashboard/courses/{slug}/", written(client, slug, **changed))


def errors(response):
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def picture(name="mine.png"):
    sink = BytesIO()
    Image.new("RGB", (4, 4), "red").save(sink, "PNG")
    return SimpleUploadedFile(name, sink.getvalue(), "image/png")
