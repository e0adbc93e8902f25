"""Calls across the line behave as if they were local: results, exceptions, callbacks, autograd, changes in place."""

import contextlib
import socket
import threading
import time

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.judge.jobs import BrokenGrader
from autograder.judge.reasons import StudentFailure
from autograder.judge.student import RemoteObject, Student
from autograder.wire.errors import Closed, Late, Malformed, WireError
from autograder.wire.frames import receive_frame, send_frame
from autograder.wire.peer import Peer, RemoteError
from autograder.wire.values import Encoder

SOURCE = """
import torch

def echo(*args, **kwargs):
    return args[0] if len(args) == 1 and not kwargs else [list(args), kwargs]

def softmax(X):
    E = torch.exp(X - X.amax(dim=1, keepdim=True))
    return E / E.sum(dim=1, keepdim=True)

def double_in_place(X):
    with torch.no_grad():
        X *= 2
    return X

def clear_gradients(params):
    for p in params:
        p.grad.zero_()

def forget_gradients(params):
    for p in params:
        p.grad = None

def fail(kind):
    raise kind_of_error[kind]("the text")

kind_of_error = {error.__name__: error for error in (ValueError, NotImplementedError, MemoryError, SystemExit, KeyboardInterrupt)}

def apply(f, *args):
    return f(*args)

def swallow(f):
    try:
        f(1)
        return "swallowed nothing"
    except BaseException:
        return "swallowed"

def slope(f, x):
    x = x.detach().requires_grad_()
    return torch.autograd.grad(f(x).sum(), x)[0]

def grad_mode():
    return torch.is_grad_enabled()

class Net(torch.nn.Module):
    def __init__(self, k):
        super().__init__()
        self.layer = torch.nn.Linear(k, 1)
        self.calls = 0

    def forward(self, X):
        self.calls += 1
        return self.layer(X)

def countdown(n):
    while n:
        yield n
        n -= 1
"""


@pytest.fixture
def student(student_of) -> Student:
    return student_of(SOURCE)


# -- results and exceptions -------------------------------------------------------------------------------------------------


def test_a_call_returns_what_the_function_returns(student):
    assert student.echo(1, "two", (3.0, None), named=[True]) == [[1, "two", (3.0, None)], {"named": [True]}]


def test_a_name_that_is_not_defined_is_missing(student):
    with pytest.raises(StudentFailure, match="the notebook does not define `sotfmax`") as failure:
        student.sotfmax(torch.zeros(1, 2))
    assert failure.value.reason == "missing"
    assert not student.has("sotfmax")
    assert student.has("softmax")


REASONS = {
    "ValueError": "crashed",
    "NotImplementedError": "crashed",  # with a text it is PyTorch's, of something that it cannot do
    "MemoryError": "memory",
    "SystemExit": "exited",
    "KeyboardInterrupt": "crashed",
}


@pytest.mark.parametrize(("kind", "reason"), REASONS.items())
def test_an_exception_is_a_failure_with_its_reason_and_the_next_call_works(student, kind, reason):
    with pytest.raises(StudentFailure) as failure:
        student.fail(kind)
    assert failure.value.reason == reason
    assert student.echo(1) == 1


def test_what_is_not_written_yet_is_not_attempted(student_of):
    student = student_of(SOURCE, "def todo(): raise NotImplementedError\ndef todo_too(): raise NotImplementedError()")
    for name in ("todo", "todo_too"):
        with pytest.raises(StudentFailure) as failure:
            getattr(student, name)()
        assert failure.value.reason == "not attempted"


def test_the_failure_names_the_exception_its_text_and_the_students_line(student):
    with pytest.raises(StudentFailure) as failure:
        student.fail("ValueError")
    assert "fail raised ValueError: the text" in failure.value.message
    assert 'raise kind_of_error[kind]("the text")' in failure.value.message


