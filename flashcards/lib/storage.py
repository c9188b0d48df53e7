"""How files are named and written: static ones and media alike by their content, so that browsers may keep them."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Whitenoise's hashed and compressed files; imports between ES modules point at the hashed names too."""

    support_js_module_import_aggregation = True


class ContentStorage(FileSystemStorage):
    """Files whose name says what is in them: written whole or not at all, and again in place of themselves."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return `name`: a file of that name has that content."""
        return name

    def _save(self, name: str, content: File[bytes]) -> str:
        place = Path(self.path(name))
        place.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=place.parent, prefix=".new-", delete=False) as file:
            written = Path(file.name)
            try:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
                written.chmod(0o644)
                written.replace(place)
            except BaseException:
                written.unlink(missing_ok=True)
                raise
        return name
