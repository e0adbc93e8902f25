"""A verdict's JSON agrees with its schema, its points with its weights, and neither changes on the way through a file."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import autograder.judge
from autograder.judge.reasons import REASONS
from autograder.judge.verdict import CriterionResult, ExerciseResult, Verdict, all_failed, unreadable

SCHEMA = json.loads((Path(autograder.judge.__file__).with_name("verdict.schema.json")).read_text())
VALIDATOR = Draft202012Validator(SCHEMA)


def exercise(weights, passed, points=10.0):
    criteria = [CriterionResult(f"c{i}", w, p, "passed" if p else "wrong value") for i, (w, p) in enumerate(zip(weights, passed, strict=True))]
    return ExerciseResult("softmax", points, criteria)


# -- points -------------------------------------------------------------------------------------------------------------------


SHARES = [
    ([1], [True], 10),
    ([1], [False], 0),
    ([3, 1], [True, False], 7.5),
    ([3, 1], [False, True], 2.5),
    ([1, 1, 1], [True, False, False], 3.3333),
    ([], [], 0),
]


@pytest.mark.parametrize(("weights", "passed", "points"), SHARES)
def test_points_are_shared_out_by_the_weights_that_passed(weights, passed, points):
    assert exercise(weights, passed).points == points


@given(st.lists(st.tuples(st.floats(1e-3, 1e3), st.booleans()), min_size=1, max_size=12), st.floats(0, 1000))
def test_points_are_between_nothing_and_all_and_all_for_all_criteria(criteria, points):
    weights, passed = zip(*criteria, strict=True)
    result = exercise(weights, passed, points)
    assert 0 <= result.points <= round(points, 4)
    assert exercise(weights, [True] * len(weights), points).points == round(points, 4)


def test_a_verdict_adds_its_exercises_up():
    verdict = Verdict("ps", "a.ipynb", [exercise([1], [True]), exercise([1, 1], [True, False], 5)])
    assert (verdict.points, verdict.max_points) == (12.5, 15)


# -- JSON ---------------------------------------------------------------------------------------------------------------------

texts = st.text(max_size=20)
criteria = st.builds(
    lambda title, weight, reason, message, hint, seconds: CriterionResult(title, weight, reason == "passed", reason, message, hint, seconds),
    st.text(min_size=1, max_size=20), st.floats(0.01, 100), st.sampled_from(REASONS), texts, texts, st.floats(0, 1000),
)  # fmt: skip
exercises = st.builds(ExerciseResult, st.text(min_size=1, max_size=10), st.floats(0, 100), st.lists(criteria, max_size=3))
verdicts = st.builds(
    Verdict, st.text(min_size=1, max_size=10), texts, st.lists(exercises, max_size=3), st.lists(texts, unique=True, max_size=3),
    st.floats(0, 1000).map(lambda seconds: round(seconds, 4)), st.lists(texts, max_size=2),
)  # fmt: skip


@given(verdicts)
def test_a_verdict_comes_back_from_its_json_as_it_was_and_agrees_with_the_schema(verdict):
    record = json.loads(json.dumps(verdict.to_json()))
    VALIDATOR.validate(record)
    assert Verdict.from_json(record) == verdict
    assert Verdict.from_json(record).to_json() == record


def test_another_version_is_refused():
    with pytest.raises(ValueError, match="verdict version 2; this kit reads version 1"):
        Verdict.from_json({**Verdict("a", "b").to_json(), "version": 2})


@pytest.mark.parametrize("make", [lambda e: unreadable("ps", "a.ipynb", e, "it is empty"), lambda e: all_failed("ps", "a.ipynb", e, "timeout", "late")])
def test_a_submission_that_was_not_judged_fails_every_criterion_with_the_same_words(make):
    verdict = make([exercise([3, 1], [True, True])])
    VALIDATOR.validate(verdict.to_json())
    assert verdict.points == 0
    assert {criterion.message for criterion in verdict.exercises[0].criteria} == set(verdict.notes)


def test_an_unknown_reason_is_refused():
    with pytest.raises(ValueError, match="unknown reason 'bad luck'"):
        all_failed("ps", "a.ipynb", [], "bad luck", "")


# -- the schema ---------------------------------------------------------------------------------------------------------------


def test_the_schema_is_a_schema_and_knows_all_reasons():
    Draft202012Validator.check_schema(SCHEMA)
    assert tuple(SCHEMA["$defs"]["reason"]["enum"]) == REASONS


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2}, {"points": -1}, {"extra": 1}, {"notes": "text"}, {"sandbox": ["a", "a"]}, {"exercises": [{"name": "x"}]},
        {"exercises": [{"name": "x", "points": 1, "max_points": 1, "criteria": [
            {"title": "t", "weight": 1, "passed": True, "reason": "wrong value", "message": "", "hint": "", "seconds": 0}]}]},
    ],
)  # fmt: skip
def test_the_schema_refuses_what_is_no_verdict(change):
    assert not VALIDATOR.is_valid({**Verdict("a", "b").to_json(), **change})


# -- real verdicts -------------------------------------------------------------------------------------------------------------

WRONG = {
    "def relu(X):\n    return X.clamp_(min=0)": ["passed", "wrong value"],
    "def relu(X):\n    return torch.relu(X)": ["forbidden operation", "forbidden operation"],
    "def relu(X):\n    return X.clamp(min=0).tolist()": ["wrong type", "passed"],
    "def relu(X):\n    return X.clamp(min=0)[None]": ["wrong shape", "passed"],
    "def relu(X):\n    return X / 0": ["unstable", "passed"],
    "def relu(X):\n    import os; os._exit(0)": ["exited", "exited"],
    "def relu(X):\n    print('x' * 2_000_000); return X": ["output limit", "output limit"],
    "def relu(X): return": ["wrong type", "passed"],
    "def relu(X)\n    return X": ["crashed", "crashed"],
    "def re_lu(X):\n    return X": ["missing", "missing"],
}


@pytest.mark.parametrize("source", WRONG)
def test_a_real_verdict_agrees_with_the_schema_and_gives_the_reasons(grader, answered, source):
    job = grader.job_of(grader.course.master("ps90_tiny"), json.dumps(answered(relu=source)).encode(), "tiny.ipynb")
    verdict, _ = grader.grade(job)
    VALIDATOR.validate(json.loads(json.dumps(verdict.to_json())))
    assert [criterion.reason for criterion in verdict.exercises[0].criteria] == WRONG[source]
    assert verdict.exercises[1].points == 40
    assert verdict.sandbox == ["rlimits"]


def test_the_reference_gets_all_points_and_the_release_none(grader, answered, built):
    master = built.master("ps90_tiny")
    right, _ = grader.grade(grader.job_of(master, json.dumps(answered()).encode(), "tiny.ipynb"))
    blank, _ = grader.grade(grader.job_for(built.root / "release" / "ps90_tiny" / "tiny.ipynb", "ps90_tiny"))
    assert (right.points, blank.points) == (100, 0)
    assert {criterion.reason for exercise in blank.exercises for criterion in exercise.criteria} == {"not attempted"}
    for verdict in (right, blank):
        VALIDATOR.validate(verdict.to_json())


def test_an_unreadable_notebook_has_a_verdict_too(grader, built):
    verdict, outcomes = grader.grade(grader.job_of(built.master("ps90_tiny"), b"{", "tiny.ipynb"))
    VALIDATOR.validate(verdict.to_json())
    assert outcomes == []
    assert verdict.sandbox == []
    assert {criterion.reason for exercise in verdict.exercises for criterion in exercise.criteria} == {"unreadable"}


def test_the_same_notebook_gets_the_same_verdict_again(grader, answered):
    job = grader.job_of(grader.course.master("ps90_tiny"), json.dumps(answered(relu="def relu(X):\n    return X + torch.rand(())")).encode(), "tiny.ipynb")
    messages = [[c.message for e in grader.grade(job)[0].exercises for c in e.criteria] for _ in range(2)]
    assert messages[0] == messages[1]