def test_an_answer_that_cannot_be_sent_says_why_and_the_next_call_works(student_of):
    student = student_of(SOURCE, "cycle = []\ncycle.append(cycle)\ndef cyclic(): return cycle\ndef sparse(): return torch.eye(2).to_sparse()")
    with pytest.raises(StudentFailure, match="nesting"):
        student.cyclic()
    with pytest.raises(StudentFailure, match="only dense tensors are understood"):
        student.sparse()
    assert student.echo(1) == 1


def test_an_answer_over_the_size_limit_is_refused_with_a_sentence(student_of):
    student = student_of(SOURCE + "\ndef large(): return torch.zeros(1 << 20)", message_bytes=1 << 20)
    with pytest.raises(StudentFailure, match="is over the limit of") as failure:
        student.large()
    assert failure.value.reason == "output limit"


# -- handles ----------------------------------------------------------------------------------------------------------------


def test_a_module_is_held_by_handle_and_its_state_stays_there(student):
    net = student.Net(3)
    assert isinstance(net, RemoteObject)
    net(torch.zeros(1, 3))
    net(torch.zeros(1, 3))
    assert net.calls == 2
    assert [tuple(p.shape) for p in net.parameters()] == [(1, 3), (1,)]


def test_an_attribute_can_be_set_and_a_handle_can_be_passed_back(student):
    net = student.Net(3)
    net.calls = 40
    student.apply(net, torch.zeros(1, 3))
    assert net.calls == 41
    assert student.echo(net)._handle.id == net._handle.id


def test_an_iterator_ends(student):
    assert list(student.countdown(3)) == [3, 2, 1]


def test_an_object_without_a_length_can_be_listed_and_its_length_is_a_finding(student):
    with pytest.raises(StudentFailure, match="has no len"):
        len(student.countdown(3))


def test_an_iterator_without_end_is_read_only_as_far_as_it_is_asked(student):
    endless = iter(student.countdown(-1))
    assert [next(endless), next(endless)] == [-1, -2]


# -- callbacks --------------------------------------------------------------------------------------------------------------


def test_a_function_of_the_judges_is_called_back_here(student):
    seen = []
    assert student.apply(lambda x, y: seen.append((x, y)) or x + y, 2, 3) == 5
    assert seen == [(2, 3)]


def test_a_callback_can_call_the_student_again(student):
    assert student.apply(lambda n: student.apply(lambda m: m + 1, n) * 10, 4) == 50


def test_an_exception_in_a_callback_reaches_the_grader_as_it_is(student):
    def refuse(_x):
        raise LookupError("the judge's own")

    with pytest.raises(LookupError, match="the judge's own"):
        student.apply(refuse, 1)
    assert student.echo(1) == 1


def test_an_assertion_in_a_callback_holds_even_when_the_student_swallows_it(student):
    def check(_x):
        raise AssertionError("the batch has the wrong size")

    with pytest.raises(AssertionError, match="the batch has the wrong size"):
        student.swallow(check)
    assert student.swallow(lambda x: x) == "swallowed nothing"


def test_gradients_flow_through_a_callback_over_there(student):
    x = torch.randn(4, dtype=torch.float64)
    torch.testing.assert_close(student.slope(lambda t: t**3, x), 3 * x**2)


def test_gradients_flow_from_here_through_the_student_into_a_callback_here(student):
    x = torch.randn(4, dtype=torch.float64, requires_grad=True)
    student.apply(lambda t: t.sin() * 2, x).sum().backward()
    torch.testing.assert_close(x.grad, 2 * x.detach().cos())


def test_a_callback_gets_copies(student):
    x = torch.zeros(2)

    def spoil(t):
        t += 1
        return t

    assert student.apply(spoil, x).tolist() == [1, 1]


# -- autograd ---------------------------------------------------------------------------------------------------------------


