"""Named sets of small grey images: `load_images("digits")` and friends.

| name            | images                                  | size    |
|-----------------|-----------------------------------------|---------|
| `digits`        | handwritten digits, in scikit-learn     | 8 x 8   |
| `fashion-mnist` | clothes (Xiao, Rasul and Vollgraf 2017) | 28 x 28 |

`digits` needs no network. The four files of `fashion-mnist` are looked
for in LMBOOK_DATA and in the cache, under "fashion-mnist/", and then
downloaded; their published MD5 sums are verified.

Every set has four parts: train, dev, test, and graded, whose labels are
not handed out. An image's part depends on its pixels alone, so copies of
one image never stand on both sides.
"""

import functools
import gzip
import math
from dataclasses import dataclass

import numpy as np

from lmbook.data.fetch import digest, obtain

DIGITS = ("train",) * 6 + ("dev",) + ("test",) * 2 + ("graded",)
FASHION = {"train": ("train",) * 11 + ("dev",),
           "t10k": ("test",) * 4 + ("graded",)}
FASHION_PAGE = "https://github.com/zalandoresearch/fashion-mnist"
FASHION_MD5 = {
    "train-images-idx3": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "train-labels-idx1": "25c81989df183df01b3e8a0aad5dffbe",
    "t10k-images-idx3": "bef4ecab320f06d8554ea6380940ec79",
    "t10k-labels-idx1": "bb300cfdad3c16e7a12a480ee83cd310"}
CLOTHES = ("T-shirt", "trouser", "pullover", "dress", "coat", "sandal",
           "shirt", "sneaker", "bag", "ankle boot")
HIDDEN = -1                     # stands where a label is not handed out


@dataclass(frozen=True, repr=False)
class Images:
    """Grey images, their labels, and the part each belongs to.

    name: str. classes: the K names of the classes. images: (N, height,
    width), float32, from 0 for no ink to 1. labels: (N,) integers from 0,
    and -1 for every graded image. parts: (N,) names of parts.
    """

    name: str
    classes: tuple
    images: np.ndarray
    labels: np.ndarray
    parts: np.ndarray

    def split(self, part):
        """Return (images, labels) of one part; `ValueError` if unknown."""
        chosen = self.parts == part
        if not chosen.any():
            known = sorted(set(self.parts.tolist()))
            raise ValueError(f"unknown part {part!r} of {self.name!r}; "
                             f"expected one of {known}")
        return self.images[chosen], self.labels[chosen]

    def __repr__(self):
        return (f"Images({self.name!r}, {len(self.images):,} of "
                f"{self.images.shape[1]} x {self.images.shape[2]})")


def read_idx(data):
    """Return the array in the bytes of an idx file of whole bytes.

    Shapes: as the file says. `ValueError` for another kind of file, or
    a length that does not fit. Source: LeCun's format of MNIST: two
    zeros, the type, the number of axes, their lengths, the entries.

    >>> read_idx(bytes([0, 0, 8, 1, 0, 0, 0, 2, 7, 255]))
    array([  7, 255], dtype=uint8)
    """
    if len(data) < 4 or data[:3] != b"\0\0\x08":
        raise ValueError(f"not an idx file of bytes: it starts with "
                         f"{data[:4]!r}, expected b'\\x00\\x00\\x08'")
    start = 4 + 4 * data[3]
    shape = tuple(np.frombuffer(data[4:start], ">u4").tolist())
    if len(shape) != data[3] or len(data) - start != math.prod(shape):
        raise ValueError(f"an idx file of shape {shape} has "
                         f"{len(data) - start} entries, expected "
                         f"{math.prod(shape)}: is it cut short?")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


def part_of(pixels, parts):
    """Return the part of an image: the entry its SHA-256 points at.

    Shapes: pixels (height, width), whole bytes.

    >>> part_of(np.zeros((2, 2), np.uint8), ("train", "dev"))
    'dev'
    """
    return parts[int(digest(pixels.tobytes()), 16) % len(parts)]


def read_digits():
    """Return (classes, pixels, largest value, labels, parts) of digits."""
    from sklearn.datasets import load_digits
    pixels, labels = load_digits(return_X_y=True)
    pixels = pixels.astype(np.uint8).reshape(-1, 8, 8)      # 0 .. 16
    parts = [part_of(image, DIGITS) for image in pixels]
    return tuple("0123456789"), pixels, 16, labels, parts


def read_fashion():
    """Return (classes, pixels, largest value, labels, parts) of clothes."""
    found, parts = {}, []
    for stem, md5 in FASHION_MD5.items():
        file = f"{stem}-ubyte.gz"
        data, _ = obtain(
            f"fashion-mnist/{file}", f"md5:{md5}", FASHION_PAGE,
            f"{FASHION_PAGE}/raw/master/data/fashion/{file}")
        found[stem] = read_idx(gzip.decompress(data))
    for half, shares in FASHION.items():
        parts += [part_of(image, shares)
                  for image in found[f"{half}-images-idx3"]]
    pixels, labels = (np.concatenate([found[f"{half}-{kind}"]
                                      for half in FASHION])
                      for kind in ("images-idx3", "labels-idx1"))
    return CLOTHES, pixels, 255, labels, parts


READERS = {"digits": read_digits, "fashion-mnist": read_fashion}


@functools.lru_cache(maxsize=None)
def _all(name):
    """Return the `Images` of a name with all labels."""
    if name not in READERS:
        raise ValueError(f"unknown images {name!r}; "
                         f"expected one of {sorted(READERS)}")
    classes, pixels, top, labels, parts = READERS[name]()
    return Images(name, classes, pixels / np.float32(top),
                  labels.astype(np.int64), np.array(parts))


def load_images(name):
    """Return the `Images` of a name: digits or fashion-mnist.

    `ValueError` for another name or a damaged file, `ConnectionError`
    for a download that fails; it names the file and where to put it.

    >>> digits = load_images("digits")
    >>> images, labels = digits.split("test")
    >>> images.shape, labels[:5].tolist()
    ((357, 8, 8), [8, 1, 2, 8, 1])
    """
    known = _all(name)
    labels = np.where(known.parts == "graded", HIDDEN, known.labels)
    return Images(name, known.classes, known.images.copy(), labels,
                  known.parts.copy())


def graded_labels(name):
    """Return the labels of the graded part: for the grader alone.

    Shapes: (number of graded images,). Errors: as `load_images`.

    >>> len(graded_labels("digits")) == len(
    ...     load_images("digits").split("graded")[0])
    True
    """
    known = _all(name)
    return known.labels[known.parts == "graded"]
