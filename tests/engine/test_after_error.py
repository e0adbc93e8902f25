"""Of a cell that fails, the imports, functions, classes and plain values below the failed line count; the verdict says where it ended."""

import ast
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from autograder.judge.ended_cells import ended_cells, readable
from autograder.judge.jobs import CellOutcome
from autograder.judge.verdict import Verdict
from autograder.notebooks.plan import Plan, PlannedCell
from autograder.reports.graded_notebook import GradedNotebook
from autograder.reports.gradescope import gradescope_results
from autograder.reports.junit import junit_xml
from autograder.reports.summary import summary_markdown
from autograder.sandbox.after_error import still_counts

SCHEMA = json.loads((Path(__file__).parents[2] / "autograder" / "judge" / "verdict.schema.json").read_text())
COLAB = """
from google.colab import drive
drive.mount("/content/drive")
import math
from no_such_package import thing
%cd /content/drive/MyDrive
try:
    import google.colab
    IN_COLAB = True
except ImportError:
    IN_COLAB = False
LR, EPOCHS = 0.1, 2 * 5
print("not shown")
ROWS = list(range(3))
@staticmethod
def area(r):
    return math.floor(math.pi * r * r)
class Net:
    size = EPOCHS
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
"""


def test_what_stands_below_a_line_made_for_another_platform_counts(walled, run_in):
    session = run_in(walled, "import torch", COLAB, "def found():\n    return [IN_COLAB, LR, area(1), Net.size, device.type, 'ROWS' in globals()]")
    assert [outcome.reason for outcome in session.outcomes] == ["ok", "crashed", "ok"]
    assert session.student.found() == [False, 0.1, 3, 10, "cpu", False]
    assert session.outcomes[1].failure == {
        "line": 2, "text": "from google.colab import drive", "error": "ModuleNotFoundError: No module named 'google'", "went_on": True,
        "also": [[5, "ModuleNotFoundError: No module named 'no_such_package'"]], "left_out": [3, 6, 13, 14], "unset": ["ROWS"],
    }  # fmt: skip


ENDINGS = {
    "an error": ("1 / 0", 1),
    "an error inside a loop": ("for i in range(3):\n    assert i < 1", 2),
    "a call on a GPU": ("import torch\ntorch.zeros(2).to('cuda')", 2),
    "a loop that never ends": ("while True:\n    pass", None),
    "too much output": ("while True:\n    print('x' * 1000)", 2),
    "a return outside a function": ("return 1", 1),
    "a folder that is not there": ("import os\nos.chdir('/content')", 2),
    "a cell that is timed": ("%%time\n1 / 0", 2),
    "a cell whose output is kept": ("%%capture\n\n1 / 0", 3),
    "an exercise that was not attempted": ("raise NotImplementedError", 1),
}


@pytest.mark.parametrize(("lines", "line"), ENDINGS.values(), ids=ENDINGS)
def test_however_a_cell_ends_the_definitions_below_count_and_the_line_is_known(walled, run_in, lines, line):
    session = run_in(walled, f"{lines}\ndef after():\n    return 5", "def other(): return after()", cell_seconds=2, output_chars=20_000)
    assert [outcome.reason == "ok" for outcome in session.outcomes] == [False, True]
    assert session.student.other() == 5
    assert line in (None, session.outcomes[0].failure["line"])


def test_after_sys_exit_and_in_a_cell_that_is_no_python_nothing_counts(walled, run_in):
    session = run_in(walled, "import sys\nsys.exit()\ndef a(): pass", "def b(): pass\nx = = 1\ndef c(): pass", "def d(): return sorted(globals())")
    assert session.student.d() == [name for name in session.student.d() if name not in "abc"]
    assert [(outcome.failure["line"], outcome.reason) for outcome in session.outcomes[:2]] == [(2, "exited"), (2, "crashed")]
    assert session.outcomes[1].failure["error"].startswith("SyntaxError")


def test_definitions_below_a_failed_line_end_with_the_time_of_the_cell(walled, run_in):
    endless = "1 / 0\ndef before(): return 1\nclass Endless:\n    while True: pass\ndef after(): return 2"
    session = run_in(walled, endless, "def f(): return [name in globals() for name in ('before', 'after')]", cell_seconds=1)
    assert session.outcomes[0].failure["also"] == [[0, "CellTimeout: no end after 1 s"]]
    assert session.student.f() == [True, False]


def test_no_statement_runs_twice(walled, run_in):
    cell = "ran = []\nran.append(0)\ndef note(n):\n    ran.append(n)\n    return lambda f: f\n1 / 0\n@note(1)\ndef f(): return ran\nclass C:\n    note(2)"
    assert run_in(walled, cell).student.f() == [0, 1, 2]


