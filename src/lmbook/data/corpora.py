"""Named corpora: `load("docs")` and friends.

| name          | text                                      | splits        |
|---------------|-------------------------------------------|---------------|
| `docs`        | docstrings of the installed packages      | train dev test |
| `wikitext-2`  | Wikipedia articles (Merity et al. 2017)   | dev test      |
| `reviews`     | film-review sentences, made for this book | train dev test |
| `rt-polarity` | film-review sentences (Pang and Lee 2005) | train dev test |

`docs` is made on your machine and `reviews` comes with the book; neither
needs a network. The other two are looked for in LMBOOK_DATA and in the
cache, and verified; they are not downloaded, because no published archive
of them has been verified here.
"""

import functools
import warnings
from dataclasses import dataclass

from lmbook.data import docstrings, reviews
from lmbook.data.fetch import cache_folder, decode, digest, find, obtain
from lmbook.data.text import sentences
from lmbook.files import save

DOCS_SHA256 = ("48b5c14fd60198a60461c2a89d9e425e"
               "ee71113a569faa536901a89a155b1b5d")
WIKITEXT_PAGE = ("https://github.com/pytorch/examples/tree/main/"
                 "word_language_model/data/wikitext-2")
WIKITEXT = {
    "dev": ("wikitext-2/valid.txt", "f0737ed31fc1329026e95cb8b98e19c2"
                                    "a182c39c240ab909dc31abf2f8af58e8"),
    "test": ("wikitext-2/test.txt", "d790b833ef8cf03a90db7bf1271b7520"
                                    "b83c45ce07ba3c1a9699df81e239eca0")}
POLARITY_PAGE = "https://www.cs.cornell.edu/people/pabo/movie-review-data/"
POLARITY = {
    "pos": ("rt-polarity/rt-polarity.pos", "4134882974a28d0c7b5151256f0e33a6"
                                           "169984ee7372c279e673f1114f475d58"),
    "neg": ("rt-polarity/rt-polarity.neg", "2d11cfbc790f1cd96d78339f41ce53ce"
                                           "d1efa83cd22d37d6788fa3fe3d17e2fd")}


TENTHS = ("train",) * 8 + ("dev", "test")
TWENTIETHS = ("train",) * 14 + ("dev",) * 3 + ("test",) * 3
# Of 0 to 1,999, the one that spreads labels and kinds most evenly over the
# splits (least chi-squared); no model was asked.
REVIEWS_SALT = 861


def split_of(text, parts=TENTHS):
    """Return the split of a text, an entry of parts: 8 : 1 : 1 by default.

    It depends on the text alone, through its SHA-256, so adding or
    removing other texts moves nothing from one split to another.

    >>> split_of("Return the sum of the entries.")
    'train'
    """
    return parts[int(digest(text.encode("utf-8")), 16) % len(parts)]


@dataclass(frozen=True)
class Corpus:
    """A text as paragraphs, each with its split and perhaps its label.

    name: str. paragraphs: N strings. parts: N split names. labels: N
    integers, or empty. grouped: the sentences of each paragraph if they
    are known; otherwise `sentences` finds them. kinds: N strings, or
    empty. `ValueError` if the lengths differ.

    >>> tiny = Corpus("tiny", ("One. Two.", "Three."), ("train", "dev"))
    >>> tiny.split("train").sentences()
    ['One.', 'Two.']
    """

    name: str
    paragraphs: tuple
    parts: tuple
    labels: tuple = ()
    grouped: tuple = ()
    kinds: tuple = ()

    def __post_init__(self):
        size = len(self.paragraphs)
        for name in ("parts", "labels", "grouped", "kinds"):
            column = getattr(self, name)
            if len(column) != size and (column or name == "parts"):
                raise ValueError(f"corpus {self.name!r} has {size} "
                                 f"paragraphs but {len(column)} {name}")

    @property
    def text(self):
        """The paragraphs as one string, a blank line between two."""
        return "\n\n".join(self.paragraphs)

    @property
    def splits(self):
        """The names of the splits, sorted."""
        return tuple(sorted(set(self.parts)))

    def sentences(self):
        """Return the list of all sentences, in order."""
        grouped = self.grouped or map(sentences, self.paragraphs)
        return [sentence for group in grouped for sentence in group]

    def split(self, part):
        """Return the corpus of one split; `ValueError` if unknown."""
        if part not in self.parts:
            raise ValueError(f"unknown split {part!r} of {self.name!r}; "
                             f"expected one of {list(self.splits)}")
        kept = [n for n, other in enumerate(self.parts) if other == part]
        columns = (self.paragraphs, self.parts, self.labels, self.grouped,
                   self.kinds)
        return Corpus(self.name, *(tuple(column[n] for n in kept if column)
                                   for column in columns))

    def __repr__(self):
        return (f"Corpus({self.name!r}, {len(self.paragraphs):,} paragraphs, "
                f"splits {list(self.splits)})")


