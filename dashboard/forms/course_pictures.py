"""The pictures of a course in its settings: seen, changed, removed, and not lost when another field is refused."""

from contextlib import suppress
from typing import Any

from django import forms
from django.core.files.base import ContentFile

from catalog.held_uploads import HeldUpload, drop, held, hold
from catalog.uploads import PictureField
from common.storages import StorageAway

PICTURES = ("thumbnail", "cover", "logo")
KINDS = "image/png,image/jpeg,image/gif,image/webp"
BOTH = "Choose a picture, or remove the one that is there: not both."


class PictureInput(forms.ClearableFileInput):
    """Only the file; the picture that is there and the box that removes it stand beside it on the page."""

    template_name = "django/forms/widgets/file.html"


def picture(label: str, help_text: str) -> PictureField:
    return PictureField(
        label=label,
        required=False,
        help_text=help_text,
        widget=PictureInput({"accept": KINDS}),
        error_messages={"contradiction": BOTH},
    )


def held_field() -> forms.CharField:
    return forms.CharField(required=False, widget=forms.HiddenInput)


class PicturesForm(forms.Form):
    """The pictures, and a token for each that is held because the form was refused before."""

    thumbnail = picture("Thumbnail", "On cards, 16:9. Without one the cover is shown")
    thumbnail_held = held_field()
    cover = picture("Cover", "On the page of the course and in shared links, 16:9")
    cover_held = held_field()
    logo = picture("Logo", "Small, beside the title")
    logo_held = held_field()

    def __init__(self, *args: Any, user_id: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user_id = user_id
        self.uploads: dict[str, HeldUpload] = {}

    def clean(self) -> None:
        super().clean()
        for name in PICTURES:
            upload = held(self.cleaned_data.pop(f"{name}_held", ""), user_id=self.user_id)
            if upload is not None:
                self.uploads[name] = upload
                self._take(name, upload)

    def _take(self, name: str, upload: HeldUpload) -> None:
        """A picture sent now, or the wish to have none, wins over the one that was held."""
        is_sent = self.files.get(self.add_prefix(name)) is not None
        if not is_sent and self.cleaned_data.get(name) is not False:
            with upload.file as content:
                self.cleaned_data[name] = ContentFile(content.read(), name=upload.name)

    def hold_pictures(self) -> dict[str, HeldUpload]:
        """Keep the pictures that were good; returns what is held, by field."""
        for name in PICTURES:
            sent, good = self.files.get(self.add_prefix(name)), self.cleaned_data.get(name)
            if sent is not None and good:
                with suppress(StorageAway):  # then there is no place to hold it either
                    self.uploads[name] = hold(good, user_id=self.user_id)
        return self.uploads

    def drop_held(self) -> None:
        """Forget them: they are saved now."""
        for upload in self.uploads.values():
            drop(upload)
