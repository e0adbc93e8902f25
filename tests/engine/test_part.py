"""An exercise that is built on another is tried with the student's own part first, and with a right one where that fails and theirs is wrong."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch

from autograder import part
from autograder.grading.course import Course
from autograder.grading.grader import Grader
from autograder.judge.jobs import Settings
from autograder.judge.reasons import Finding
from autograder.judge.verdict import Verdict
from autograder.vocabulary.layer import made
from autograder.vocabulary.part import MAX_SIZE, Lending

NAME = "ps90_tiny"
SOURCE = """
import torch

def double(X):
    return X

def descend(params, rate):
    raise NotImplementedError

class Affine(torch.nn.Module):
    pass

def asked(X):
    return double(X) + 1

def trained(W):
    W = W.clone().requires_grad_()
    (W * W).sum().backward()
    descend([W], 0.25)
    return W.detach(), W.grad

def used(X, n):
    net = Affine(n)
    net.train()
    Y = net(X)
    Y.sum().backward()
    return Y, dict(net.named_parameters())["inner.weight"].grad, net.seen, net.kept, sorted(net.state_dict())
"""


def double(X):
    return 2 * X


def descend(params, rate):
    with torch.no_grad():
        for p in params:
            p -= rate * p.grad
            p.grad.zero_()


class Affine(torch.nn.Module):
    """Keeps the mean of what it has seen in training, and its last result."""

    def __init__(self, n):
        super().__init__()
        self.inner = torch.nn.Linear(n, 1, bias=False)
        self.register_buffer("seen", torch.zeros(()))
        torch.nn.init.ones_(self.inner.weight)

    def forward(self, X):
        if self.training:
            self.seen = X.mean()
        self.kept = self.inner(X)
        return self.kept


def stage(n):
    return torch.nn.Sequential(Affine(n), torch.nn.Linear(1, 2, bias=False))


def lend(student, *parts):
    lending = Lending(student)
    lending.lend(parts)
    return lending


def test_a_lent_function_is_the_references_until_it_is_taken_back(student_of):
    student = student_of(SOURCE)
    X = torch.tensor([1.0, 2.0])
    lending = lend(student, part(double), part(double, name="not_there"))
    assert student.asked(X).tolist() == [3, 5]
    assert student.has("not_there")
    lending.take_back()
    assert student.asked(X).tolist() == [2, 3]
    assert not student.has("not_there")


def test_gradients_come_back_through_a_lent_function(student_of):
    student = student_of(SOURCE)
    lend(student, part(double))
    X = torch.tensor([1.0, 2.0], requires_grad=True)
    student.asked(X).sum().backward()
    assert X.grad.tolist() == [2, 2]


def test_a_lent_function_writes_into_tensors_of_the_student(student_of):
    student = student_of(SOURCE)
    lend(student, part(descend))
    W, grad = student.trained(torch.tensor([2.0, -4.0]))
    assert W.tolist() == [1, -2]
    assert grad.tolist() == [0, 0]


def test_a_lent_module_has_parameters_buffers_gradients_and_what_it_keeps(student_of):
    student = student_of(SOURCE)
    lend(student, part(Affine))
    Y, slope, seen, kept, names = student.used(torch.tensor([[1.0, 3.0]]), 2)
    assert Y.tolist() == kept.tolist() == [[4]]
    assert slope.tolist() == [[1, 3]]
    assert float(seen) == 2
    assert names == ["inner.weight", "seen"]


BUILT_ON_AFFINE = """
import torch

class Affine(torch.nn.Module):
    pass

class Normed(torch.nn.Module):
    def __init__(self, n):
        super().__init__()
        self.blocks, self.norm = torch.nn.ModuleList(Affine(n) for _ in range(2)), torch.nn.LayerNorm(n)

    def forward(self, X):
        for block in self.blocks:
            X = X + block(X)
        return self.norm(X)
"""


def test_the_order_in_which_a_lent_module_uses_its_parameters_is_seen(student_of):
    student = student_of(BUILT_ON_AFFINE)
    Lending(student).lend([part(Affine)])
    spec = {"args": [3], "options": {}, "inputs": [torch.ones(2, 3)], "mode": False, "count": 0, "dtype": "", "own": True}
    [seen] = student.run(made, name="Normed", specs=[spec])
    assert sorted(range(len(seen["ranks"])), key=lambda place: seen["ranks"][place]) == list(range(len(seen["names"]))), seen


USES_THE_STAGE = """
import torch

def used(X):
    net = torch.nn.Sequential(*stage(2), torch.nn.Flatten())
    whole = stage(2)
    return len(whole), whole(X).shape, net(X).shape, [type(layer).__name__ for layer in whole], sorted(whole.state_dict())
"""


def test_a_lent_factory_of_a_sequential_gives_one_whose_layers_can_be_taken_out(student_of):
    student = student_of(USES_THE_STAGE)
    lend(student, part(stage, module=True))
    count, whole, taken_out, kinds, names = student.used(torch.ones(3, 2))
    assert (count, tuple(whole), tuple(taken_out)) == (2, (3, 2), (3, 2))
    assert list(kinds) == ["Affine", "stage"]
    assert list(names) == ["0.inner.weight", "0.seen", "1.weight"]


def test_a_factory_of_modules_that_is_lent_like_a_function_is_a_fault_of_the_grader(student_of):
    student = student_of(USES_THE_STAGE)
    lend(student, part(stage))
    with pytest.raises(TypeError, match=r"stage makes modules: it is lent as part\(reference.stage, module=True\)"):
        student.used(torch.ones(3, 2))


def names_of_the_trained(flags):
    """Of parameters by name, whether each is trained."""
    return [name for name, trained in flags.items() if trained]


def trained_parameters(student, ask):
    def trained(net):
        parameters = dict(net.named_parameters())
        return [parameters[name] for name in ask({name: p.requires_grad for name, p in parameters.items()})]

    return trained


USES_THE_TRAINED = """
import torch

