"""Own cells, answers and judging have times of their own: who uses up one has the others left, and what a cell defines is there all the same."""

import ast
import json
import time
from dataclasses import replace

import pytest

from autograder.grading.course import Assignment, Course, CourseError
from autograder.judge.reasons import StudentFailure
from autograder.sandbox.cell_times import DEFINITIONS_SECONDS, CellTimes, definitions_in
from autograder.sandbox.limits import SubmissionLimits, stretch

SLEEP = "import time\ntime.sleep(30)"
BUSY = "import time\nwhile True:\n    time.time()"
STUBBORN = "import time\nwhile True:\n    try:\n        time.sleep(30)\n    except BaseException:\n        pass"
DEAF = "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\ntime.sleep(30)"
HELPER = "import time, math\nLEAST: float = 0\ntime.sleep(30)\ndef positive(X):\n    return X.clamp(min=LEAST)"
HELPED = "def relu(X):\n    return positive(X)"


@pytest.fixture
def graded(grader, answered):
    """graded([(cell above, source), …], limits, relu=…) → verdict and outcomes of the tiny notebook with own cells in it; "" is the end."""

    def grade(own: list[tuple[str, str]], limits: dict[str, float], **answers: str):
        document = answered(**answers)
        for number, (above, source) in enumerate(own):
            cells = document["cells"]
            index = next((i for i, cell in enumerate(cells) if cell["id"] == above), len(cells) - 1) + 1
            while index < len(cells) and cells[index]["id"].startswith("own-"):
                index += 1
            cells.insert(index, {"cell_type": "code", "id": f"own-{number}", "metadata": {}, "outputs": [], "execution_count": None, "source": source})
        course, grader.course = grader.course, replace(grader.course, limits={**grader.course.limits, **limits})
        try:
            return grader.grade(grader.job_of(course.master("ps90_tiny"), json.dumps(document).encode(), "tiny.ipynb"))
        finally:
            grader.course = course

    return grade


@pytest.mark.slow
@pytest.mark.parametrize("place", ["", "setup", "test_relu"])
@pytest.mark.parametrize("cell", [SLEEP, BUSY, STUBBORN], ids=["sleep", "busy", "stubborn"])
def test_long_experiments_cost_nothing_wherever_they_stand(graded, place, cell):
    verdict, outcomes = graded([(place, cell)] * 5, {"own_cells_seconds": 1.2, "cell_seconds": 1})
    assert verdict.points == 100, verdict
    assert [outcome.reason for outcome in outcomes].count("timeout") == 5


@pytest.mark.slow
def test_a_note_names_what_was_left_out_and_the_cells_say_so(graded):
    verdict, outcomes = graded([("", f"import time\ntime.sleep(30)  # number {i}") for i in range(7)], {"own_cells_seconds": 1, "cell_seconds": 1})
    (note,) = verdict.notes
    assert "have 1 s together; no time was left for `time.sleep(30) # number 1`, `time.sleep(30) # number 2`" in note
    assert "and 2 more" in note
    assert [outcome.left_out for outcome in outcomes] == [False] * 4 + [True] * 6
    assert "there was no time left for it" in outcomes[-1].outputs[-1]["text"]


@pytest.mark.slow
def test_an_answer_finds_what_a_cell_that_was_left_out_defines(graded):
    verdict, outcomes = graded([("setup", SLEEP), ("setup", HELPER)], {"own_cells_seconds": 2, "cell_seconds": 2}, relu=HELPED)
    assert (verdict.points, outcomes[2].left_out) == (100, True), verdict


@pytest.mark.slow
def test_cells_that_no_signal_reaches_leave_the_answers_judged_however_many_they_are(graded):
    verdict, _ = graded([("setup", DEAF)] * 6, {"cell_seconds": 0.5})
    assert verdict.points == 100, verdict


