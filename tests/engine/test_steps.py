"""A loop over the batch shows, also where it runs no tensor operation; NumPy on the whole array is no loop."""

import sys

import pytest
import torch

from autograder.judge.checks import assert_vectorised
from autograder.judge.reasons import Finding
from autograder.sandbox import steps

FUNCTION = """
import numpy as np
import torch

def forward(X):
{}

class Softmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx, X):
        P = forward(X.detach().numpy()).astype(np.float32)
        ctx.P = P
        return torch.from_numpy(P)

    @staticmethod
    def backward(ctx, G):
        G = G.numpy()
        return torch.from_numpy(ctx.P * (G - (ctx.P * G).sum(1, keepdims=True)))

def softmax(X):
    return Softmax.apply(X)
"""
WHOLE = "    E = np.exp(X - X.max(1, keepdims=True))\n    return E / E.sum(1, keepdims=True)"
RIGHT = {
    "NumPy on the whole array": WHOLE,
    "NumPy in several steps": "    X = np.asarray(X)\n" + WHOLE.replace("X.max", "np.max(X, 1, keepdims=True) + 0 * X.max"),
    "einsum": "    E = np.exp(X)\n    return np.einsum('ij,i->ij', E, 1 / np.einsum('ij->i', E))",
    "a loop over the classes": "    E = np.exp(X)\n    total = 0\n    for j in (0, 1, 2):\n        total = total + E[:, j]\n    return E / total[:, None]",
    "a loop of as many turns for each batch": WHOLE.replace("    return", "    for _ in range(40):\n        pass\n    return"),
}
ROW = "np.exp(row) / np.exp(row).sum()"
LOOPS = {
    "a loop over rows": f"    rows = []\n    for row in X:\n        rows.append({ROW})\n    return np.stack(rows)",
    "a loop in one line": f"    rows = []\n    for row in X: rows.append({ROW})\n    return np.stack(rows)",
    "a comprehension": f"    return np.stack([{ROW} for row in X])",
    "a generator": f"    return np.stack(list({ROW} for row in X))",
    "map with a lambda": f"    return np.stack(list(map(lambda row: {ROW}, X)))",
    "while": f"    i, P = 0, np.empty_like(X)\n    while i < len(X): row = X[i]; P[i] = {ROW}; i += 1\n    return P",
    "calls of itself": f"    row = X[0]\n    return {ROW}[None] if len(X) == 1 else np.concatenate([forward(X[:1]), forward(X[1:])])",
    "apply_along_axis": f"    return np.apply_along_axis(lambda row: {ROW}, 1, X)",
    "vectorize": "    E = np.vectorize(lambda x: np.exp(x))(X)\n    return E / E.sum(1, keepdims=True)",
    "frompyfunc": "    E = np.frompyfunc(lambda x: np.exp(x), 1, 1)(X).astype(np.float32)\n    return E / E.sum(1, keepdims=True)",
    "source that is run": f"    rows = []\n    exec('for row in X: rows.append({ROW})', globals(), dict(X=X, rows=rows))\n    return np.stack(rows)",
    "lists": "    import math\n    return np.array([[math.exp(x) / sum(map(math.exp, row)) for x in row] for row in X.tolist()])",
    "an iterator of NumPy's": "    E = np.exp(X)\n    for i, j in np.ndindex(X.shape):\n        pass\n    return E / E.sum(1, keepdims=True)",
}
LOOP = LOOPS["a loop over rows"]
TRICKS = {
    "switches tracing off": f"    import sys\n    sys.settrace(None)\n{LOOP}",
    "switches tracing off and on again": "    import sys\n    trace = sys.gettrace()\n    sys.settrace(None)\n"
    f"{LOOP.replace('return', 'P =')}\n    sys.settrace(trace)\n    return P",
    "traces itself": f"    import sys\n    sys.settrace(lambda *_: None)\n{LOOP}",
    "switches monitoring off and on again": "    import sys\n    m = getattr(sys, 'monitoring', None)\n"
    "    before = m and m.get_events(4)\n    m and m.set_events(4, 0)\n"
    f"{LOOP.replace('return', 'P =')}\n    m and m.set_events(4, before)\n    return P",
    "leaves its frame out": f"    import sys\n    sys._getframe().f_trace = None\n{LOOP}",
    "takes tracing away from sys": f"    import sys\n    sys.settrace = sys.gettrace = lambda *_: None\n{LOOP}",
}  # fmt: skip


def check(student, function="softmax"):
    assert_vectorised(getattr(student, function), lambda n: (torch.randn(n, 3, generator=torch.Generator().manual_seed(n)),), what="softmax(X)")


@pytest.mark.parametrize("kind", RIGHT)
def test_numpy_without_a_loop_over_the_batch_is_not_too_slow(student_of, kind):
    check(student_of(FUNCTION.format(RIGHT[kind])))


@pytest.mark.parametrize("kind", LOOPS)
def test_a_loop_that_runs_no_tensor_operation_is_too_slow(student_of, kind):
    with pytest.raises(Finding, match=r"softmax\(X\) takes \d+ steps of Python for a batch of 4 and \d+ for a batch of 32: it loops over the batch") as found:
        check(student_of(FUNCTION.format(LOOPS[kind])))
    assert found.value.reason == "too slow"


@pytest.mark.parametrize("kind", TRICKS)
def test_who_switches_the_count_off_gains_nothing(student_of, kind):
    with pytest.raises(Finding) as found:
        check(student_of(FUNCTION.format(TRICKS[kind])))
    assert found.value.reason in ("tampered", "too slow")


def test_a_loop_in_numpy_shows_beside_tensor_operations_too(student_of):
    loop = "def softmax(X):\n    return torch.tensor([[float(x) for x in row] for row in X.numpy()]) + 1"
    with pytest.raises(Finding, match="steps of Python"):
        check(student_of("import torch", loop))


def test_a_loop_over_tensors_is_too_slow_as_ever(student_of):
    with pytest.raises(Finding, match="runs 10 tensor operations for a batch of 4 and 66 for a batch of 32"):
        check(student_of("import torch", "def softmax(X):\n    return torch.stack([row for row in map(torch.exp, [X[i] for i in range(len(X))])]).exp()"))


@pytest.mark.parametrize("body", ["return X", "return 0.5", "return X.tolist()", "return X.numpy()", "return torch.tensor([[1.0, 2.0]])"])
def test_what_computes_nothing_is_no_answer(student_of, body):
    with pytest.raises(Finding, match="runs no tensor operation at all"):
        check(student_of(f"import torch\ndef softmax(X):\n    {body}"))


def test_a_list_of_words_may_be_made_one_by_one(student_of):
    check(student_of("import torch\ndef softmax(X):\n    return ['abc'[i] for i in X.argmax(1).tolist()]"))


def test_steps_are_as_many_in_each_run():
    def work(n: int) -> list[int]:
        return [i * i for i in range(n)]

    few, again, many = (steps.counted(lambda n=n: work(n))[1] for n in (3, 3, 30))
    assert 0 < few == again < many - 26


def test_an_exception_ends_the_count():
    with pytest.raises(ZeroDivisionError):
        steps.counted(lambda: 1 / 0)
    assert sys.gettrace() is None or "steps" not in str(sys.gettrace())
    assert steps.counted(lambda: 7)[0] == 7
