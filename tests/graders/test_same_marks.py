"""A mark depends on the submission alone: the same class, judged five times by changing workers in changing order, gets the same verdicts."""

import json
import random

import pytest

from autograder.authoring.sample_class import notebook_of, sample_class
from autograder.grading.course import load_course
from autograder.grading.grader import Grader
from autograder.runs.pool import Pool

pytestmark = pytest.mark.slow

COURSE = load_course()
ENDLESS = ("never-ending",)  # their waiting shows nothing here


def verdict_words(verdict):
    return [(e.name, e.points, [(c.title, c.passed, c.reason, c.message) for c in e.criteria]) for e in verdict.exercises]


@pytest.mark.parametrize("assignment", ["ps00_start", "ps05_softmax_regression"])
def test_five_runs_give_the_same_verdicts(assignment):
    release = COURSE.root / "release" / assignment / COURSE.master(assignment).notebook
    students = {name: answers for name, answers in sample_class(assignment, COURSE.root).items() if name not in ENDLESS}
    notebooks = {name: json.dumps(notebook_of(assignment, COURSE.root, answers, release)).encode() for name, answers in students.items()}
    notebooks["untouched"] = release.read_bytes()
    seen = {name: [] for name in notebooks}
    with Pool(COURSE, 2) as pool:
        for run in range(5):
            order = list(notebooks)
            random.Random(run).shuffle(order)
            pool.judge(jobs_of(assignment, order, notebooks), lambda job, verdict, _outcomes: seen[job.tag].append(verdict))
    for name, verdicts in seen.items():
        assert len(verdicts) == 5
        assert all(verdict_words(verdict) == verdict_words(verdicts[0]) for verdict in verdicts), name
    assert seen["perfect"][0].points == 100
    untouched = seen["untouched"][0]
    assert untouched.points == 0
    assert {criterion.reason for exercise in untouched.exercises for criterion in exercise.criteria} == {"not attempted"}


def jobs_of(assignment, order, notebooks):
    grader = Grader(COURSE)
    for name in order:
        job = grader.job_of(COURSE.master(assignment), notebooks[name], "notebook.ipynb")
        job.tag = name
        yield job
