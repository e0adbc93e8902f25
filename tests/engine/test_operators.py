"""Operators are recorded whatever name called them: what is forbidden is found, what is counted is right."""

import pytest
import torch

from autograder import operations
from autograder.judge.operators import forbidden_name
from autograder.judge.reasons import Finding

HEAD = "import threading\nimport numpy\nimport torch\nimport torch.nn as nn\nimport torch.nn.functional as F\nalias = torch.softmax\n"
FORBIDDEN = {
    "torch.softmax(X, 1)": "softmax",
    "F.softmax(X, 1)": "softmax",
    "nn.Softmax(1)(X)": "softmax",
    "X.softmax(1)": "softmax",
    "alias(X, 1)": "softmax",
    "torch.ops.aten.softmax.int(X, 1)": "softmax",
    "torch.ops.aten._softmax(X, 1, False)": "softmax",
    "getattr(torch, 'soft' + 'max')(X, 1)": "softmax",
    "eval('torch.softmax')(X, 1)": "softmax",
    "torch.jit.script(nn.Softmax(1))(X)": "softmax",
    "F.gumbel_softmax(X)": "softmax",
    "F.log_softmax(X, 1).exp()": "log_softmax",
    "F.cross_entropy(X, torch.zeros(2).long())": "cross_entropy",
    "F.nll_loss(X, torch.zeros(2).long())": "cross_entropy",
    "F.conv1d(X[None], X[None])": "conv",
    "nn.Conv1d(2, 2, 1)(X[None])": "conv",
    "F.layer_norm(X, (3,))": "norm",
    "nn.BatchNorm1d(3)(X)": "norm",
    "nn.GRU(3, 2)(X)[0]": "rnn",
    "nn.LSTMCell(3, 2)(X)[0]": "rnn",
    "F.scaled_dot_product_attention(X, X, X)": "attention",
    "nn.MultiheadAttention(3, 1)(X, X, X)[0]": "attention",
    "F.max_pool1d(X[None], 2)": "pool",
    "nn.AdaptiveAvgPool1d(1)(X[None])": "pool",
    "torch.from_numpy(numpy.exp(X.numpy()))": "numpy",
}
ALLOWED = ["X.exp() / X.exp().sum(1, keepdim=True)", "torch.logsumexp(X, 1)", "(X @ X.T).relu()", "nn.Linear(3, 2)(X)", "X.log()", "X.mean(0)"]


def called(student_of, expression, forbid):
    return student_of(f"{HEAD}\ndef f(X):\n    return {expression}", forbid=(forbid,)).f(torch.rand(2, 3))


@pytest.mark.parametrize("expression", FORBIDDEN)
def test_a_forbidden_operation_is_found_by_whatever_name_it_is_called(student_of, expression):
    with pytest.raises(Finding, match="this exercise asks you to write it yourself") as found:
        called(student_of, expression, FORBIDDEN[expression])
    assert found.value.reason == "forbidden operation"


@pytest.mark.parametrize("expression", ALLOWED)
def test_what_is_not_forbidden_is_allowed(student_of, expression):
    for forbid in set(FORBIDDEN.values()):
        called(student_of, expression, forbid)


@pytest.mark.parametrize(
    "body",
    [
        "thread = threading.Thread(target=lambda: out.append(torch.softmax(X, 1))); thread.start(); thread.join(); return out[0]",
        "guard = torch._C._DisableTorchDispatch(); return torch.softmax(X, 1)",
        "with torch._C.DisableTorchFunction(), torch._C._DisableTorchDispatch(): return torch.softmax(X, 1)",
    ],
    ids=["thread", "switched off", "switched off for a while"],
)
def test_an_operation_run_out_of_sight_is_found(student_of, body):
    student = student_of(f"{HEAD}\ndef f(X):\n    out = []\n    {body}", forbid=("softmax",))
    with pytest.raises(Finding) as found:
        student.f(torch.rand(2, 3))
    assert found.value.reason in ("forbidden operation", "tampered")


LAZY = """
class Lazy:
    def __init__(self, X): self.X = X
    def __getitem__(self, _): return torch.softmax(self.X, 1)
    def __len__(self): return int(torch.softmax(self.X, 1).sum())
    def __iter__(self): yield torch.softmax(self.X, 1)
    def __setattr__(self, name, value): vars(self).update({name: value, "Y": torch.softmax(torch.ones(2, 2), 1)})
    def __call__(self): return torch.softmax(self.X, 1)
    value = property(lambda self: torch.softmax(self.X, 1))

def f(X):
    lazy = Lazy.__new__(Lazy)
    vars(lazy)["X"] = X
    return lazy
"""
WAYS = {
    "an attribute": lambda lazy: lazy.value,
    "an item": lambda lazy: lazy[0],
    "a length": len,
    "an iterator": lambda lazy: next(iter(lazy)),
    "a call": lambda lazy: lazy(),
    "setting an attribute": lambda lazy: setattr(lazy, "value", 1),
}


@pytest.mark.parametrize("ask", WAYS.values(), ids=WAYS)
def test_an_operation_that_an_object_runs_when_it_is_asked_is_found(student_of, ask):
    lazy = student_of(HEAD + LAZY, forbid=("softmax",)).f(torch.rand(2, 3))
    with pytest.raises(Finding, match="this exercise asks you to write it yourself"):
        ask(lazy)


BACKWARD = """
import functools
class Outer(torch.autograd.Function):
    @staticmethod
    def forward(ctx, X): return 2 * X
    @staticmethod
    def backward(ctx, G): return {backward}

def by_hand(X): return Outer.apply(X)

class Partial(torch.autograd.Function):
    forward = staticmethod(lambda ctx, X: 2 * X)
    backward = staticmethod(functools.partial(lambda f, ctx, G: f(G), {hook}))

def partly(X): return Partial.apply(X)

def hooked(X):
    Y = 2 * X
    Y.register_hook({hook})
    return Y
"""


