"""Files that are found, verified, and never left half written.

Three places are searched, in this order: the folder named by the
environment variable LMBOOK_DATA, the cache folder (LMBOOK_CACHE, or the
user's cache folder for "lmbook"), and the file's address, if it has one.
"""

import hashlib
import os
import warnings
from pathlib import Path

with warnings.catch_warnings():         # of tqdm, in a notebook
    warnings.simplefilter("ignore")
    import pooch


def digest(data):
    """Return the SHA-256 of some bytes, in hexadecimal.

    >>> digest(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(data).hexdigest()


def checksum(data, expected):
    """Return the checksum of some bytes, of the kind that is expected.

    expected: a SHA-256 in hexadecimal, or "md5:" and an MD5, for a file
    whose makers publish nothing else; MD5 finds damage, not malice.

    >>> checksum(b"", "md5:?")[:8]
    'md5:d41d'
    """
    if expected.startswith("md5:"):
        md5 = hashlib.md5(data, usedforsecurity=False)
        return f"md5:{md5.hexdigest()}"
    return digest(data)


def cache_folder():
    """Return the cache folder: LMBOOK_CACHE, or the user's own."""
    named = os.environ.get("LMBOOK_CACHE")
    return Path(named) if named else Path(pooch.os_cache("lmbook"))


def find(name):
    """Return the path of a file in LMBOOK_DATA or the cache, or None.

    name is a relative POSIX path, such as "wikitext-2/valid.txt".
    """
    data = os.environ.get("LMBOOK_DATA")
    for folder in ([Path(data)] if data else []) + [cache_folder()]:
        if (folder / name).is_file():
            return folder / name
    return None


def decode(data, path):
    """Return UTF-8 bytes as text, with line ends as "\\n".

    `ValueError` names the file at path and the offset of the first byte
    that is not UTF-8.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{path}: byte {data[error.start]:#04x} at offset {error.start} "
            "is not UTF-8; expected a UTF-8 text file") from error
    return text.replace("\r\n", "\n")


def verified(path, sha256):
    """Return the bytes of a file; `ValueError` if their checksum differs.

    sha256: hexadecimal, or another kind of `checksum`.
    """
    data = Path(path).read_bytes()
    found = checksum(data, sha256)
    kind = "checksum" if ":" in found else "SHA-256"
    if found != sha256:
        raise ValueError(
            f"{path}: {kind} is {found}, expected {sha256}; the file "
            "is damaged or another edition: delete or replace it")
    return data


def download(name, url, sha256):
    """Download a file into the cache and return its path.

    The bytes go to a temporary file, which takes its name only once its
    checksum is right; an interrupted download leaves nothing and starts
    again. `ConnectionError` if the address does not answer, `ValueError`
    if the bytes are not the expected ones.
    """
    folder = cache_folder()
    known = sha256 if ":" in sha256 else f"sha256:{sha256}"
    try:
        return Path(pooch.retrieve(url, known, fname=name, path=folder))
    except OSError as error:    # requests' own errors are OSErrors too
        raise ConnectionError(
            f"could not download {name} from {url} ({error}); fetch it by "
            f"hand and put it at {folder / name}") from error


def obtain(name, sha256, page, url=None):
    """Return the verified bytes and the path of a named file.

    name: relative POSIX path; page: where the public may get it; url: its
    address, or None if it is not downloaded. `FileNotFoundError` names
    the file, the page and the folder when it is nowhere.
    """
    path = find(name)
    damaged = path is None or checksum(path.read_bytes(), sha256) != sha256
    if url is not None and damaged:
        path = download(name, url, sha256)
    if path is None:
        raise FileNotFoundError(
            f"{name} was not found, and lmbook does not download it. Get it "
            f"from {page} and put it at {cache_folder() / name}, or under a "
            "folder named by the environment variable LMBOOK_DATA.")
    return verified(path, sha256), path
