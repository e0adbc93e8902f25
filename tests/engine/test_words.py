"""What a student reads: the first thing that is wrong, in order, without expected numbers, and nothing that does harm where it is shown."""

import io
import re
import unicodedata

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from autograder import assert_close, assert_finite, assert_gradients, assert_shape, assert_unchanged, assert_vectorised, expect, fail, kind_of, load_weights
from autograder.judge.explain import explain
from autograder.judge.reasons import REASONS, Finding, StudentFailure
from autograder.judge.student import failure_of
from autograder.judge.verdict import CriterionResult, ExerciseResult, Verdict
from autograder.judge.words import one_line, shape_remark
from autograder.reports.feedback import exercise_html, notes_html
from autograder.reports.terminal import show_verdict
from autograder.wire.peer import RemoteError

RIGHT = torch.tensor([[0.1234, 0.5678, 0.9111], [0.2222, 0.3333, 0.4444]])


def finding(check, *args, **options) -> Finding:
    with pytest.raises(Finding) as found:
        check(*args, **options)
    return found.value


def close(actual, expected, **options) -> Finding:
    return finding(assert_close, actual, expected, what="f(X)", **options)


# -- assert_close: type, then shape, then dtype, then values -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "reason", "words"),
    [
        (None, "wrong type", "f(X) is None, a torch.Tensor was expected (is the return statement missing?)"),
        ([[1.0]], "wrong type", "f(X) is a list, a torch.Tensor was expected"),
        (0.5, "wrong type", "f(X) is a float, a torch.Tensor was expected"),
        (torch.zeros(3, dtype=torch.int64), "wrong shape", "f(X) has shape (3,), expected (2, 3): was a dimension summed or indexed away?"),
        (torch.zeros(3, 2, dtype=torch.float64), "wrong shape", "f(X) has shape (3, 2), expected (2, 3): are the dimensions the wrong way round?"),
        (torch.zeros(2, 3, dtype=torch.float64), "wrong type", "f(X) has dtype float64, expected float32"),
        (torch.zeros(2, 3, dtype=torch.int64), "wrong type", "f(X) has dtype int64, expected float32"),
        (RIGHT.clone().fill_(torch.nan), "unstable", "f(X) is NaN at [0, 0] where it should be finite (6 of 6 entries)"),
        (RIGHT / 0, "unstable", "f(X) is infinite at [0, 0] where it should be finite (6 of 6 entries)"),
        (RIGHT + torch.tensor([[0, 0, 0.25], [0, 0.125, 0]]), "wrong value", "f(X): 2 of 6 entries are wrong; the largest difference, 0.25, is at [0, 2]"),
    ],
)
def test_a_tensor_is_told_its_type_then_its_shape_then_its_dtype_then_its_values(actual, reason, words):
    found = close(actual, RIGHT)
    assert (found.reason, found.message) == (reason, words)


@pytest.mark.parametrize(
    ("actual", "expected", "reason", "words"),
    [
        ("x", 1.5, "wrong type", "f(X) is a str, a number was expected"),
        (torch.zeros(2), 1.5, "wrong shape", "f(X) has shape (2,), one number was expected"),
        (1.25, 1.5, "wrong value", "f(X) is 1.25, which is off by 0.25"),
        (float("nan"), 1.5, "unstable", "f(X) is nan; a finite number was expected"),
        (2, 3, "wrong value", "f(X) is 2, which is off by 1"),
        ("x", True, "wrong type", "f(X) is a str, True or False was expected"),
        (False, True, "wrong value", "f(X) is False; it should be the opposite"),
        (3, [1], "wrong type", "f(X) is an int, a list or tuple of 1 was expected"),
        ([1, 2], [1], "wrong shape", "f(X) has 2 items, 1 were expected"),
        ([1, 5], (1, 2), "wrong value", "f(X)[1] is 5, which is off by 3"),
        ([], {"a": 1}, "wrong type", "f(X) is a list, a dict was expected"),
        ({"b": 1}, {"a": 1}, "wrong value", "f(X) has no key 'a'"),
        ({"a": 1, "b": 1}, {"a": 1}, "wrong value", "f(X) has 2 keys, 1 were expected"),
        ({"a": 4}, {"a": 1}, "wrong value", "f(X)['a'] is 4, which is off by 3"),
        (3, "text", "wrong type", "f(X) is not what it should be"),
        ("tex", "text", "wrong value", "f(X) is not what it should be"),
    ],
)
def test_other_values_are_told_their_type_then_their_size_then_their_values(actual, expected, reason, words):
    found = close(actual, expected)
    assert (found.reason, found.message) == (reason, words)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (RIGHT + 1e-7, RIGHT), (torch.tensor(1.5), 1.5), (torch.tensor([2]), 2), (1, True), (True, 1), ((1, 2), [1, 2]), ([1, 2], (1, 2)),
        (torch.tensor([torch.nan]), torch.tensor([torch.nan])), (torch.tensor([torch.inf]), torch.tensor([torch.inf])), (float("nan"), float("nan")),
        (torch.zeros(0, 3), torch.zeros(0, 3)), (torch.tensor(True), torch.tensor(True)), (2**60, 2**60), (torch.ones(2, dtype=torch.bfloat16),) * 2,
        (torch.ones(2, dtype=torch.complex64),) * 2, ({"b": 1, "a": [2]}, {"a": [2], "b": 1}), (None, None), (RIGHT.requires_grad_(False).T, RIGHT.T.clone()),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_close_is_accepted(actual, expected):
    assert_close(actual, expected, what="f(X)")


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (torch.tensor([2**62 + 1]), torch.tensor([2**62])), (2**60 + 1, 2**60), (torch.tensor([1 + 1j]), torch.tensor([1 + 2j])),
        (torch.tensor([torch.inf]), torch.tensor([-torch.inf])), (float("inf"), float("-inf")), (True, 2), (torch.tensor([True]), torch.tensor([False])),
        (torch.tensor(2**60 + 1), 2**60), (1e-9, 1), (10**400, 1.5), (10**400, 10**401), (1, None), (None, 0), ("1", 1), (b"a", "a"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_not_close_is_found(actual, expected):
    close(actual, expected)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64], ids=str)
