"""Files: found, verified, downloaded whole or not at all."""

import hashlib
import http.server
import os
import threading

import pooch.core
import pytest

from lmbook import files
from lmbook.data import fetch

@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """An empty cache folder and no data folder."""
    monkeypatch.setenv("LMBOOK_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("LMBOOK_DATA", raising=False)
    return tmp_path / "cache"


BODY = bytes(range(256)) * 400
SHA256 = hashlib.sha256(BODY).hexdigest()


class Files(http.server.BaseHTTPRequestHandler):
    """Serves /good whole, /cut short, and nothing else."""

    def do_GET(self):
        if self.path not in ("/good", "/cut"):
            return self.send_error(404)
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY if self.path == "/good" else BODY[:70000])

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Files) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()


def stored(folder):
    """The names of all files under a folder."""
    return [path.name for path in folder.rglob("*") if path.is_file()]


def test_a_good_file_is_downloaded_once(server, own_cache):
    data, path = fetch.obtain("a/f", SHA256, "page", f"{server}/good")
    assert data == BODY and path == own_cache / "a/f"
    offline = "http://127.0.0.1:9/good"
    assert fetch.obtain("a/f", SHA256, "page", offline)[0] == BODY
    assert stored(own_cache) == ["f"]


def test_a_damaged_file_is_downloaded_again(server, own_cache):
    files.save(own_cache / "f", BODY[:-1])
    assert fetch.obtain("f", SHA256, "page", f"{server}/good")[0] == BODY


def test_a_wrong_checksum_leaves_nothing(server, own_cache):
    with pytest.raises(ValueError, match="(?s)f.*" + SHA256):
        fetch.obtain("f", "0" * 64, "page", f"{server}/good")
    assert stored(own_cache) == []


@pytest.mark.parametrize("address", ["/cut", "/absent"])
def test_a_cut_or_absent_file_leaves_nothing(server, own_cache, address):
    with pytest.raises(ConnectionError, match=f"f from {server}{address}"):
        fetch.obtain("f", SHA256, "page", server + address)
    assert stored(own_cache) == []
    assert fetch.obtain("f", SHA256, "page", f"{server}/good")[0] == BODY


def test_an_interrupted_download_leaves_nothing(
        server, own_cache, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt
    monkeypatch.setattr(pooch.core, "hash_matches", interrupt)
    with pytest.raises(KeyboardInterrupt):
        fetch.obtain("f", SHA256, "page", f"{server}/good")
    assert stored(own_cache) == []


def test_offline_the_error_says_what_to_do(own_cache):
    url = "http://127.0.0.1:9/f"
    with pytest.raises(ConnectionError) as caught:
        fetch.obtain("f", SHA256, "page", url)
    for part in ("f", url, str(own_cache / "f")):
        assert part in str(caught.value)
    assert stored(own_cache) == []


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "file"
    files.save(path, b"old")

    def fail(*_):
        raise KeyboardInterrupt
    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(KeyboardInterrupt):
        files.save(path, b"new")
    assert os.listdir(tmp_path) == ["file"] and path.read_bytes() == b"old"
