"""Makes a workbook's bytes depend on its content alone: spreadsheet libraries write the time into a file twice over."""

from __future__ import annotations

import io
import re
import zipfile

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name
_CORE = "docProps/core.xml"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_CREATED = re.compile(rb"<dcterms:created[^>]*>([^<]*)</dcterms:created>")


def settled(data: bytes) -> bytes:
    """Return the workbook as if it had been written when it says that it was created."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as written, zipfile.ZipFile(out, "w") as settled:
        for name in written.namelist():
            content = written.read(name)
            if name == _CORE and (created := _CREATED.search(content)):
                content = _MODIFIED.sub(rb"\g<1>" + created[1] + rb"\g<2>", content)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system, entry.external_attr, entry.compress_type = 3, 0o600 << 16, zipfile.ZIP_DEFLATED
            settled.writestr(entry, content, compresslevel=9)
    return out.getvalue()