@pytest.mark.slow
def test_answers_that_use_up_their_time_leave_the_others_what_they_define(graded):
    relu = "import time\ndef relu(X):\n    return X.clamp(min=0)\ntime.sleep(30)"
    scale = "time.sleep(30)\nclass Scale(torch.nn.Module):\n    factor = torch.nn.Parameter(torch.ones(()))\n"
    scale += "    def forward(self, X):\n        return self.factor * X"
    verdict, outcomes = graded([], {"answers_seconds": 1.5, "cell_seconds": 1.4}, relu=relu, Scale=scale)
    assert verdict.points == 100, (verdict, outcomes)


@pytest.mark.slow
def test_what_judging_has_is_not_spent_on_cells_nor_on_running_them_again(graded):
    deadly = "import os\ndef relu(X):\n    os.kill(os.getppid(), 9)\n    os._exit(1)"
    limits = {"own_cells_seconds": 10, "judging_seconds": 5, "criterion_seconds": 5}
    verdict, outcomes = graded([("setup", "import time\ntime.sleep(2.5)")], limits, relu=deadly)
    assert [exercise.points for exercise in verdict.exercises] == [0, 40], verdict
    assert [outcome.reason for outcome in outcomes] == ["ok"] * 4


def test_when_the_time_for_running_the_notebook_again_is_short_experiments_are_left_out(unwalled, run_in):
    cells = "import os, time\nlong = 0\ntime.sleep(0.5)\nlong = len('x')", "def leave():\n    os.kill(os.getppid(), 9)\n    os._exit(1)\ndef see(): return long"
    session = run_in(unwalled, *cells)
    for for_reruns, seen in [(100, 1), (0.4, 0)]:
        session._for_reruns = for_reruns
        with pytest.raises(StudentFailure):
            session.student.leave()
        session.begin_criterion(seed=1, seconds=20)
        assert session.student.see() == seen
    assert [outcome.reason for outcome in session.outcomes] == ["ok", "ok"]
    session._for_reruns = 0
    with pytest.raises(StudentFailure, match=r"ended the program|being killed"):
        session.student.leave()
    session.begin_criterion(seed=1, seconds=20)
    with pytest.raises(StudentFailure, match="running the notebook anew"):
        session.student.see()


# -- one cell after the other -------------------------------------------------------------------------------------------------


def run(source: str, seconds: float) -> dict:
    wanted = float(source.rpartition(" ")[2] or 0) if source else 0
    time.sleep(min(wanted, seconds))
    return {"source": source, "seconds": seconds}


def test_each_kind_of_cell_has_its_own_time():
    times = CellTimes(own_seconds=1.0, answers_seconds=5.0, cell_seconds=0.7)
    first, second, third = (times.run(True, "x = 0; wait 0.6", str, run) for _ in range(3))
    assert (first["left_out"], first["seconds"]) == (False, 0.7)
    assert second["left_out"] is True or second["seconds"] <= 0.4
    assert (third["left_out"], third["source"], third["seconds"]) == (True, "", DEFINITIONS_SECONDS)
    answer = times.run(False, "x = 0; wait 0.6", str, run)
    assert (answer["left_out"], answer["seconds"]) == (False, 0.7)


def test_a_limit_of_a_cell_below_the_least_is_no_reason_to_leave_it_out():
    assert CellTimes(own_seconds=0.3, answers_seconds=1, cell_seconds=0.2).run(True, "", str, run)["left_out"] is False


def test_when_the_time_for_definitions_is_over_too_a_cell_is_not_run_at_all():
    times = CellTimes(own_seconds=0, answers_seconds=0, cell_seconds=1)
    times._for_definitions[True] = 0
    assert times.run(True, "x = 1", str, run) == {"outputs": [], "reason": "timeout", "seconds": 0, "left_out": True}


