"""The engine's own derivations are proved, quickly, and hold explicitly."""

import time
from functools import lru_cache

import numpy as np
import pytest

import torch  # noqa: F401  imported first: the clock measures proofs alone

from derivations import ALL
from lmbook.derivation.worlds.explicit import explicitly_equal
from lmbook.derivation.worlds.sampling import occurring
from suite.masked import V as WORDS

NAMES = [f"{f.__module__.partition('.')[2]}.{f.__name__}" for f in ALL]


@lru_cache(maxsize=None)
def built(build):
    """Return a finished derivation and the seconds of CPU time it took."""
    start = time.process_time()
    derivation = build()
    return derivation, time.process_time() - start


@pytest.mark.parametrize("build", ALL, ids=NAMES)
def test_every_line_is_proved_and_has_a_reason(build):
    derivation, _ = built(build)
    rows = derivation.rows()
    assert len(rows) == derivation.steps + 1 >= 2
    assert all(reason for _, _, reason in rows[1:])


def test_numbers_of_derivations_and_lines():
    titles = [built(f)[0].title for f in ALL]
    lines = sum(built(f)[0].steps for f in ALL)
    compared = sum(len(built(f)[0].compared) for f in ALL)
    print(f"{len(ALL)} derivations, {lines} lines, "
          f"{compared} definitions compared with a library")
    assert len(set(titles)) == len(titles)
    assert len(ALL) >= 146 and lines >= 320 and compared >= 27


def test_66_lines_take_at_most_7_seconds():
    lines = sum(built(f)[0].steps for f in ALL)
    seconds = sum(built(f)[1] for f in ALL)
    print(f"{lines} lines in {seconds:.2f} s of CPU time")
    assert 66 * seconds / lines <= 7


def equalities(derivation):
    """Yield (line before, line, facts) where an equals sign joins them."""
    for number, sign in enumerate(derivation.relations):
        if sign == "=":
            yield (derivation.lines[number - 1].entry,
                   derivation.lines[number].entry,
                   derivation.facts[number])


def small_sizes(derivation):
    """Return sizes of 2; with many dimensions, two of size 2 at a time.

    Of five dimensions one is that of a softmax, which needs size 2.
    """
    lines = [line.entry for line in derivation.lines]
    dims = occurring(lines, derivation.table)[0]
    if len(dims) <= 4:
        return [dict.fromkeys(dims, 2)]
    return [{d: 2 if d in (one, WORDS) else 1 for d in dims}
            for one in dims if one != WORDS]


@pytest.mark.parametrize("build", ALL, ids=NAMES)
def test_lines_hold_with_every_sum_written_out(build):
    derivation, _ = built(build)
    for sizes in small_sizes(derivation):
        for left, right, facts in equalities(derivation):
            assert explicitly_equal(left, right, derivation.table, sizes,
                                    facts, points=1,
                                    rng=np.random.default_rng(0))