@pytest.mark.parametrize("name", ["by_hand", "hooked", "partly"])
def test_an_operation_of_the_students_in_the_backward_pass_is_found(student_of, name):
    source = HEAD + BACKWARD.format(backward="torch.softmax(G, 1)", hook="functools.partial(torch.softmax, dim=1)")
    Y = getattr(student_of(source, forbid=("softmax",)), name)(torch.rand(2, 3, requires_grad=True))
    with pytest.raises(Finding, match=rf"the backward pass of {name} calls torch\.\S*softmax") as found:
        Y.backward(torch.ones(2, 3))
    assert found.value.reason == "forbidden operation"


@pytest.mark.parametrize("body", ["X.var(1)", "X * torch.ones(5, 2, 3)", "(X @ X.T).exp()", "by_hand(X)", "hooked(X)", "partly(X)", "torch.logsumexp(X, 1)"])
def test_what_autograd_runs_by_itself_in_a_backward_pass_is_not_the_students(student_of, body):
    """The gradient of a variance takes a mean, that of a product a sum."""
    source = f"{HEAD}{BACKWARD.format(backward='2 * G', hook='lambda G: G * 1')}\ndef f(X): return {body}"
    student = student_of(source, forbid=("mean", "sum", "exp" if "exp" not in body else "log", "transpose", "t", "expand", "backward", "grad"))
    X = torch.rand(2, 3, requires_grad=True)
    Y = student.f(X)
    Y.backward(torch.ones_like(Y))
    assert X.grad is not None


def test_an_error_in_the_backward_pass_is_told_with_its_line(student_of):
    Y = student_of(HEAD + BACKWARD.format(backward="1 / 0", hook="print")).by_hand(torch.rand(2, 3, requires_grad=True))
    with pytest.raises(Finding, match="the backward pass of by_hand raised ZeroDivisionError") as found:
        Y.sum().backward()
    assert found.value.reason == "crashed"


def test_operators_in_threads_and_inside_of_an_operator_are_counted_once(student_of):
    source = """
from concurrent.futures import ThreadPoolExecutor
pool = ThreadPoolExecutor(2)

@torch.library.custom_op("counted::twice", mutates_args=())
def twice(X: torch.Tensor) -> torch.Tensor:
    return X.exp() + X.exp()

def in_threads(X):
    return list(pool.map(torch.exp, X))

def in_operator(X):
    return twice(X)
"""
    student = student_of(HEAD + source)
    for rows in (5, 7):
        assert operations(student.in_threads, torch.zeros(rows, 2))["aten.exp"] == rows
    assert operations(student.in_operator, torch.zeros(2))["aten.exp"] == 2


def test_packing_a_plain_answer_is_no_operation(student_of):
    student = student_of(HEAD + "def f(X):\n    return [X.T, X.to(torch.uint16), torch.complex(X, X).conj(), torch.nn.Parameter(X), X]\ndef g(X): X.add_(1)")
    assert not {"aten.clone", "aten.view_as_real"} & set(operations(student.f, torch.zeros(2, 3)))
    assert operations(student.g, torch.zeros(2, 3)) == {"aten.add_": 1}


def test_an_operation_of_the_judges_own_callback_is_not_the_students(student_of):
    student = student_of("def apply(f, X): return f(X)", forbid=("softmax",))
    student.apply(lambda X: torch.softmax(X, 1), torch.rand(2, 3))


def test_a_forbidden_operation_is_found_also_when_the_call_fails_afterwards(student_of):
    student = student_of(HEAD + "def f(X):\n    torch.softmax(X, 1)\n    raise ValueError('too late')", forbid=("softmax",))
    with pytest.raises(Finding, match="this exercise asks you to write it yourself"):
        student.f(torch.rand(2, 3))


def test_operators_are_counted(student_of):
    student = student_of(HEAD + "def f(X):\n    for row in X:\n        row = row.exp()\n    return X + 1")
    assert operations(student.f, torch.zeros(5, 2))["aten.exp"] == 5
    assert operations(student.f, torch.zeros(7, 2))["aten.exp"] == 7
    assert operations(lambda X: X.exp(), torch.zeros(2)) == {"aten.exp": 1}


@pytest.mark.parametrize(
    ("seen", "forbid", "found"),
    [
        (["aten._softmax"], ["softmax"], "torch.softmax"),
        (["aten._softmax", "torch.nn.functional.softmax"], ["softmax"], "torch.nn.functional.softmax"),
        (["aten.exp"], ["softmax"], None),
        (["aten.softplus"], ["soft"], None),
        (["torch.Tensor.softmax_"], ["softmax"], "torch.Tensor.softmax_"),
        (["aten.convolution"], ["conv"], "torch.convolution"),
    ],
)
def test_a_name_is_matched_whole(seen, forbid, found):
    assert forbidden_name(seen, forbid) == found


MARKS = """
import torch
from torch import nn
from torch.profiler import profile, record_function
net = nn.Linear(3, 2)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)

def step():
    net(torch.ones(1, 3)).sum().backward()
    optimizer.step()

def profiled():
    with record_function("outside"), profile() as seen, record_function("mine"):
        step()
    return sorted(event.key for event in seen.key_averages() if event.key in ("mine", "outside") or "step" in event.key)
"""


def test_the_marks_that_optimizers_set_for_a_profiler_are_left_out_until_one_runs(student_of):
    student = student_of(MARKS)
    counts = operations(student.step)
    assert counts["aten.add_"] == 2
    assert not [name for name in counts if "record_function" in name]
    assert student.profiled() == ["Optimizer.step#SGD.step", "mine"]
