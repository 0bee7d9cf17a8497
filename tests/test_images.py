"""Images: the idx format, the parts, the hidden labels, Fashion-MNIST."""

import gzip
import hashlib

import numpy as np
import pytest
from sklearn.datasets import load_digits

from lmbook.data import fetch, images
from lmbook.data.images import (
    HIDDEN, graded_labels, load_images, part_of, read_idx)


# ------------------------------------------------------- the idx format

def idx(array):
    """Write an idx file of bytes by hand: magic, lengths, entries."""
    head = bytes([0, 0, 8, array.ndim])
    lengths = b"".join(n.to_bytes(4, "big") for n in array.shape)
    return head + lengths + array.astype(np.uint8).tobytes()


def test_idx_by_hand():
    # 0 0 8 2 | 0 0 0 2 | 0 0 0 3 | six entries
    data = bytes([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255])
    assert read_idx(data).tolist() == [[1, 2, 3], [4, 5, 255]]


def test_idx_length_of_two_bytes():
    assert read_idx(idx(np.zeros(258))).shape == (258,)


@pytest.mark.parametrize("data, message", [
    (b"", "not an idx file"), (b"\x1f\x8b\x08\0\0\0", "not an idx file"),
    (bytes([0, 0, 13, 1, 0, 0, 0, 1, 0]), "not an idx file"),
    (idx(np.zeros((2, 3)))[:-1], "5 entries, expected 6"),
    (idx(np.zeros((2, 3))) + b"\0", "7 entries, expected 6"),
    (bytes([0, 0, 8, 3, 0, 0, 0, 1]), "cut short"),
])
def test_idx_refuses(data, message):
    with pytest.raises(ValueError, match=message):
        read_idx(data)


# --------------------------------------------------------------- digits

def test_digits_are_those_of_scikit_learn():
    pixels, labels = load_digits(return_X_y=True)
    digits = load_images("digits")
    assert np.array_equal(digits.images.reshape(-1, 64) * 16, pixels)
    known = digits.parts != "graded"
    assert np.array_equal(digits.labels[known], labels[known])
    assert digits.images.dtype == np.float32


def test_parts_are_stable():
    sizes = {part: len(load_images("digits").split(part)[0])
             for part in ("train", "dev", "test", "graded")}
    assert sizes == {"train": 1074, "dev": 175, "test": 357, "graded": 191}


def test_a_part_depends_on_the_pixels_alone():
    digits = load_images("digits")
    again = [part_of((image * 16).astype(np.uint8), images.DIGITS)
             for image in digits.images[::-1]]
    assert again[::-1] == digits.parts.tolist()


def test_every_class_is_in_every_part():
    digits = load_images("digits")
    for part in ("train", "dev", "test"):
        assert set(digits.split(part)[1]) == set(range(10))
    assert set(graded_labels("digits")) == set(range(10))


def test_graded_labels_are_not_handed_out():
    digits = load_images("digits")
    assert set(digits.split("graded")[1]) == {HIDDEN}
    _, labels = load_digits(return_X_y=True)
    assert np.array_equal(graded_labels("digits"),
                          labels[digits.parts == "graded"])


def test_a_reader_cannot_spoil_the_data():
    first = load_images("digits")
    first.images[:] = 0
    first.labels[:] = 0
    first.parts[:] = "dev"
    assert load_images("digits").images.max() == 1
    assert set(load_images("digits").split("graded")[1]) == {HIDDEN}


def test_unknown_names():
    with pytest.raises(ValueError, match="'mnist'; expected one of"):
        load_images("mnist")
    with pytest.raises(ValueError, match="unknown part 'val' of 'digits'"):
        load_images("digits").split("val")


# -------------------------------------------------------- Fashion-MNIST

@pytest.fixture
def small_fashion(tmp_path, monkeypatch):
    """Four small files in the place and the form of the real ones."""
    rng, sums = np.random.default_rng(0), {}
    folder = tmp_path / "fashion-mnist"
    folder.mkdir()
    for half, n in (("train", 60), ("t10k", 30)):
        for kind, array in (
                ("images-idx3", rng.integers(256, size=(n, 4, 4))),
                ("labels-idx1", rng.integers(10, size=n))):
            data = gzip.compress(idx(array), mtime=0)
            (folder / f"{half}-{kind}-ubyte.gz").write_bytes(data)
            sums[f"{half}-{kind}"] = hashlib.md5(data).hexdigest()
    monkeypatch.setenv("LMBOOK_DATA", str(tmp_path))
    monkeypatch.setenv("LMBOOK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(images, "FASHION_MD5", {
        stem: sums[stem] for stem in images.FASHION_MD5})
    images._all.cache_clear()
    yield folder
    images._all.cache_clear()


def test_fashion_has_the_same_form_as_digits(small_fashion):
    clothes = load_images("fashion-mnist")
    assert clothes.images.shape == (90, 4, 4)
    assert 0 <= clothes.images.min() < clothes.images.max() == 1
    assert set(clothes.parts[:60]) == {"train", "dev"}
    assert set(clothes.parts[60:]) == {"test", "graded"}
    raw = read_idx(gzip.decompress(
        (small_fashion / "t10k-labels-idx1-ubyte.gz").read_bytes()))
    assert np.array_equal(
        clothes.split("test")[1], raw[clothes.parts[60:] == "test"])
    assert np.array_equal(graded_labels("fashion-mnist"),
                          raw[clothes.parts[60:] == "graded"])
    assert len(clothes.classes) == 10


def test_fashion_damaged_file_is_refused(small_fashion, monkeypatch):
    file = small_fashion / "train-labels-idx1-ubyte.gz"
    file.write_bytes(file.read_bytes()[:-1] + b"\xff")
    asked = []

    def offline(name, url, known):
        asked.append((name, url, known))
        raise ConnectionError("no network")

    monkeypatch.setattr(fetch, "download", offline)
    with pytest.raises(ConnectionError, match="no network"):
        load_images("fashion-mnist")
    (name, url, known), = asked
    assert name == "fashion-mnist/train-labels-idx1-ubyte.gz"
    assert url.startswith("https://") and url.endswith(
        "train-labels-idx1-ubyte.gz")
    assert known.startswith("md5:")


def test_md5_of_a_file(tmp_path):
    # RFC 1321: the MD5 of "abc"
    known = "md5:900150983cd24fb0d6963f7d28e17f72"
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    assert fetch.verified(path, known) == b"abc"
    with pytest.raises(ValueError, match="checksum is md5:9001.*damaged"):
        fetch.verified(path, known[:-1] + "3")
