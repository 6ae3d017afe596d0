"""Addresses of static files, worked out once: a page asks for a dozen, and the answer changes only with a release."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Compressed files with hashed names, whose addresses stay in memory."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        """The public address of a file.

        :raises ValueError: if the manifest of collectstatic does not name it
        """
        if name not in self._addresses:
            self._addresses[name] = super().url(name, force)
        return self._addresses[name]
