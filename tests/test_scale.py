"""Counting in parts is counting: any cut, any runner, a dead worker too."""

import os
from collections import Counter
from functools import partial

import numpy as np
import pytest
from scale_jobs import Deadly

from lmbook.bpe import BPE, chunk_counts
from lmbook.models.ngram import KneserNey, NgramModel
from lmbook.ngrams import ngram_tables, sentence_ids
from lmbook.scale import (
    ChunkCounts, FileCount, NgramCounts, ProcessPool, TokenTable, WordCounts,
    byte_ranges, count_file, in_process, line_blocks, local_client,
    merge_ngram_tables)
from lmbook.vocabulary import EOS, Vocabulary

TEXT = ("the café ran\n"
        "\n"
        "die Katze saß auf der Straße\r\n"
        "   \n"
        "猫 sat\u2028on 🐈‍⬛ mats, don't\r\n"
        "\r\n"
        "naïve\rcafé  cat\x85s\n"
        "the café ran on\n"
        "the last line has no break é")
CUTS = [sorted(np.random.default_rng(n).integers(
    0, len(TEXT.encode()) + 1, size=n % 7).tolist()) for n in range(20)]


@pytest.fixture
def path(tmp_path):
    """A small file with everything that can go wrong."""
    (tmp_path / "text.txt").write_bytes(TEXT.encode())
    return tmp_path / "text.txt"


def sentences():
    """The lines with tokens, found another way: one `split` for each."""
    return [line.split() for line in TEXT.replace("\r\n", "\n").split("\n")
            if line.split()]


def same(a, b):
    """Whether two tables, or lists of tables, are equal to the last byte."""
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and all(
        np.array_equal(x, vars(b)[name])
        and getattr(x, "dtype", 0) == getattr(vars(b)[name], "dtype", 0)
        for name, x in vars(a).items())


def reference(order=3):
    """The vocabulary, and the tables that one process counts."""
    vocabulary = Vocabulary.build(sentences())
    return vocabulary, ngram_tables(
        sentence_ids(sentences(), vocabulary), order, len(vocabulary),
        vocabulary.id(EOS))


# ---------------------------------------------------------------- by hand

def test_six_lines_cut_inside_a_character(tmp_path):
    # "cats ran\n" is bytes 0-8, "the café" 9-17: é is bytes 16 and 17
    path = tmp_path / "six.txt"
    path.write_text("cats ran\nthe café cat sat\nthe cat ran\n", "utf-8",
                    newline="")
    left, right = ([*line_blocks(path, *span)] for span in
                   byte_ranges(path.stat().st_size, [17]))
    assert left == [(0, "cats ran\nthe café cat sat\n".encode())]
    assert right == [(27, b"the cat ran\n")]
    table = count_file(path, WordCounts(), parts=[17])
    assert dict(table.items()) == {"café": 1, "cat": 2, "cats": 1, "ran": 2,
                                   "sat": 1, "the": 2}


def test_a_cut_at_a_line_break_moves_no_line(tmp_path):
    (tmp_path / "t").write_bytes(b"a\nb\n")
    assert [*line_blocks(tmp_path / "t", 0, 2)] == [(0, b"a\n")]
    assert [*line_blocks(tmp_path / "t", 2, 4)] == [(2, b"b\n")]
    assert [*line_blocks(tmp_path / "t", 1, 2)] == []


def test_ranges():
    assert byte_ranges(3, 5) == [(0, 1), (1, 2), (2, 3)]
    assert byte_ranges(0, 4) == byte_ranges(0, []) == []
    assert byte_ranges(9, [4, 4, 0, 9]) == [(0, 4), (4, 9)]


# -------------------------------------------------- identity for every cut

@pytest.mark.parametrize("cuts", CUTS, ids=str)
def test_tables_do_not_depend_on_the_cut(path, cuts):
    vocabulary, tables = reference()
    words = TokenTable.of(Counter(w for s in sentences() for w in s))
    chunks = Counter()
    for line in TEXT.replace("\r\n", "\n").split("\n"):
        chunks.update(chunk_counts(line))
    for block in (1, 16, 10**6):
        count = partial(count_file, path, parts=cuts, block_bytes=block)
        assert same(count(WordCounts(str.split)), words)
        assert same(count(ChunkCounts()), TokenTable.of(chunks))
        assert same(count(NgramCounts(vocabulary, 3, str.split)), tables)


def test_more_parts_than_bytes(path):
    vocabulary, tables = reference()
    job = NgramCounts(vocabulary, 3, str.split)
    assert same(count_file(path, job, parts=1000), tables)


def test_each_cut_of_two(path):
    job, size = WordCounts(str.split), path.stat().st_size
    whole = count_file(path, job)
    assert all(same(count_file(path, job, parts=[at]), whole)
               for at in range(size + 1))


def test_an_empty_file(tmp_path):
    (tmp_path / "t").touch()
    vocabulary, _ = reference()
    job = NgramCounts(vocabulary, 3)
    one, two, three = count_file(tmp_path / "t", job, parts=3)
    assert not one.counts.any() and len(one) == len(vocabulary)
    assert len(two) == len(three) == 0
    assert len(count_file(tmp_path / "t", WordCounts(), parts=3)) == 0
    assert same(count_file(tmp_path / "t", job), job.map(b"\n\r\n"))


def test_order_above_the_longest_sentence(path):
    vocabulary, tables = reference(order=11)
    assert len(tables[-1]) == 0
    assert same(count_file(path, NgramCounts(vocabulary, 11, str.split),
                           parts=6), tables)


