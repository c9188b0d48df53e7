"""How static files are named: by their content, so that a browser may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Whitenoise's hashed and compressed files; imports between ES modules point at the hashed names too."""

    support_js_module_import_aggregation = True