def test_the_tolerance_is_that_of_torch_testing_for_the_dtype(dtype):
    right = torch.linspace(0.5, 2, 7, dtype=torch.float64).to(dtype)
    for step in (0.0, 1e-8, 1e-6, 1e-4, 1e-2, 1.0):
        moved = (right.to(torch.complex128) * (1 + step)).to(dtype) if dtype.is_complex else (right.to(torch.float64) * (1 + step)).to(dtype)
        try:
            torch.testing.assert_close(moved, right)
        except AssertionError:
            close(moved, right)
        else:
            assert_close(moved, right, what="f(X)")


@given(st.lists(st.floats(-1e3, 1e3).filter(lambda x: abs(x) > 1e-2), min_size=2, max_size=8), st.integers(0, 2**31))
def test_an_expected_entry_of_a_tensor_is_never_in_the_message(entries, seed):
    right = torch.tensor(entries, dtype=torch.float64)
    wrong = right + torch.randn(right.shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).abs() + 0.5
    for actual in (wrong, wrong.tolist(), wrong[:-1], wrong.float(), wrong * torch.nan, None):
        message = close(actual, right).message
        numbers = {abs(float(text)) for text in re.findall(r"\d+\.\d+(?:e[+-]?\d+)?", message)}
        assert not numbers & {abs(float(f"{entry:.{digits}g}")) for entry in entries for digits in range(4, 8) if entry != int(entry)}


# -- the other checks --------------------------------------------------------------------------------------------------------


def twice_detached(X):
    return (2 * X).detach()


class WrongSlope(torch.autograd.Function):
    @staticmethod
    def forward(ctx, X):
        return X**2

    @staticmethod
    def backward(ctx, upstream):
        return upstream


def by_rows(X):
    return torch.stack([row * 2 for row in X])


X64 = torch.linspace(0.3, 2, 6, dtype=torch.float64).reshape(2, 3).requires_grad_()
OTHER_CHECKS = [
    (assert_shape, ([1], (1,)), "wrong type", "Y is a list, a torch.Tensor was expected"),
    (assert_shape, (torch.zeros(2, 1), (2,)), "wrong shape", "Y has shape (2, 1), expected (2,): is there a dimension of size 1 too many?"),
    (assert_finite, (None,), "wrong type", "Y is None, a torch.Tensor was expected (is the return statement missing?)"),
    (assert_finite, (torch.tensor([1, torch.inf]),), "unstable", "Y is infinite at [1] (1 of 2 entries are not finite)"),
    (assert_finite, (float("nan"),), "unstable", "Y is NaN at its only entry (1 of 1 entries are not finite)"),
    (assert_unchanged, (torch.zeros(2), torch.ones(2)), "wrong value", "Y was changed by the call; it should be left as it was"),
    (assert_unchanged, (torch.zeros(2), torch.zeros(3)), "wrong value", "Y was changed by the call; it should be left as it was"),
    (assert_gradients, (lambda X: [1], X64), "wrong type", "Y is a list, a torch.Tensor was expected"),
    (assert_gradients, (twice_detached, X64), "no gradient", "Y carries no graph: no gradient can flow back through it"),
    (assert_gradients, (WrongSlope.apply, X64), "no gradient", "the gradient of Y is not that of the function: it differs from the slope measured"),
    (assert_gradients, (lambda X: X / 0, X64), "unstable", "Y is infinite at [0, 0] (6 of 6 entries are not finite)"),
    (assert_vectorised, (by_rows, lambda n: (torch.ones(n, 2),)), "too slow", "tensor operations for a batch of 4 and"),
    (assert_vectorised, (lambda X: X.numpy() * 2, lambda n: (torch.ones(n, 2),)), "too slow", "was it computed outside PyTorch?"),
]