def test_a_model_of_merged_counts(path):
    vocabulary, _ = reference()
    one = NgramModel(vocabulary, 3, KneserNey()).fit(sentences())
    two = NgramModel(vocabulary, 3, KneserNey()).fit_tables(count_file(
        path, NgramCounts(vocabulary, 3, str.split), parts=5))
    assert np.array_equal(one.scores(["the", "café"]),
                          two.scores(["the", "café"]))
    with pytest.raises(ValueError, match="order 3 for .* expected order 2"):
        NgramModel(vocabulary, 2).fit_tables(two.tables)


def test_the_vocabulary_of_merged_counts(path):
    counts = dict(count_file(path, WordCounts(str.split), parts=5).items())
    assert Vocabulary.from_counts(counts, 9).tokens == Vocabulary.build(
        sentences(), 9).tokens


def test_bpe_of_merged_counts(path):
    table = count_file(path, ChunkCounts(), parts=4)
    assert BPE.train(dict(table.items()), 280).merges == BPE.train(
        dict(count_file(path, ChunkCounts()).items()), 280).merges


# ------------------------------------------- laws of merging, and a mutant

def test_merging_is_associative_and_commutative():
    vocabulary, tables = reference()
    job = NgramCounts(vocabulary, 3, str.split)
    parts = [job.map(" ".join(s).encode()) for s in sentences()]
    rng = np.random.default_rng(0)
    for _ in range(10):
        left = [parts[i] for i in rng.permutation(len(parts))]
        while len(left) > 1:
            i, j = rng.choice(len(left), 2, replace=False)
            pair = [left[i], left[j]]
            left = [part for k, part in enumerate(left) if k not in (i, j)]
            left.append(job.merge(pair))
        assert same(left[0], tables)


def test_rows_of_one_part_are_not_rows_of_another():
    # the wrong merge: keys added up without renaming the contexts
    vocabulary, tables = reference()
    job = NgramCounts(vocabulary, 3, str.split)
    first, last = (job.map(" ".join(s).encode())
                   for s in (sentences()[0], sentences()[-1]))
    right = merge_ngram_tables([first, last], 3, len(vocabulary))
    wrong = np.union1d(first[2].keys, last[2].keys)
    assert not np.array_equal(right[2].keys, wrong)


def test_memory_is_bounded_by_blocks(tmp_path):
    line = "x" * 99 + "\n"
    (tmp_path / "t").write_text(line * 1000 + "y" * 5000 + "\n" + line)
    sizes = [len(block) for _, block in line_blocks(
        tmp_path / "t", 0, 105_101, block_bytes=1000)]
    assert sum(sizes) == 100 * 1001 + 5001
    assert max(sizes) <= 1000 + 5001 and sorted(sizes)[-2] <= 1100


# ------------------------------------------------------ runners and deaths

def test_a_pool_counts_the_same(path):
    vocabulary, tables = reference()
    job = NgramCounts(vocabulary, 3, str.split)
    assert same(count_file(path, job, parts=5, runner=ProcessPool(2)), tables)


def test_a_killed_worker_loses_nothing(path, tmp_path):
    (tmp_path / "deaths").mkdir()
    job = Deadly(str.split, str(tmp_path / "deaths"), "Katze")
    table = count_file(path, job, parts=6, runner=ProcessPool(2))
    assert os.listdir(tmp_path / "deaths") == ["0"]
    assert same(table, count_file(path, WordCounts(str.split)))


def test_a_range_that_always_kills_is_named(path, tmp_path):
    (tmp_path / "deaths").mkdir()
    job = Deadly(str.split, str(tmp_path / "deaths"), "Katze", lives=99)
    with pytest.raises(RuntimeError, match=r"died 3 times with the bytes \("):
        count_file(path, job, parts=[17, 50], runner=ProcessPool(1))


# --------------------------------------------------------------- bad input

@pytest.mark.parametrize("parts, told", [
    (0, "parts is 0; expected at least 1"),
    (-2, "parts is -2"), ([-1], "cuts at \\[-1\\]"),
    ([3, 10**6], "expected positions from 0 to")])
def test_parts_that_are_none(path, parts, told):
    with pytest.raises(ValueError, match=told):
        count_file(path, WordCounts(), parts=parts)


def test_other_bad_input(path, tmp_path):
    with pytest.raises(ValueError, match="there is no file .*lost.txt"):
        count_file(tmp_path / "lost.txt", WordCounts())
    with pytest.raises(ValueError, match="block_bytes is 0"):
        count_file(path, WordCounts(), block_bytes=0)
    with pytest.raises(ValueError, match="workers is 0"):
        ProcessPool(0)
    with pytest.raises(ValueError, match="workers is 0"):
        with local_client(0):
            pass


def test_a_file_that_shrinks(path):
    task = FileCount(str(path), WordCounts(), block_bytes=5)
    blocks = line_blocks(path, 0, 200, block_bytes=5)
    next(blocks)
    path.write_bytes(b"x\n")
    with pytest.raises(ValueError, match="changed while it was read"):
        [*blocks]
    assert len(in_process(task, [(0, 2)])) == 1


@pytest.mark.parametrize("runner", [in_process, ProcessPool(1)])
@pytest.mark.parametrize("wrong", [b"\xff", b"\xe9\n", b"\xc3"])
def test_bytes_that_are_not_utf_8(path, runner, wrong):
    at = path.stat().st_size
    with path.open("ab") as file:
        file.write(b"\n" + wrong)
    told = f"text.txt is not UTF-8: byte {at + 1} is 0x{wrong[0]:02x}"
    with pytest.raises(ValueError, match=told):
        count_file(path, WordCounts(), parts=3, runner=runner,
                   block_bytes=20)
