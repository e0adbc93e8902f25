"""A name of an exercise that means something else below its check: what it was at the check counts, or what it is at the end, whichever is better."""

import dis
import json
import types

import pytest

from autograder.judge.notes import MAX_NAMED, note_on_names
from autograder.sandbox.snapshots import global_names

pytestmark = pytest.mark.slow

RELU = "def relu(X):\n    return X.clamp(min=0)"
NO_RELU = "def relu(X):\n    return X"
HELPED = "def positive(X):\n    return X.clamp(min=LEAST)\nLEAST = 0\ndef relu(X):\n    return positive(X)"
SCALE = "class Scale(torch.nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.factor = torch.nn.Parameter(torch.ones(()))\n"
FORWARD = "    def forward(self, X):\n        return self.factor * X"
NO_FORWARD = "    def forward(self, X):\n        raise NotImplementedError"

BELOW = {
    "a result": "relu = relu(torch.ones(2))",
    "a number": "relu = Scale = 0.93",
    "a library's function": "from torch import relu",
    "a star import": "from torch.nn.functional import *",
    "a library's object": "Scale = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)",
    "an instance of its own": "Scale = Scale()",
    "a loop": "for relu in range(3): pass",
    "a first try": NO_RELU,
    "a first try of a class": SCALE + NO_FORWARD,
    "a method put in its place": "Scale.forward = lambda self, X: X * 2",
    "a method taken away": "del Scale.forward",
    "del": "del relu, Scale",
    "del of an import": "del torch",
    "an import under a name that was taken": "import json as torch",
    "reset": "%reset -f",
    "reset, then more": "%reset -f\nimport math\nrelu = math.pi",
    "reset by name": "%reset_selective -f relu",
    "a shell's reset": "get_ipython().reset()",
    "an emptied namespace": "globals().clear()",
    "an autoreload": "%load_ext autoreload\n%autoreload 2\nrelu = 1",
    "an exception on the way": "relu = None\n1 / 0",
    "an end on the way": "relu = None\nraise SystemExit",
}
HELPERS = {
    "a helper": "positive = 3",
    "a constant": "LEAST = 2",
    "a helper deleted": "del positive",
    "a helper of a helper, and the name": "LEAST = 1\nrelu = positive",
    "everything": "%reset -f",
}


@pytest.fixture
def graded(grader, answered):
    """graded(below={cell: source, …}, relu=…) → the verdict on the tiny notebook, with own cells below the cells named ("" is the end)."""

    def grade(below: dict[str, str] | str = "", **answers: str):
        document = answered(**answers)
        for place, source in (below if isinstance(below, dict) else {"": below}).items():
            cells = document["cells"]
            index = next((i for i, cell in enumerate(cells) if cell["id"] == place), len(cells) - 1) + 1
            cells.insert(index, {"cell_type": "code", "id": f"own-{index}", "metadata": {}, "outputs": [], "execution_count": None, "source": source})
        made = grader.job_of(grader.course.master("ps90_tiny"), json.dumps(document).encode(), "tiny.ipynb")
        return grader.grade(made)[0]

    return grade


@pytest.mark.parametrize("cell", BELOW.values(), ids=BELOW)
def test_a_right_answer_keeps_its_points_whatever_its_name_is_used_for_below(graded, cell):
    verdict = graded({"test_relu": cell})
    assert verdict.exercises[0].points == 60, verdict
    if cell != BELOW["an import under a name that was taken"]:  # with which the next cell fails
        assert verdict.points == 100, verdict


@pytest.mark.parametrize("cell", BELOW.values(), ids=BELOW)
def test_at_the_end_of_the_notebook_nothing_is_lost_and_a_note_says_what_counts(graded, cell):
    verdict = graded(cell)
    assert verdict.points == 100, verdict
    (note,) = verdict.notes
    assert "further down" in note
    assert "its check" in note or "their checks" in note


@pytest.mark.parametrize("cell", HELPERS.values(), ids=HELPERS)
@pytest.mark.parametrize("place", ["", "test_relu"])
def test_what_an_answer_uses_is_as_at_its_check_too(graded, place, cell):
    assert graded({place: cell}, relu=HELPED).exercises[0].points == 60