def test_an_answer_that_was_given_is_not_replaced_from_below_a_failed_line_of_an_own_cell(walled, run_in):
    from autograder.judge.session import SubmissionSession
    from autograder.sandbox.limits import SubmissionLimits

    answer = PlannedCell("assert False\ndef double(x):\n    return 2 * x", "double")
    own = "1 / 0\nfrom operator import *\ndef double(x):\n    return 0\ndef twice(x):\n    return double(x)"
    first_try = PlannedCell("def double(x):\n    return 7")
    plan = Plan([first_try, answer, PlannedCell(own), PlannedCell("def half(x):\n    return 1", "half")])
    with SubmissionSession(walled, SubmissionLimits(), plan, seed=1) as session:
        session.run_notebook()
        session.begin_exercise(())
        session.begin_criterion(seed=1, seconds=20)
        assert [session.student.double(4), session.student.twice(4), session.student.half(1)] == [8, 8, 1]


@pytest.mark.parametrize(
    ("statement", "counts"),
    [
        ("import a.b as c", True), ("from a import *", True), ("x = 1", True), ("x, (y, z) = 1, (2, 3)", True), ("f = lambda x: g(x)", True),
        ("relu = torch.nn.functional.relu", True), ("x: int = 3", True), ("names = {'a': [1, 2]}", True), ("if A:\n    import b\nelse:\n    c = 1", True),
        ("x = f()", False), ("x.y = 1", False), ("x[0] = 1", False), ("f()", False), ("for i in a:\n    x = 1", False), ("x = [f(y) for y in z]", False),
        ("if f():\n    import b", False), ("if A:\n    f()", False), ("with a:\n    import b", False), ("x += 1", False), ("while A:\n    x = 1", False),
        ("x = {**f()}", False), ("x = f'{g()}'", False), ("x = (y := 1)", False), ("del x", False), ("assert x", False), ("raise x", False),
    ],
)  # fmt: skip
def test_which_statements_count_below_a_failed_line(statement, counts):
    assert still_counts(ast.parse(statement).body[0]) is counts


# -- what the verdict says ----------------------------------------------------------------------------------------------------

FAILURE = {"line": 2, "text": "drive.mount('/content')", "error": "NameError: name 'drive'", "also": [], "left_out": [3, 9], "unset": ["data"], "went_on": True}


def plan_and_outcomes() -> tuple[Plan, list[CellOutcome]]:
    cells = [PlannedCell("a"), PlannedCell("b", "setup"), PlannedCell("c"), PlannedCell("d"), PlannedCell("e", "softmax"), PlannedCell("f", "relu")]
    ended = CellOutcome("crashed", failure=FAILURE)
    unattempted = CellOutcome("not attempted", failure={**FAILURE, "error": "NotImplementedError"})
    return Plan(cells), [ended, CellOutcome("ok"), CellOutcome("ok"), ended, ended, unattempted]


def test_every_form_of_the_verdict_names_the_cell_the_line_and_what_was_said():
    cells = ended_cells(*plan_and_outcomes())
    assert [cell.cell for cell in cells] == ["your own cell at the top of the notebook", "your own cell 2 below setup", "the cell softmax"]
    assert str(cells[0]) == (
        "your own cell at the top of the notebook ended at line 2, `drive.mount('/content')`: NameError: name 'drive'; imports, functions, classes and plain "
        "values below that line count all the same; not run: lines 3, 9 (which set `data`)"
    )
    verdict = Verdict("ps90_tiny", "tiny.ipynb", cells=cells)
    Draft202012Validator(SCHEMA).validate(verdict.to_json())
    assert Verdict.from_json(json.loads(json.dumps(verdict.to_json()))) == verdict
    graded = [GradedNotebook("tiny.ipynb", verdict)]
    said = "your own cell 2 below setup ended at line 2"
    assert said in junit_xml(graded)
    assert said in gradescope_results(graded)["output"]
    assert said in summary_markdown(graded, None).replace("\\", "")


def test_a_verdict_of_an_earlier_release_can_be_read():
    record = Verdict("ps90_tiny", "tiny.ipynb").to_json()
    del record["cells"]
    Draft202012Validator(SCHEMA).validate(record)
    assert Verdict.from_json(record).cells == []


@pytest.mark.parametrize(
    "change",
    [
        {"line": -1},
        {"line": True},
        {"line": 10**9},
        {"text": 3},
        {"error": None},
        {"also": [[1]]},
        {"also": [["1", "x"]]},
        {"left_out": [None]},
        {"left_out": 3},
        {"unset": ["a b"]},
        {"unset": None},
        {"unset": ["x" * 1000]},
    ],
)
def test_what_a_submission_says_of_its_cells_is_believed_only_in_the_right_form(change):
    assert readable(FAILURE) == FAILURE
    assert readable({**FAILURE, **change}) is None
    assert readable([FAILURE]) is None