@pytest.mark.parametrize(("check", "args", "reason", "words"), OTHER_CHECKS)
def test_every_check_says_what_is_wrong_with_its_reason(check, args, reason, words):
    found = finding(check, *args, what="Y")
    assert found.reason == reason
    assert found.message.startswith(words) or words in found.message


def test_every_check_accepts_what_is_right():
    assert_shape(RIGHT, (2, 3), what="Y")
    assert_finite(RIGHT, what="Y")
    assert_finite(3, what="Y")
    assert_unchanged(torch.tensor([torch.nan]), torch.tensor([torch.nan]), what="Y")
    assert_gradients(lambda X: (X.sin(), 3), X64, what="Y")
    assert_vectorised(lambda X: X.exp().sum(1), lambda n: (torch.ones(n, 2),), what="f")


def test_a_condition_must_be_plainly_true():
    expect(True, "x")
    expect(torch.tensor(True), "x")
    for value in (1, "yes", [0], torch.tensor([True, True]), None, False):
        assert finding(expect, value, "it should grow").message == "it should grow"
    assert finding(fail, "no", "too slow").reason == "too slow"
    with pytest.raises(ValueError, match="reason 'bad' is not one of"):
        fail("no", "bad")


NETS = """
import torch
class Net(torch.nn.Module):
    def __init__(self, *shapes):
        super().__init__()
        self.weights = torch.nn.ParameterList([torch.zeros(shape) for shape in shapes])
"""
TENSORS = [torch.full((3, 2), 1.0), torch.full((2,), 2.0), torch.full((4,), 3.0)]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_weights_go_where_their_shape_is(student_of, order):
    net = student_of(NETS).Net(*[tuple(TENSORS[i].shape) for i in order])
    load_weights(net._student, net, TENSORS)
    assert [p.flatten()[0].item() for p in net.parameters()] == [i + 1 for i in order]


@pytest.mark.parametrize(
    ("shapes", "reason", "words"),
    [
        ([], "missing", "the network has no parameters: are its layers registered"),
        ([(3, 2)], "wrong shape", "the network has 1 parameter tensors, 3 were expected"),
        ([(3, 2), (2,), (5,)], "wrong shape", "the network has a parameter of shape (5,) that does not fit the description"),
    ],
)
def test_a_network_that_does_not_fit_the_weights_says_how(student_of, shapes, reason, words):
    net = student_of(NETS).Net(*shapes)
    found = finding(load_weights, net._student, net, TENSORS)
    assert found.reason == reason
    assert words in found.message


def test_a_kind_has_one_word(student_of):
    student = student_of(
        NETS + "\nimport numpy\ndef echo(x): return x\ndef array(): return numpy.zeros(2)\ndef iterator(): return iter([1])\ndef itself(): return echo"
    )
    kinds = {"tensor": RIGHT, "number": 1.5, "bool": True, "string": "a", "none": None, "list": [1], "tuple": (1,), "dict": {}}
    assert {kind_of(student.echo(value)): kind for kind, value in kinds.items()} == {kind: kind for kind in kinds}
    assert [kind_of(f()) for f in (student.Net, student.array, student.iterator, student.itself)] == ["module", "array", "iterator", "function"]


@pytest.mark.parametrize(
    ("actual", "expected", "words"),
    [
        ((3, 2), (2, 3), "the wrong way round"),
        ((2, 3, 1), (2, 3), "a dimension of size 1 too many"),
        ((3,), (2, 3), "summed or indexed away"),
        ((4, 2, 3), (2, 3, 4), "in another order"),
        ((5,), (2, 3), ""),
        ((2, 4), (2, 3), ""),
    ],
)
def test_a_wrong_shape_gets_a_question_where_one_can_be_guessed(actual, expected, words):
    remark = shape_remark(actual, expected)
    assert words in remark
    assert bool(words) == bool(remark)