def test_gradcheck_passes_through_the_line(student):
    X = torch.randn(3, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(student.softmax, (X,))


def test_the_gradient_is_that_of_the_local_function(student):
    X, upstream = torch.randn(3, 4, requires_grad=True), torch.randn(3, 4)
    (mine,) = torch.autograd.grad(student.softmax(X), X, upstream)
    (right,) = torch.autograd.grad(torch.softmax(X, 1), X, upstream)
    torch.testing.assert_close(mine, right)


def test_an_input_in_the_middle_of_a_graph_here_gets_its_gradient(student):
    W = torch.randn(4, 4, dtype=torch.float64, requires_grad=True)
    X = torch.randn(3, 4, dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda W: student.softmax(X @ W) ** 2, (W,))


def test_an_input_that_is_not_used_has_no_gradient(student):
    x, y = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    result = student.echo(x * 2, y * 3)[0][0]
    assert torch.autograd.grad(result.sum(), [x, y], allow_unused=True)[0].tolist() == [2, 2]


def test_a_graph_can_be_walked_twice(student):
    X = torch.randn(2, 3, requires_grad=True)
    Y = student.softmax(X)[:, 0].sum()
    first, second = (torch.autograd.grad(Y, X, retain_graph=True)[0] for _ in range(2))
    assert torch.equal(first, second)


def test_gradients_reach_the_parameters_of_a_module_over_there(student):
    net, X = student.Net(3), torch.randn(5, 3)
    net(X).sum().backward()
    weight, bias = net.parameters()
    torch.testing.assert_close(weight.grad, X.sum(0, keepdim=True))
    assert bias.grad.tolist() == [5]


def test_gradients_add_up_over_there_until_they_are_cleared(student):
    net, X = student.Net(3), torch.randn(5, 3)
    for _ in range(2):
        net(X).sum().backward()
    assert net.layer.bias.grad.tolist() == [10]
    net.zero_grad()
    assert net.layer.bias.grad is None


def test_no_grad_here_is_no_grad_there(student):
    assert student.grad_mode() is True
    with torch.no_grad():
        assert student.grad_mode() is False
        assert not student.softmax(torch.ones(1, 2, requires_grad=True)).requires_grad
    assert student.softmax(torch.ones(1, 2, requires_grad=True)).requires_grad


# -- arguments --------------------------------------------------------------------------------------------------------------


def test_an_argument_that_is_returned_is_the_same_object(student):
    X, Y = torch.ones(2), torch.ones(2)
    assert student.echo(X) is X
    returned = student.echo(X, Y)[0]
    assert returned[0] is X
    assert returned[1] is Y


def test_a_change_in_place_is_seen_here(student):
    X = torch.ones(2, 3)
    assert student.double_in_place(X) is X
    assert X.tolist() == [[2, 2, 2]] * 2


def test_a_change_in_place_through_a_view_lands_in_the_whole_tensor(student):
    whole = torch.ones(3, 2)
    student.double_in_place(whole[1])
    assert whole.tolist() == [[1, 1], [2, 2], [1, 1]]


def test_a_leaf_that_requires_a_gradient_can_be_changed_in_place(student):
    w = torch.ones(2, requires_grad=True)
    student.double_in_place(w)
    assert w.tolist() == [2, 2]
    assert w.is_leaf
    assert w.requires_grad


@pytest.mark.parametrize(("clear", "expected"), [("clear_gradients", [0, 0]), ("forget_gradients", None)])
def test_a_gradient_that_is_cleared_over_there_is_cleared_here(student, clear, expected):
    w = torch.ones(2, requires_grad=True)
    (3 * w).sum().backward()
    getattr(student, clear)([w])
    assert (None if w.grad is None else w.grad.tolist()) == expected


def test_an_argument_that_was_only_read_keeps_its_memory_and_version(student):
    X = torch.randn(3, 4)
    address, version = X.data_ptr(), X._version
    student.softmax(X)
    assert (X.data_ptr(), X._version) == (address, version)


def test_a_list_is_given_as_a_copy(student_of):
    student = student_of("def grow(items):\n    items.append(1)")
    items = [0]
    student.grow(items)
    assert items == [0]


# -- probes -----------------------------------------------------------------------------------------------------------------


def probe_doubles(student, X):
    student.double_in_place(X)
    return X


def probe_walks(student, k):
    import torch

    net = student.Net(k)
    net(torch.ones(2, k)).sum().backward()
    return {"grad": net.layer.bias.grad, "kind": type(net).__name__}


def probe_missing(student):
    return student.not_there


def test_a_probe_runs_over_there_and_returns_data(student):
    assert student.run(probe_walks, k=3) == {"grad": torch.tensor([2.0]), "kind": "Net"}


def test_a_probe_gets_copies(student):
    X = torch.ones(2)
    doubled = student.run(probe_doubles, X=X)
    assert X.tolist() == [1, 1]
    assert doubled is not X
    assert doubled.tolist() == [2, 2]


def test_a_name_that_a_probe_does_not_find_is_missing(student):
    with pytest.raises(StudentFailure, match="the notebook does not define `not_there`"):
        student.run(probe_missing)


@pytest.mark.parametrize("probe", [lambda student: 1, (lambda y: lambda student: y)(2)])
def test_a_lambda_or_closure_is_no_probe(student, probe):
    with pytest.raises(BrokenGrader, match="a probe must be a plain function at module level"):
        student.run(probe)


# -- what the student's side may ask for ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "request_",
    [
        {"op": "get", "object": 1, "name": "__globals__"},
        {"op": "call", "object": 1, "method": "__reduce__"},
        {"op": "call", "name": "open"},
        {"op": "call", "object": 99},
        {"op": "run", "source": "def f(student): return 1", "name": "f"},
        {"op": "set", "object": 1, "name": "x"},
        {"op": "seed", "seed": 1},
        {"op": "backward", "call": "c1"},
    ],
    ids=lambda message: f"{message['op']}-{len(message)}",
)
def test_the_judge_refuses_what_it_did_not_offer(student_of, request_):
    student = student_of(f"""
def ask(f):
    try:
        return ["granted", str(f._peer.request({request_!r}, [[], {{}}]))]
    except BaseException as error:
        return ["refused", type(error).__name__]
""")
    touched = []
    assert student.ask(lambda *args: touched.append(args)) == ["refused", "RemoteError"]
    assert touched == []


