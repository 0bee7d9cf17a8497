"""A seeded sample of the planted errors; `make mutants` plants them all."""

import json
from functools import lru_cache

import mutants
import numpy as np
import plant
import pytest
from derivations import ALL
from planted_gradients import planted_gradients

from lmbook.derivation import (Derivation, Fact, IdleStep, IndexMismatch,
                               MisprintedLine, ShapeMismatch, UnprovedStep,
                               WrongDefinition, WrongStep, dim, exp, indices,
                               scalar, tensor, total)

RNG = np.random.default_rng(5)
HEAVY = "gated", "masked", "attention", "norm"
LIGHT = [f for f in ALL if not any(h in f"{f.__module__}{f.__name__}"
                                   for h in HEAVY)]
SAMPLE = [LIGHT[n] for n in RNG.permutation(len(LIGHT))[:40]]
NAMES = [f.__name__ for f in SAMPLE]
WRONG = (WrongStep, UnprovedStep, ShapeMismatch, IndexMismatch, IdleStep,
         MisprintedLine, ValueError)


@lru_cache(maxsize=None)
def built(build):
    return plant.recorded(build)


def some(items, count, seed=0):
    """Return a fixed random choice from a list."""
    items = list(items)
    order = np.random.default_rng(seed).permutation(len(items))
    return [items[n] for n in order[:count]]


@pytest.mark.parametrize("build", SAMPLE, ids=NAMES)
def test_a_wrong_line_is_refused_or_listed_as_true(build):
    d, _ = built(build)
    listed = mutants.known()
    for number, line in enumerate(d.lines):
        for _, wrong in some(plant.line_mutants(line.source), 6, number):
            if plant.line_planted(d, number, wrong):
                assert plant.truth(d, line.source, wrong, (), number)
                assert mutants.name_of(d, number, wrong) in listed


@pytest.mark.parametrize("build", SAMPLE[:10], ids=NAMES[:10])
def test_the_whole_engine_names_what_is_wrong(build):
    d, _ = built(build)
    before = d.lines[0].source
    for _, wrong in some(plant.line_mutants(d.lines[1].source), 3):
        if not plant.line_planted(d, 1, wrong):
            with pytest.raises(WRONG) as refusal:
                plant.bare(d, before, Derivation).eq(wrong, "", *d.facts[1])
            assert refusal.value.args


@pytest.mark.parametrize("build", SAMPLE, ids=NAMES)
def test_a_misprint_is_refused_or_means_the_same(build):
    d, _ = built(build)
    for number, line in enumerate(d.lines):
        for _, text in some(plant.latex_typos(line.latex), 8, number):
            try:
                d._check_ink(line, "the line", text)
            except MisprintedLine:
                continue
            seen = plant.read(text, plant.symbols_of(line.source))
            assert plant.truth(d, line.source, seen, (), number), text


def test_a_wrong_definition_is_refused_or_the_same_function():
    compared = 0
    for build in SAMPLE:
        d, comparisons = built(build)
        for comparison in comparisons:
            for kind, mutant, refused, equal in some(
                    plant.definition_results(d, *comparison), 12):
                assert refused or equal, f"{d.title}: {kind}: {mutant}"
                compared += refused
    assert compared > 20


def test_each_listed_line_has_a_reason_and_passes():
    listed = mutants.known()
    assert len(listed) > 100
    assert all(len(reason) > 15 for reason in listed.values())
    titles = {built(f)[0].title for f in SAMPLE}
    own = [name for name in listed if name.split(" | ")[0] in titles]
    for f in SAMPLE:
        d, _ = built(f)
        for number, line in enumerate(d.lines):
            every = {mutants.name_of(d, number, m): m
                     for _, m in plant.line_mutants(line.source,
                                                    plant.pool(d))}
            for name in set(own) & every.keys():
                assert plant.line_planted(d, number, every[name]), name
                own.remove(name)
    assert not own, "listed, but no longer planted"


def test_a_wrong_gradient_is_refused():
    rows = planted_gradients()
    assert len(rows) == 10 and all(row["refused"] for row in rows)
    missed = "refused by torch.autograd.gradcheck"
    assert not any(row[missed] for row in rows)


def test_the_shown_rates_are_those_of_the_last_full_run():
    rates = json.loads(mutants.RATES.read_text())
    assert rates["false survivors"] == []
    assert rates["fuzz"]["true"] == 9_000
    assert rates["fuzz"]["wrong"] >= 27_000
    assert rates["fuzz"]["slopes"] == 1_200
    assert rates["fuzz"]["facts"] > 250
    assert rates["versions"]["derivations"] <= len(ALL)
    assert {row["line"] for row in rates["survivors"]} == set(
        mutants.known())
    for part in "line", "print", "definition":
        for row in rates[part].values():
            assert row["planted"] == row["refused"] + row["equivalent"]


def test_the_planting_itself_can_see_a_survivor():
    """A kernel that accepts everything lets every planted error pass."""
    K = dim("K")
    i, l = indices("i l", K)
    z, s = tensor("z", K), tensor("s", K)
    with Derivation("one", {s[i]: exp(z[i]) / total(l, exp(z[l]))}) as d:
        d.start(total(i, s[i]))
        d.eq(1, "softmax")

    class Blind(plant.Bare):
        def _proved(self, gap, facts):
            return True

        def _witness(self, line, facts, name):
            pass

    assert plant.step_accepts(d, d.lines[0].source, 2, (), Blind)
    assert not plant.step_accepts(d, d.lines[0].source, 2, ())
    assert not plant.truth(d, d.lines[1].source, 2, (), 0)
    with pytest.raises(WrongDefinition):
        d.agrees(s, lambda x: x, z)


def test_a_fact_that_is_not_needed_is_refused():
    a = scalar("a")
    fact = Fact("a is one", a, 1, lambda sizes, rng: {a.tensor: 1.0})
    d = Derivation("idle")
    d.start(a + a)
    assert not plant.step_accepts(d, a + a, 2 * a, (fact,))
    assert plant.step_accepts(d, a + a, 2, (fact,))