# -- what a test raised --------------------------------------------------------------------------------------------------------


def raised_by(function):
    try:
        function()
    except Exception as error:
        return explain(error)
    raise AssertionError("nothing was raised")


def test_torch_testing_is_told_without_its_expected_numbers():
    reason, words = raised_by(lambda: torch.testing.assert_close(RIGHT + 0.125, RIGHT))
    assert (reason, words) == ("wrong value", "the values are not close; 6 of 6 entries are wrong; the largest difference, 0.125, is at (0, 0)")
    assert raised_by(lambda: torch.testing.assert_close(RIGHT[0], RIGHT)) == ("wrong shape", "the result has the wrong shape")
    assert raised_by(lambda: torch.testing.assert_close(RIGHT.double(), RIGHT)) == ("wrong type", "the result has the wrong dtype")
    for actual, expected in ((1.5, 2.71828), ([1.5], [2.71828]), ({"a": 1.5}, {"a": 2.71828}), (torch.tensor(1.5), torch.tensor(2.71828))):
        assert "2.718" not in raised_by(lambda a=actual, e=expected: torch.testing.assert_close(a, e))[1]


@pytest.mark.parametrize(
    "error", [TypeError("2.718"), AttributeError("2.718"), KeyError(2.718), IndexError("2.718"), RuntimeError("2.718"), ZeroDivisionError()]
)
def test_an_exception_in_the_test_itself_tells_none_of_its_text(error):
    reason, words = explain(error)
    assert reason in REASONS
    assert "2.718" not in words


# -- what a student's own text may do --------------------------------------------------------------------------------------------

NASTY = "\x1b[31mred\x1b[0m\n::error::x\r\n<script>alert(1)</script>\t\u202eright to left\u2066 \x00\x07 [bold]markup[/] \ud800 \u2028 end"


def shown(text: str) -> bool:
    return text.isprintable() and not any(unicodedata.category(c) in ("Cf", "Co", "Cs", "Cc") for c in text)


@given(st.text(alphabet=st.characters(), max_size=400))
def test_one_line_is_one_printable_line_of_limited_length(text):
    line = one_line(text, 100)
    assert shown(line)
    assert len(line) <= 100
    assert line == line.strip()


def test_a_long_text_is_cut_and_says_so():
    assert one_line("x" * 10**7, 50) == "x" * 49 + "…"


@pytest.mark.parametrize("reason", REASONS)
def test_an_exception_of_the_students_becomes_one_harmless_line(reason):
    failure = failure_of(RemoteError(reason, NASTY, NASTY * 50, NASTY), "softmax")
    assert isinstance(failure, StudentFailure)
    assert shown(failure.message)
    assert len(failure.message) < 700


def test_an_exception_that_cannot_be_told_is_still_told(student_of):
    student = student_of("""
class Evil(Exception):
    def __str__(self): raise ValueError
    __repr__ = __str__

class Long(Exception):
    def __str__(self): return "x" * 10_000_000

class Loud(type):
    __name__ = property(lambda cls: 5)

def evil(): raise Evil
def long(): raise Long
""")
    for name in ("evil", "long"):
        with pytest.raises(StudentFailure) as failure:
            getattr(student, name)()
        assert failure.value.reason == "crashed"
        assert len(failure.value.message) < 700


def nasty_verdict() -> Verdict:
    criterion = CriterionResult("a title", 1, False, "crashed", NASTY, NASTY)
    return Verdict("ps", NASTY, [ExerciseResult("softmax", 5, [criterion, CriterionResult("b", 1, True, "passed")])], ["bwrap"], 1.0, [NASTY])


def test_feedback_shows_html_and_never_obeys_it():
    verdict = nasty_verdict()
    for html in (exercise_html(verdict.exercises[0]), notes_html(verdict.notes)):
        assert "<script" not in html
        assert "&lt;script&gt;" in html


@pytest.mark.parametrize("width", [20, 33, 80, 200])
def test_the_terminal_gets_no_control_characters_markup_or_workflow_commands(width):
    file = io.StringIO()
    show_verdict(Console(file=file, width=width, highlight=False), nasty_verdict())
    text = file.getvalue()
    assert all(shown(line) for line in text.splitlines())
    assert not any(line.strip().startswith(("::", "##[")) for line in text.splitlines())
    assert "[bold]" in text.replace("\n", "").replace(" ", "")


def test_a_number_in_feedback_has_at_most_two_decimals():
    html = exercise_html(ExerciseResult("f", 10, [CriterionResult("a", 1, True, "passed"), CriterionResult("b", 2, False, "wrong value")]))
    assert "3.33 of 10 points" in html