def trained(net):
    return []

def steps(n):
    net = torch.nn.Linear(n, 1)
    net.bias.requires_grad_(False)
    mine = trained(net)
    return len(mine), mine[0] is net.weight
"""


def test_a_lent_function_may_give_back_the_objects_that_the_student_has(student_of):
    student = student_of(USES_THE_TRAINED)
    lend(student, part(names_of_the_trained, name="trained", there=trained_parameters))
    assert list(student.steps(3)) == [1, True]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [((torch.ones(2), 3), "a tensor of shape (2,), 3: it wants X (n, m)"), ((torch.ones(2),), "a tensor of shape (2,): it wants"), ((MAX_SIZE + 1,), "4097")],
)
def test_what_a_lent_function_cannot_take_is_a_finding_that_says_what_it_wants(arguments, words):
    student = SimpleNamespace(has=lambda name: False, run=lambda probe, **data: given.update(data))
    given = {}
    lend(student, part(double, fits=lambda X: X.ndim == 2, wants="X (n, m)"))
    with pytest.raises(Finding, match="double was called with") as found:
        given["value"](*arguments)
    assert words in found.value.message


# -- in the judge

GRADER = f"""import torch
from solutions.{NAME} import tiny as reference

from autograder import assert_close, criterion, exercise


@exercise("relu")
class TestRelu:
    @criterion("keeps what is positive")
    def test_values(self, student):
        assert_close(student.relu(torch.tensor([-1.0, 2.0])), torch.tensor([0.0, 2.0]), what="relu(X)")


@exercise("Scale", parts=[reference.relu])
class TestScale:
    @criterion("is the positive part")
    def test_values(self, student):
        assert_close(student.Scale()(torch.tensor([-1.0, 2.0])), torch.tensor([0.0, 2.0]), what="Scale()(X)")

    @criterion("keeps the shape")
    def test_shape(self, student):
        assert_close(student.Scale()(torch.zeros(3)), torch.zeros(3), what="Scale()(0)")
"""
BUILT_ON_RELU = "class Scale(torch.nn.Module):\n    def forward(self, X):\n        return relu(X)"
WRONG, HANGS = "def relu(X):\n    return X", "def relu(X):\n    while True: pass"


@pytest.fixture(scope="module")
def judge(built: Course, answered, tmp_path_factory) -> Iterator[Callable[..., Verdict]]:
    root = tmp_path_factory.mktemp("parts") / "course"
    shutil.copytree(built.root, root)
    course = replace(built, root=root)
    (root / "autograder" / "graders" / f"test_{NAME}.py").write_text(GRADER)
    limits = replace(course.limits_of(NAME), criterion_seconds=1.0)

    def judge(only: tuple[str, ...] = (), **answers: str) -> Verdict:
        job = grader.job_of(course.master(NAME), json.dumps(answered(**answers)).encode(), "tiny.ipynb")
        grader.start()
        return grader._ask(replace(job, only=only), Settings("parts", limits=limits), lambda: None)[0]

    with Grader(course, "none") as grader:
        yield judge


def points(verdict):
    return {exercise.name: exercise.points for exercise in verdict.exercises}


@pytest.mark.slow
def test_a_wrong_part_costs_its_own_points_only_and_the_notes_say_that_it_was_lent(judge):
    verdict = judge(relu=WRONG, Scale=BUILT_ON_RELU)
    assert points(verdict) == {"relu": 0, "Scale": 40}
    assert any("Scale" in note and "a right relu" in note for note in verdict.notes)


@pytest.mark.slow
def test_a_part_is_judged_for_this_where_its_own_exercise_is_not_asked_for(judge):
    assert points(judge(only=("Scale",), relu=WRONG, Scale=BUILT_ON_RELU)) == {"Scale": 40}


@pytest.mark.slow
def test_nothing_is_lent_where_the_parts_are_right(judge):
    verdict = judge(Scale="class Scale(torch.nn.Module):\n    def forward(self, X):\n        return -relu(X)")
    assert points(verdict)["Scale"] == 20
    assert not verdict.notes


@pytest.mark.slow
def test_what_is_wrong_in_the_exercise_itself_stays_wrong_with_right_parts(judge):
    verdict = judge(relu=WRONG, Scale="class Scale(torch.nn.Module):\n    def forward(self, X):\n        return relu(X)[:1]")
    assert points(verdict) == {"relu": 0, "Scale": 0}


@pytest.mark.slow
def test_an_answer_that_does_not_use_the_part_is_not_asked_to(judge):
    verdict = judge(relu=WRONG, Scale="class Scale(torch.nn.Module):\n    def forward(self, X):\n        return X.clamp(min=0)")
    assert points(verdict) == {"relu": 0, "Scale": 40}
    assert not verdict.notes


@pytest.mark.slow
def test_a_part_that_hangs_is_waited_for_once(judge):
    verdict = judge(relu=HANGS, Scale=BUILT_ON_RELU)
    assert points(verdict) == {"relu": 0, "Scale": 40}


@pytest.mark.slow
def test_a_part_that_hung_in_its_own_exercise_is_not_waited_for_in_others(judge, tmp_path):
    """Each call of it leaves a letter."""
    calls = tmp_path / "calls"
    hangs = f"def relu(X):\n    open({str(calls)!r}, 'a').write('x')\n    while True: pass"
    assert points(judge(relu=hangs, Scale=BUILT_ON_RELU)) == {"relu": 0, "Scale": 40}
    assert calls.read_text() == "x"
