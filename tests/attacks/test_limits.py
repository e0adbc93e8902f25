"""Each limit ends what passes it, with its own reason and sentence, within the limit plus one second, and the other exercises keep their points."""

import os
import time
from dataclasses import dataclass

import pytest

from autograder.grading.course import Assignment, Course
from autograder.judge.verdict import Verdict
from autograder.sandbox.limits import SubmissionLimits
from tests.attacks.conftest import HASTY, Range
from tests.attacks.suite import POINTS

ALLOWANCE_SECONDS = 1.0
TRIES = 3  # another program on the machine may take the second that a limit has


def busy() -> float:
    """How many programs want each core: a second of CPU time takes that long."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@dataclass(frozen=True)
class Case:
    """`double` passes one limit. reason and words: what its criterion says; seconds: the time that it may take, less the allowance."""

    limits: dict[str, float]
    body: str
    reason: str
    words: str
    seconds: float = 0.0

    @property
    def double(self) -> str:
        return f"import os, sys, time\ndef double(X):\n    {self.body}\n    return 2 * X"


HOG = "kept = bytearray(24 << 20); kept[::4096] = b'x' * len(kept[::4096])"
CASES = {
    "wall time of a criterion": Case({"criterion_seconds": 1}, "time.sleep(60)", "timeout", "did not end within 1 s", 1),
    "CPU time": Case({"cpu_seconds": 1, "criterion_seconds": 20}, "while True: pass", "timeout", "used up its 1 s of CPU time", 1),
    "CPU time of several processes": Case(
        {"cpu_seconds": 1, "criterion_seconds": 20}, "os.fork(); os.fork()\n    while True: pass", "timeout", "used up its 1 s of CPU time", 1,
    ),
    "memory": Case({"memory_bytes": 96 << 20}, "kept = [bytearray(1 << 20) for _ in range(4000)]", "memory", "GiB of memory"),
    "memory of several processes": Case(
        {"memory_bytes": 64 << 20, "criterion_seconds": 10}, f"os.fork(); os.fork()\n    {HOG}\n    time.sleep(60)", "memory", "GiB of memory",
    ),
    "processes": Case({"processes": 6}, "[os.fork() or time.sleep(60) for _ in range(20)]; time.sleep(60)", "memory", "more than 6 processes"),
    "threads": Case(
        {"threads": 8}, "from threading import Thread\n    for _ in range(20): Thread(target=time.sleep, args=[60]).start()\n    time.sleep(60)",
        "memory", "or 8 threads",
    ),
    "size of a file": Case({"disk_bytes": 1 << 20}, "open('large', 'wb').write(bytes(4 << 20))", "output limit", "may not write as much"),
    "size of several files": Case(
        {"disk_bytes": 1 << 20}, "[open(str(i), 'wb').write(bytes(300_000)) for i in range(20)]", "output limit", "may not write as much",
    ),
    "number of files": Case({"files": 50}, "[open(str(i), 'w').close() for i in range(1000)]", "output limit", "or as many files"),
    "bytes of output": Case({"output_chars": 10_000}, "print('x' * 10_001)", "output limit", "printed more than the limit allows"),
    "bytes of output, line by line": Case({"output_chars": 10_000}, "[print('x') for i in range(10**9)]", "output limit", "printed more than the limit allows"),
    "size of a message": Case({"message_bytes": 1 << 20}, "return torch.zeros(1 << 19)", "output limit", "is over the limit of 1,048,576"),
    "size of a text in a message": Case({"message_bytes": 1 << 20}, "return 'x' * (1 << 21)", "output limit", "is over the limit of 1,048,576"),
    "depth of a message": Case({"message_depth": 5}, "return [[[[[[[1]]]]]]]", "output limit", "nesting of 6 is over the limit of 5"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_passes_a_limit_ends_with_its_reason_in_time_and_costs_that_exercise_only(shooting_range: Range, case: Case):
    for _ in range(TRIES):
        verdict, _ = shooting_range.hand_in_answers(case.limits, double=case.double)
        (criterion,) = _criteria(verdict, "double")
        assert criterion.reason == case.reason, criterion.message
        assert case.words in criterion.message
        assert _points(verdict) == {**POINTS, "double": 0}
        if criterion.seconds <= ((case.seconds or HASTY["criterion_seconds"]) + ALLOWANCE_SECONDS) * busy():
            return
    pytest.fail(f"{criterion.seconds:.2f} s in each of {TRIES} tries")


CELLS = {
    "wall time of a cell": ({"cell_seconds": 1}, "import time; time.sleep(60)", "timeout"),
    "CPU time in a cell": ({"cpu_seconds": 1, "cell_seconds": 10}, "while True: pass", "timeout"),
    "memory in a cell": ({"memory_bytes": 96 << 20}, "kept = [bytearray(1 << 20) for _ in range(4000)]", "memory"),
    "processes in a cell": ({"processes": 6}, "import os, time; [os.fork() or time.sleep(60) for _ in range(20)]; time.sleep(60)", "memory"),
    "files in a cell": ({"files": 50}, "for i in range(1000): open(str(i), 'w').close()", "output limit"),
    "output of a cell": ({"output_chars": 10_000}, "print('x' * 10_001)", "output limit"),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_that_passes_a_limit_costs_no_exercise_anything(shooting_range: Range, name: str):
    limits, cell, reason = CELLS[name]
    for _ in range(TRIES):
        began = time.perf_counter()
        verdict, outcomes = shooting_range.hand_in_answers(limits, before=cell)
        seconds = time.perf_counter() - began
        assert [outcome.reason for outcome in outcomes] == ["ok", reason, "ok", "ok", "ok"]
        assert _points(verdict) == POINTS
        if seconds <= (limits.get("cell_seconds", HASTY["cell_seconds"]) + 2 * ALLOWANCE_SECONDS) * busy():  # with the rest of the submission, run again
            return
    pytest.fail(f"{seconds:.2f} s in each of {TRIES} tries")


def test_a_submission_that_uses_up_the_time_of_judging_keeps_what_it_had(shooting_range: Range):
    waits = "import time\ndef double(X):\n    time.sleep(60)"
    began = time.perf_counter()
    verdict, _ = shooting_range.hand_in_answers({"judging_seconds": 3, "criterion_seconds": 20}, double=waits)
    assert _points(verdict) == {**POINTS, "double": 0}
    (criterion,) = _criteria(verdict, "double")
    assert (criterion.reason, criterion.message) == ("timeout", "judging used up its 3 s")
    assert time.perf_counter() - began <= (3 + 2 * ALLOWANCE_SECONDS) * busy()


def test_the_time_that_the_notebook_needs_once_more_is_not_that_of_the_exercise_that_waits_for_it(shooting_range: Range):
    greedy = "class Layer:\n    def __init__(self):\n        self.kept = [bytearray(1 << 20) for _ in range(4000)]"
    limits = {"criterion_seconds": 2, "memory_bytes": 96 << 20}
    verdict, _ = shooting_range.hand_in_answers(limits, before="import time; time.sleep(2)", Layer=greedy)
    assert [criterion.reason for criterion in _criteria(verdict, "Layer")] == ["memory", "memory"]
    assert _points(verdict) == {**POINTS, "Layer": 0}


def test_an_assignment_may_have_limits_of_its_own():
    course = Course("c", "C", (Assignment("a", "A", limits={"files": 7}), Assignment("b", "B")), limits={"files": 9, "message_depth": 3})
    assert course.limits_of("a") == SubmissionLimits(files=7, message_depth=3)
    assert course.limits_of("b") == SubmissionLimits(files=9, message_depth=3)


def _criteria(verdict: Verdict, exercise: str):
    return next(e.criteria for e in verdict.exercises if e.name == exercise)


def _points(verdict: Verdict) -> dict[str, float]:
    return {exercise.name: exercise.points for exercise in verdict.exercises}
