"""The grader keeps one judge at work, and replaces it when it dies: a fault of ours is never a student's mark."""

import json
import os
import signal

import pytest

from autograder.grading.grader import Grader
from autograder.judge.jobs import GraderFault

pytestmark = pytest.mark.slow


def job(grader, document, **options):
    made = grader.job_of(grader.course.master("ps90_tiny"), json.dumps(document).encode(), "tiny.ipynb")
    for name, value in options.items():
        setattr(made, name, value)
    return made


def test_a_judge_that_died_is_replaced_and_the_submission_judged(built, answered):
    with Grader(built, "none") as grader:
        assert grader.grade(job(grader, answered()))[0].points == 100
        first = grader._process.pid
        os.kill(first, signal.SIGKILL)
        assert grader.grade(job(grader, answered()))[0].points == 100
        assert grader._process.pid != first


def test_one_judge_serves_many_submissions(grader, answered):
    grader.grade(job(grader, answered()))
    first = grader._process.pid
    for _ in range(3):
        assert grader.grade(job(grader, answered()))[0].points == 100
    assert grader._process.pid == first


def test_a_submission_that_kills_itself_leaves_the_judge_at_work(grader, answered):
    deadly = answered(relu="import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nos._exit(1)")
    assert [exercise.points for exercise in grader.grade(job(grader, deadly))[0].exercises] == [0, 40]
    assert grader.grade(job(grader, answered()))[0].points == 100


def test_a_tag_stays_with_the_caller(grader, answered):
    tagged = job(grader, answered(), tag=lambda: "no other process can load this")
    assert grader.grade(tagged)[0].points == 100
    assert tagged.tag() == "no other process can load this"


def test_some_exercises_alone_can_be_judged(grader, answered):
    verdict, _ = grader.grade(job(grader, answered(), only=("Scale",)))
    assert [exercise.name for exercise in verdict.exercises] == ["Scale"]


@pytest.mark.parametrize("order", [("relu", "Scale"), ("Scale", "relu")])
def test_a_verdict_has_the_exercises_in_the_order_of_the_notebook(grader, answered, order):
    points = {"relu": 60.0, "Scale": 40.0}
    verdict, _ = grader.grade(job(grader, answered(Scale="1 / 0"), points={name: points[name] for name in order}))
    assert [(exercise.name, exercise.points) for exercise in verdict.exercises] == [(name, {"relu": 60, "Scale": 0}[name]) for name in order]


def test_a_sandbox_that_does_not_exist_is_a_fault(built, answered):
    with Grader(built, "docker") as grader, pytest.raises(GraderFault, match="it can be bwrap or none"):
        grader.grade(job(grader, answered()))


def test_closing_the_grader_ends_its_judge(built, answered):
    grader = Grader(built, "none")
    grader.start()
    process = grader._process
    grader.close()
    assert process.poll() is not None
