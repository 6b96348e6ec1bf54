"""A small share of the fuzzing that `tests/fuzzing.py` does: nothing but errors of ours comes out of the readers, and nothing gets lost."""

from __future__ import annotations

import pytest

from fuzzing import ALL, fuzz

EACH, SEED = 200, 20241122
# Of the tables; that so many are read shows that more is tried than what refuses damaged files.
LEAST_READ = 0.1


@pytest.fixture(scope="module")
def summary():
    return fuzz(EACH * len(ALL), SEED, checked=0)


def test_nothing_but_our_errors_comes_out(summary):
    assert {s: [f.details[-500:] for f in each[:1]] for s, each in summary.faults.items()} == {}


def test_every_form_is_tried(summary):
    assert {form: counts.total() for form, counts in summary.outcomes.items()} == dict.fromkeys(ALL, EACH)


@pytest.mark.parametrize("form", ALL)
def test_many_inputs_are_read(summary, form):
    assert summary.outcomes[form]["read"] >= EACH * LEAST_READ


def test_the_same_seed_draws_the_same_inputs():
    from fuzzing import drawn

    assert [drawn(1, n) for n in range(40)] == [drawn(1, n) for n in range(40)]