def test_a_refusal_tells_nothing_of_the_judges_own_exception(student_of):
    student = student_of("""
def ask(f):
    try:
        f()
    except BaseException as error:
        return str(error)
""")

    def secret():
        raise ValueError("the expected value is 0.7")

    assert "0.7" not in student.ask(secret)


def test_a_function_cannot_be_called_after_the_exercise_that_it_was_passed_to(student_of):
    student = student_of(
        """
def keep(f):
    global kept
    kept = f

def use():
    return kept(1)
"""
    )
    calls = []
    student.keep(calls.append)
    student._line.begin_exercise(())
    student._line.begin_criterion(seed=1, seconds=20)
    with pytest.raises(StudentFailure, match="NameError"):
        student._line.student.use()
    assert calls == []


# -- a peer that lies ---------------------------------------------------------------------------------------------------------


def judge_end(sock: socket.socket) -> Peer:
    def refuse(*_args):
        raise WireError.malformed("a request that is not allowed")

    peer = Peer(
        sock,
        serve=refuse,
        resolve=lambda peer, handle: handle,
        classify=lambda value: ("function", "f"),
        describe=lambda error: {"reason": "crashed"},
    )
    peer.deadline = time.monotonic() + 5
    return peer


def talked_to(other_side, arguments=()):
    """What a request gives when `other_side(socket)` runs at the other end."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        thread = threading.Thread(target=other_side, args=[theirs])
        thread.start()
        try:
            return judge_end(ours).request({"op": "call", "name": "f"}, [list(arguments), {}])
        finally:
            thread.join()


def answered_with(reply, blob=b"", arguments=()):
    """What a request gives when the other side sends this reply."""

    def other_side(sock):
        question, _ = receive_frame(sock)
        send_frame(sock, {"re": question["id"], **reply} if isinstance(reply, dict) else reply, blob)

    return talked_to(other_side, arguments)


LIES = [
    [],
    7,
    None,
    {},
    {"re": 99},
    {"tensors": [], "value": {"$": "yours", "id": 3}},
    {"tensors": [], "value": 1, "changed": 5},
    {"tensors": [], "value": 1, "changed": ["x"]},
    {"tensors": [], "value": 1, "changed": [{"of": 0, "value": 0}]},
    {"tensors": [], "value": 1, "changed": [{"of": 9, "grad": None}]},
    {"tensors": [], "value": 1, "changed": [{"of": 0, "grad": 3}]},
    {"tensors": [], "value": 1, "crossing": 5},
    {"tensors": [], "value": 1, "crossing": ["0"]},
    {"tensors": [], "value": 1, "crossing": [0]},
    {"error": 5},
    {"error": []},
]


@pytest.mark.parametrize("reply", LIES, ids=str)
def test_a_reply_that_does_not_fit_the_question_is_a_wire_error(reply):
    with pytest.raises(WireError):
        answered_with(reply, arguments=[torch.ones(2)])


def test_a_change_that_the_argument_cannot_take_is_a_wire_error():
    encoder = Encoder(lambda value: 0)
    encoder.encode(torch.ones(3, dtype=torch.int64))
    records, blob = encoder.records()
    with pytest.raises(WireError):
        answered_with({"tensors": records, "value": 1, "changed": [{"of": 0, "value": 0}]}, blob, [torch.ones(2, requires_grad=True)])


FORGED = [
    {"op": "get", "id": 1, "object": 1},
    {"op": [], "id": []},
    {"op": "call", "given": "x"},
    {"op": "call", "given": 1, "tensors": [], "args": {"$": "dict", "items": 3}},
    {"op": "backward", "call": [], "tensors": []},
    {"op": "call", "free": 5},
    {"op": "call", "free": [[]]},
]


@pytest.mark.parametrize("message", FORGED, ids=str)
def test_a_forged_request_is_refused_and_the_answer_still_counts(message):
    refusals = []

    def other_side(sock):
        question, _ = receive_frame(sock)
        send_frame(sock, message)
        refusals.append(receive_frame(sock)[0])
        send_frame(sock, {"re": question["id"], "tensors": [], "value": 42})

    assert talked_to(other_side) == 42
    assert "error" in refusals[0]


odd = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 5) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["$", "i", "of", "value", "grad", "reason"]), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(["value", "changed", "crossing", "call", "error", "ops"]), odd), st.booleans())
def test_a_reply_of_any_shape_is_a_value_a_remote_error_or_a_wire_error(reply, with_tensors):
    encoder = Encoder(lambda value: 0)
    encoder.encode([torch.ones(2), torch.zeros(3, dtype=torch.int64), torch.ones(2)] if with_tensors else None)
    records, blob = encoder.records()
    with contextlib.suppress(WireError, RemoteError):
        answered_with({"tensors": records, **reply}, blob, [torch.ones(2, requires_grad=True), torch.ones(3)])


def test_an_error_record_of_any_shape_is_a_remote_error():
    with pytest.raises(RemoteError):
        answered_with({"error": {"reason": [1], "type": {"a": 2}, "text": "x" * 10_000, "where": None}})


def test_an_answer_to_another_question_is_refused():
    with pytest.raises(Malformed, match="an answer to a question that was not asked"):
        answered_with({"re": 12_345, "value": 1, "tensors": []})


def test_a_line_that_closes_in_the_middle_of_a_call_is_closed():
    ours, theirs = socket.socketpair()
    theirs.close()
    with ours, pytest.raises(Closed):
        judge_end(ours).request({"op": "call", "name": "f"}, [[], {}])


def test_a_line_that_says_nothing_is_late():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        peer = judge_end(ours)
        peer.deadline = time.monotonic() + 0.2
        with pytest.raises(Late):
            peer.request({"op": "call", "name": "f"}, [[], {}])


def test_a_line_that_drips_byte_by_byte_is_late():
    ours, theirs = socket.socketpair()
    stop = threading.Event()

    def drip():
        while not stop.wait(0.02):
            theirs.send(b"a")

    thread = threading.Thread(target=drip)
    with ours, theirs:
        thread.start()
        peer = judge_end(ours)
        peer.deadline = time.monotonic() + 0.2
        with pytest.raises(WireError):
            peer.request({"op": "call", "name": "f"}, [[], {}])
        stop.set()
        thread.join()
