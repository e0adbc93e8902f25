"""What several criteria of an exercise look at is asked for once, and anew when the process it was asked in has gone."""

import pytest
import torch

from autograder.judge.local import LocalStudent
from autograder.judge.reasons import StudentFailure

SOURCE = """
import os
import torch
calls = 0

def count(X):
    global calls
    calls += 1
    return X + calls

def die(code):
    os._exit(code)
"""


def counted(student, X):
    return {"results": [student.count(X), student.count(X)]}


def counted_or_dead(student, alive):
    first = student.count(torch.zeros(1))
    return first if alive else student.die(3)


def test_later_criteria_get_copies_of_what_the_first_was_given(walled, run_in):
    session = run_in(walled, SOURCE)
    first = session.student.once(counted, torch.zeros(2))
    assert [tensor.tolist() for tensor in first["results"]] == [[1, 1], [2, 2]]
    first["results"][0].fill_(9)
    session.begin_criterion(seed=2, seconds=20)
    again = session.student.once(counted, torch.ones(2))
    assert [tensor.tolist() for tensor in again["results"]] == [[1, 1], [2, 2]]
    assert session.student.count(torch.zeros(1)).item() == 3


def test_what_failed_or_was_asked_of_a_process_that_ended_is_asked_for_anew(walled, run_in):
    session = run_in(walled, SOURCE)
    assert session.student.once(counted, torch.zeros(1))["results"][1].item() == 2
    with pytest.raises(StudentFailure, match="ended the program"):
        session.student.once(counted_or_dead, False)
    session.begin_criterion(seed=2, seconds=20)
    assert session.student.once(counted_or_dead, True).item() == 1
    assert session.student.once(counted, torch.zeros(1))["results"][1].item() == 3


def test_the_next_exercise_asks_for_itself(walled, run_in):
    session = run_in(walled, SOURCE)
    session.student.once(counted, torch.zeros(1))
    session.begin_exercise((), "another")
    session.begin_criterion(seed=2, seconds=20)
    assert [result.item() for result in session.student.once(counted, torch.zeros(1))["results"]] == [1, 2]


def test_on_a_plain_namespace_each_criterion_asks():
    scope: dict = {}
    exec(SOURCE, scope)
    student = LocalStudent(scope)
    assert student.once(counted, torch.zeros(1))["results"][1].item() == 2
    assert student.once(counted, torch.zeros(1))["results"][1].item() == 4
