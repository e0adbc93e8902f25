"""The graders are held against the reference, the untouched release, right and wrong answers, and mutants of the reference."""

import os

import pytest

from autograder.authoring.verify import MIN_SCORE, verify
from autograder.grading.course import load_course
from autograder.runs.pool import Pool

COURSE = load_course()
# Mutants of three assignments here, so that a run of all tests ends soon; `make verify` tries those of every assignment.
WITH_MUTANTS = {"ps00_start", "ps01_tensors", "ps05_softmax_regression"}


@pytest.fixture(scope="module")
def pool():
    with Pool(COURSE, os.cpu_count() or 1) as pool:
        yield pool


@pytest.mark.slow
@pytest.mark.parametrize("assignment", COURSE.names)
def test_right_answers_lose_nothing_wrong_ones_lose_what_they_should_and_mutants_are_caught(assignment, pool):
    mutants = assignment in WITH_MUTANTS
    report = verify(COURSE, assignment, pool, mutants=mutants)
    assert report.problems() == []
    if mutants:
        assert sum(exercise.mutants for exercise in report.exercises.values()) > 0
        assert report.score >= MIN_SCORE


def test_a_grader_that_lets_a_wrong_answer_pass_is_reported(pool, tmp_path):
    """The check itself is checked: an answer that claims to fail, and does not, is a problem."""
    from autograder.authoring.verify import ExerciseReport, _enter_answer
    from autograder.judge.verdict import CriterionResult, ExerciseResult
    from autograder.notebooks.reference import Answer

    answer = Answer("softmax", "x", "", "", ("is right",), tmp_path / "wrong" / "softmax__x.py")
    entry = ExerciseReport("softmax")
    _enter_answer(entry, answer, ExerciseResult("softmax", 1, [CriterionResult("is right", 1, True, "passed")]))
    assert entry.accepted_wrong == ["wrong/softmax__x.py keeps “is right”"]
