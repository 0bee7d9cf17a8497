"""One text in many languages: the messages of the program Sphinx.

Sphinx, which builds this book, is translated by volunteers; the wheel
carries a catalogue for each language.  So there is parallel text on every
reader's machine, the same while the version is pinned (BSD licence).
"""

from pathlib import Path

import sphinx
from babel.messages.pofile import read_po

LANGUAGES = {"fr": "French", "de": "German", "et": "Estonian",
             "tr": "Turkish", "el": "Greek", "ru": "Russian",
             "hi": "Hindi", "ko": "Korean", "zh_CN": "Chinese"}
FOLDER = Path(sphinx.__file__).parent / "locale"


def messages(language):
    """Return {English message: its translation} of a language code.

    Only finished translations: none that is empty, in doubt ("fuzzy"), or
    has several forms (plurals).
    Errors: `ValueError` for a language without a catalogue.
    Source: the catalogues `sphinx/locale/*/LC_MESSAGES/sphinx.po`.

    >>> messages("de")["Search Results"]
    'Suchergebnisse'
    """
    path = FOLDER / language / "LC_MESSAGES" / "sphinx.po"
    if not path.is_file():
        raise ValueError(f"no messages in the language {language!r}; "
                         "expected a code such as 'de', 'el' or 'zh_CN'")
    with path.open("rb") as file:
        catalogue = read_po(file)
    return {entry.id: entry.string for entry in catalogue
            if entry.id and isinstance(entry.id, str) and entry.string
            and isinstance(entry.string, str) and not entry.fuzzy}


def parallel(languages=tuple(LANGUAGES)):
    """Return the messages that all the languages have, and the others.

    The first is {language: translations}, in one order, with the English
    originals under "en"; the second a list of every other translation.

    >>> shared, others = parallel(["de", "el"])
    >>> len(shared["en"]) == len(shared["de"]) == len(shared["el"])
    True
    """
    found = {language: messages(language) for language in languages}
    common = sorted(set.intersection(*map(set, found.values())))
    shared = {"en": common} | {
        language: [known[english] for english in common]
        for language, known in found.items()}
    kept = set(common)
    others = [text for known in found.values()
              for english, text in known.items() if english not in kept]
    return shared, others
