"""What may be uploaded: a request that is too big is read to its end without being kept."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest


class Bounded(FileUploadHandler):
    """Stands before the handlers that keep files: beyond IMPORT_MAX_MB nothing is kept, neither on disk nor in memory.

    The view then finds no file; `is_too_big` says why.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand on a piece of a file; raises StopUpload if the request is too big."""
        if self.request is not None and is_too_big(self.request):
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        """Leave the file to the next handler."""
        return None


def is_too_big(request: HttpRequest) -> bool:
    """Return whether the request's body is larger than a file that may be uploaded, with some room for its form."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdigit() or int(length) > (settings.IMPORT_MAX_MB + 1) * 1_000_000