def packed(groups):
    """Return groups of sentences as bytes: a line each, blank between."""
    return ("\n\n".join("\n".join(group) for group in groups)
            + "\n").encode("utf-8")


def cached(name):
    """Return the bytes stored under name, or None if absent or damaged.

    The first line of the file is the SHA-256 of the rest.
    """
    path = find(name)
    stamp, _, data = path.read_bytes().partition(b"\n") if path else [b""] * 3
    return data if stamp == digest(data).encode() else None


def extracted(name):
    """Return the docs text from the installed packages, and store it."""
    folders = map(docstrings.package_folder, docstrings.PACKAGES)
    data = packed(docstrings.extract(folders))
    try:
        save(cache_folder() / name, digest(data).encode() + b"\n" + data)
    except OSError as error:
        warnings.warn(f"the docs corpus could not be stored ({error}); set "
                      "LMBOOK_CACHE to a folder you may write to")
    return data


def load_docs():
    """Return the docs corpus, from the cache or else from the packages.

    `UserWarning` when the installed versions, or the text they give, are
    not those the book was printed with.
    """
    found = docstrings.installed_versions()
    pinned = found == docstrings.PINS
    key = digest(repr((DOCS_SHA256, sorted(found.items()))).encode())[:12]
    name = f"docs-{key}.txt"
    data = cached(name)
    if data is None:
        data = extracted(name)
    if not pinned:
        warnings.warn("the docs corpus differs from the book's: installed "
                      f"{found}, expected {docstrings.PINS}")
    elif digest(data) != DOCS_SHA256:
        warnings.warn("the docs corpus differs from the book's although the "
                      f"versions agree: SHA-256 {digest(data)}, expected "
                      f"{DOCS_SHA256}; reinstall the packages")
    blocks = data.decode("utf-8").rstrip("\n").split("\n\n")
    grouped = tuple(tuple(block.split("\n")) for block in blocks)
    paragraphs = tuple(map(" ".join, grouped))
    return Corpus("docs", paragraphs, tuple(map(split_of, paragraphs)),
                  grouped=grouped)


def lines_of(name, sha256, page):
    """Return the lines of a named file that are not blank, stripped."""
    text = decode(*obtain(name, sha256, page))
    return [line.strip() for line in text.split("\n") if line.strip()]


def load_wikitext():
    """Return WikiText-2: dev (its valid.txt) and test, tokens as released.

    Merity et al., "Pointer sentinel mixture models", ICLR 2017. Rare words
    are `<unk>`; headings are kept. The train split is not offered.
    """
    paragraphs, parts = [], []
    for part, (name, sha256) in WIKITEXT.items():
        lines = lines_of(name, sha256, WIKITEXT_PAGE)
        paragraphs += lines
        parts += [part] * len(lines)
    return Corpus("wikitext-2", tuple(paragraphs), tuple(parts))


def load_polarity():
    """Return the sentence polarity data: label 1 positive, 0 negative.

    Pang and Lee, "Seeing stars", ACL 2005; here in UTF-8 (the release is
    Latin-1). It has no official splits: they are made by `split_of`.
    """
    texts, labels = [], []
    for label, polarity in enumerate(("neg", "pos")):
        lines = lines_of(*POLARITY[polarity], POLARITY_PAGE)
        texts += lines
        labels += [label] * len(lines)
    return Corpus("rt-polarity", tuple(texts), tuple(map(split_of, texts)),
                  tuple(labels), tuple((text,) for text in texts))


def load_reviews():
    """Return the book's own film reviews: label 1 positive, 0 negative.

    Each paragraph is one sentence; kinds says what makes it easy or hard
    (see `lmbook.data.reviews`). Splits 14 : 3 : 3. Licence CC BY 4.0.
    """
    _, labels, kinds, texts = zip(*reviews.read())
    parts = tuple(split_of(f"{REVIEWS_SALT} {text}", TWENTIETHS)
                  for text in texts)
    return Corpus("reviews", texts, parts, labels,
                  tuple((text,) for text in texts), kinds)


LOADERS = {"docs": load_docs, "wikitext-2": load_wikitext,
           "reviews": load_reviews, "rt-polarity": load_polarity}


@functools.lru_cache(maxsize=None)
def load(name):
    """Return the `Corpus` of a name: docs, reviews, wikitext-2, rt-polarity.

    `reviews` and `rt-polarity` have the same form: to change from one to
    the other, change the name. `ValueError` for another name, a damaged
    file, or one that is not UTF-8; `FileNotFoundError` for a file you must
    provide. A corpus is read once in a session.

    >>> dev = load("reviews").split("dev")
    >>> dev.labels[0], dev.kinds[0], len(dev.paragraphs)
    (0, 'mixed', 208)
    """
    if name not in LOADERS:
        raise ValueError(f"unknown corpus {name!r}; "
                         f"expected one of {sorted(LOADERS)}")
    return LOADERS[name]()
