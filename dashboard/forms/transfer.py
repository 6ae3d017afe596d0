"""A course that comes as a file."""

from django import forms

from catalog.folders.zips import MAX_ZIP_BYTES

TOO_LARGE = f"Choose a zip of at most {MAX_ZIP_BYTES // 1024**2} MB."


class UploadCourseForm(forms.Form):
    """A zip of a course folder, or of a repository of Markdown lessons, which does not say everything itself."""

    file = forms.FileField(
        label="Zip file",
        max_length=200,
        widget=forms.FileInput({"accept": ".zip,application/zip"}),
        help_text=f"A course exported here, or a repository of Markdown lessons; at most {MAX_ZIP_BYTES // 1024**2} MB",
        error_messages={
            "required": "Choose a zip file.",
            "empty": "This file is empty. Choose another.",
            "max_length": "The file's name is too long. Shorten it and choose it again.",
        },
    )
    slug = forms.SlugField(
        label="Address of a new course",
        required=False,
        max_length=120,
        help_text="Only for a repository: small letters, numbers and hyphens. Empty: the name of its folder",
        error_messages={"invalid": "Use small letters, numbers and hyphens, like first-steps."},
    )
    base_url = forms.URLField(
        label="Where links to other files lead",
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text="Only for a repository, like https://github.com/you/bread/blob/main",
    )
    is_draft = forms.BooleanField(label="A new course from a repository stays a draft", required=False, initial=True)

    def clean_file(self) -> object:
        upload = self.cleaned_data["file"]
        if upload.size > MAX_ZIP_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return upload

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        return slug.lower()
