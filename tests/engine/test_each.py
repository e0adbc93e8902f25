"""Several calls in one message give what they give one by one."""

import pytest
import torch

from autograder import assert_agrees
from autograder.judge.local import LocalStudent
from autograder.judge.reasons import Finding, StudentFailure
from autograder.judge.student import copied

SOURCE = """
import torch
buffer = torch.zeros(2)
rows = []

def twice(X, plus=0):
    return 2 * X + plus

def in_place(X):
    X += 1
    return X

def into_a_buffer(X):
    return buffer.copy_(X)

def into_a_list(x):
    rows.append(x)
    return rows, {"all": rows}

def root(x):
    if x < 0:
        raise ValueError("negative")
    return x ** 0.5

def soft(X):
    return torch.softmax(X, 0)

def graph(X):
    return (X * 3).sum()

def apply(f, X):
    return f(X)
"""


@pytest.fixture(params=["over the wire", "in this process"])
def student(request, student_of):
    if request.param == "over the wire":
        return student_of(SOURCE)
    scope: dict = {}
    exec(SOURCE, scope)
    return LocalStudent(scope)


def test_each_case_has_its_own_result_and_the_arguments_stay_as_they_are(student):
    X = torch.tensor([1.0, 2.0])
    results = list(student.twice.each([(X,), (X, 5), (torch.tensor(3),)]))
    for result, expected in zip(results, [2 * X, 2 * X + 5, torch.tensor(6)], strict=True):
        assert torch.equal(result, expected)
    for result in student.in_place.each([(X,), (X,)]):
        assert torch.equal(result, torch.tensor([2.0, 3.0]))
    assert torch.equal(X, torch.tensor([1.0, 2.0]))
    assert list(student.twice.each([])) == []


def test_a_result_is_what_it_was_when_it_was_given(student_of):
    student = student_of(SOURCE)
    first, second = student.into_a_buffer.each([(torch.tensor([1.0, 2.0]),), (torch.tensor([3.0, 4.0]),)])
    assert first.tolist() == [1.0, 2.0] and second.tolist() == [3.0, 4.0]
    assert list(student.into_a_list.each([(1,), (2,)])) == [([1], {"all": [1]}), ([1, 2], {"all": [1, 2]})]


def test_the_error_of_a_call_is_raised_at_its_result(student):
    results = student.root.each([(4.0,), (-1.0,), (9.0,)])
    assert next(results) == 2.0
    with pytest.raises(StudentFailure, match="root raised ValueError: negative") as found:
        next(results)
    assert found.value.reason == "crashed"
    with pytest.raises(StudentFailure) as missing:
        assert_agrees(student.absent, abs, {"absent(1)": (1,)})
    assert missing.value.reason == "missing"


def test_a_forbidden_operation_is_found_in_any_of_the_calls(student_of):
    student = student_of(SOURCE, forbid=("softmax",))
    assert list(student.root.each([(4.0,)])) == [2.0]
    with pytest.raises(Finding, match=r"soft calls torch\.softmax"):
        list(student.soft.each([(torch.zeros(2),), (torch.zeros(3),)]))


def test_a_function_of_the_judges_may_be_among_the_arguments(student):
    assert [float(result) for result in student.apply.each([(lambda X: X + 1, torch.tensor(1.0)), (lambda X: X * 5, torch.tensor(2.0))])] == [2.0, 10.0]


def test_arguments_may_require_a_gradient(student):
    X = torch.ones(2, requires_grad=True)
    assert [float(result.detach()) for result in student.graph.each([(X,), (2 * X.detach(),)])] == [6.0, 12.0]
    assert X.grad is None


@pytest.mark.parametrize("forged", [[[1], None], [[1, 2, 3], None], [[1, 2], {}], [[], None], 7, None, [None, None], [[1], "error"], [[1], 3]], ids=str)
def test_an_answer_of_another_kind_is_not_read(student_of, monkeypatch, forged):
    student = student_of(SOURCE)
    monkeypatch.setattr(type(student), "_ask", lambda *_: forged)
    with pytest.raises(Finding, match="gave back something that cannot be read") as found:
        list(student.root.each([(4.0,), (9.0,)]))
    assert found.value.reason == "tampered"


def test_agrees_names_the_case_that_does_not(student):
    X = torch.tensor([1.0, 2.0])
    assert_agrees(student.twice, lambda X, plus=0: 2 * X + plus, {"twice of X": (X,), "twice of X, plus 3": (X, 3)})
    with pytest.raises(Finding, match="twice of X, plus 3: 2 of 2 entries are wrong"):
        assert_agrees(student.twice, lambda X, plus=0: 2 * X - plus, {"twice of X": (X,), "twice of X, plus 3": (X, 3)})


def test_a_part_of_a_larger_tensor_is_copied_as_one():
    whole = torch.arange(12.0)
    for part in (whole[::3], whole.reshape(3, 4)[:, 1:3], whole.reshape(3, 4).T):
        copy = copied(part)
        assert copy.stride() == part.stride()
        assert torch.equal(copy, part)
        assert copy.data_ptr() != part.data_ptr()
    windows = whole.unfold(0, 4, 1)
    assert torch.equal(copied(windows), windows)