def test_between_the_answer_and_its_check_a_name_may_be_used_as_well(graded):
    assert graded({"relu": "relu = relu(torch.ones(2))"}).points == 100


@pytest.mark.parametrize(
    "mended",
    [
        {"relu": NO_RELU, "below": RELU},
        {"relu": NO_RELU, "below": {"test_relu": RELU}},
        {"relu": NO_RELU, "below": {"test_relu": RELU, "": "Scale = 3"}},
        {"relu": "def relu(X):\n    return step(X) * X", "below": "def step(X):\n    return X > 0"},
        {"relu": "def relu(X):\n    return X.clamp(min=least)", "below": {"setup": "least = 1", "test_Scale": "least = 0"}},
        {"relu": "x = 1", "below": {"test_Scale": RELU}},
        {"Scale": SCALE + NO_FORWARD, "below": {"test_Scale": "def forward(self, X):\n    return self.factor * X\nScale.forward = forward"}},
    ],
)
def test_an_answer_that_is_mended_below_counts_as_mended_and_no_note_is_made(graded, mended):
    verdict = graded(**mended)
    assert (verdict.exercises[0].points, verdict.exercises[1].points) == (60, 40), verdict
    assert not [note for note in verdict.notes if "relu" in note]


@pytest.mark.parametrize(
    "cell", ["", "x = [relu(torch.ones(2)) for _ in range(3)]", "X = relu(torch.ones(1)); X = 3; import torch", "def other(X): return relu(X)"]
)
def test_where_nothing_differs_nothing_is_said_and_one_process_judges_once(graded, cell):
    verdict = graded(cell)
    assert (verdict.points, verdict.notes) == (100, [])


@pytest.mark.parametrize(
    ("cell", "points"),
    [
        ("import torch\ndef relu(X): return torch.relu(X)", 0),  # a forbidden function at the end, a wrong value at the check: neither is an answer
        ("relu = torch.nn.functional.relu", 0),
        ("class relu:\n    def __new__(cls, X): return X * 1.0", 15),
    ],
)
def test_two_wrong_answers_make_no_right_one(graded, cell, points):
    assert graded(cell, relu="def relu(X):\n    X *= 1.5\n    return X").exercises[0].points == points


def test_threads_of_the_notebook_change_nothing_about_it(graded):
    cell = "import torch\ntorch.set_num_threads(2)\ntorch.randn(300, 300) @ torch.randn(300, 300)"
    assert graded({"setup": cell, "": "relu = Scale = 1"}).points == 100


def test_an_exercise_that_ends_its_process_is_judged_on_in_the_same_names(graded):
    deadly = "import os\ndef relu(X):\n    os.kill(os.getppid(), 9)\n    os._exit(1)"
    verdict = graded("Scale = relu = 0", relu=deadly)
    assert [exercise.points for exercise in verdict.exercises] == [0, 40]


def test_a_note_names_a_few_exercises_and_counts_many():
    assert note_on_names(["a"]).startswith("a counts as it was at its check")
    assert note_on_names(["a", "b"]).startswith("a, b count as they were at their checks")
    assert note_on_names(["a"] * (MAX_NAMED + 1)).startswith(f"{MAX_NAMED + 1} exercises count")


@pytest.mark.parametrize("module", [json.decoder, dis, types, pytest])
def test_the_global_names_of_a_program_are_those_that_its_instructions_load(module):
    with open(module.__file__, encoding="utf-8") as file:
        code = compile(file.read(), module.__file__, "exec")
    assert global_names(code) == _loaded(code)


def test_a_name_far_back_in_a_long_table_is_found():
    source = "def f():\n" + "".join(f"    a{i}.b{i}\n" for i in range(300)) + "    return a7.last"
    (code,) = (constant for constant in compile(source, "f", "exec").co_consts if isinstance(constant, types.CodeType))
    assert global_names(code) == {f"a{i}" for i in range(300)}


def _loaded(code: types.CodeType) -> set[str]:
    names = {i.argval for i in dis.get_instructions(code) if i.opname in ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS")}
    return names.union(*(_loaded(constant) for constant in code.co_consts if isinstance(constant, types.CodeType)))
