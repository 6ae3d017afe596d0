import pytest
from django.core.files.storage import default_storage


@pytest.fixture
def write(tmp_path):
    """Write files below a new folder and return it: `write({"course.md": "…"})`."""
    root = tmp_path / "course"
    root.mkdir()

    def write_files(files):
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return root

    return write_files


@pytest.fixture
def _media(settings, tmp_path):
    """Stored files of this test only."""
    settings.MEDIA_ROOT = tmp_path / "media"
    assert not default_storage.exists("courses")