DEFINITIONS = {
    "import a, b.c as d; from e import *": "import a, b.c as d\nfrom e import *",
    "import time; time.sleep(9)": "import time",
    "\n\n@decorated\ndef f(x=1):  # why\n    return x\n\nf()": "@decorated\ndef f(x=1):\n    return x",
    "class A:\n    x = 1\nA().x = 2": "class A:\n    x = 1",
    "async def f(): pass\nawait f()": "async def f():\n    pass",
    "x = 1; y: int = -2; z = [1, {'a': (2.5, None)}]\nw = f(1)": "x = 1\ny: int = -2\nz = [1, {'a': (2.5, None)}]",
    "for i in range(9): pass\nwhile True: pass\nwith a: pass": "",
    "not python": "",
    "": "",
}


@pytest.mark.parametrize("source", DEFINITIONS)
def test_the_definitions_of_a_cell(source):
    assert ast.unparse(ast.parse(definitions_in(source, str))) == DEFINITIONS[source]


def test_a_definition_stands_at_its_line():
    program = ast.parse(definitions_in("x = f()\n# a remark\n\ndef g():\n    return 1\n\nh(1)\nclass A: pass", str))
    assert [statement.lineno for statement in program.body] == [4, 8]


# -- the limits -----------------------------------------------------------------------------------------------------------------


def test_a_limit_on_the_whole_submission_is_shared_out_over_what_is_not_named():
    default = SubmissionLimits()
    half = SubmissionLimits.from_json({"submission_seconds": default.submission_seconds / 2})
    assert (half.own_cells_seconds, half.answers_seconds, half.judging_seconds) == tuple(
        part / 2 for part in (default.own_cells_seconds, default.answers_seconds, default.judging_seconds)
    )
    named = SubmissionLimits.from_json({"submission_seconds": 100, "own_cells_seconds": 40})
    assert (named.own_cells_seconds, named.answers_seconds, named.judging_seconds) == (40, 10, 50)
    assert SubmissionLimits.from_json(named.to_json()) == named


@pytest.mark.parametrize(("waiting", "times"), [(0.0, 1), (7.9, 1), (20.0, 2.5), (900.0, 10)])
def test_where_others_keep_the_machine_busy_there_is_more_wall_time(monkeypatch, waiting, times):
    monkeypatch.delenv("AUTOGRADER_LIMITS")
    monkeypatch.setattr("os.getloadavg", lambda: (waiting, 0.0, 0.0))
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    assert stretch() == times
    usual = SubmissionLimits()
    longer = usual.stretched(stretch())
    assert (longer.cell_seconds, longer.submission_seconds) == (times * usual.cell_seconds, times * usual.submission_seconds)
    assert (longer.cpu_seconds, longer.memory_bytes) == (usual.cpu_seconds, usual.memory_bytes)


@pytest.mark.parametrize(("waiting", "ends"), [(0.0, False), (900.0, True)])
def test_an_answer_that_is_slow_because_the_machine_is_busy_is_judged(monkeypatch, walled, run_in, waiting, ends):
    monkeypatch.delenv("AUTOGRADER_LIMITS")
    monkeypatch.setattr("os.getloadavg", lambda: (waiting, 0.0, 0.0))
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    student = run_in(walled, "import time\ndef slow():\n    time.sleep(2.5)\n    return 1", seconds=1).student
    if ends:
        assert student.slow() == 1
    else:
        with pytest.raises(StudentFailure, match="did not end within 1 s"):
            student.slow()


def test_a_course_whose_parts_are_more_than_the_whole_is_told():
    with pytest.raises(CourseError, match="submission_seconds is 50, which leaves nothing for answers_seconds and judging_seconds"):
        Course("c", "C", (Assignment("a", "A"),), limits={"submission_seconds": 50, "own_cells_seconds": 50})


def test_an_assignment_may_have_times_of_its_own():
    course = Course("c", "C", (Assignment("a", "A", limits={"judging_seconds": 900}), Assignment("b", "B")), limits={"own_cells_seconds": 5})
    assert (course.limits_of("a").judging_seconds, course.limits_of("a").own_cells_seconds) == (900, 5)
    assert course.limits_of("b").judging_seconds == SubmissionLimits().judging_seconds
