"""Files that are written whole or not at all."""

import os
import tempfile
from pathlib import Path


def save(path, data):
    """Write bytes to a path, all or nothing, creating its folder.

    The bytes go to a temporary file beside it, which then takes its name.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(Path(folder, "new", "a.txt"), b"whole")
    ...     Path(folder, "new", "a.txt").read_bytes()
    b'whole'
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
