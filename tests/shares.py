"""How the tests are shared out among workers (`pytest -n auto`). A file is one share, so that its set-up is made once; where tests are long and have
little set-up of their own, each test is one. The longest begin first: none is left for one worker alone in the end."""

import os
import re
from pathlib import Path
from typing import Any

import pytest

SUBMISSIONS = Path(__file__).parent / "submissions"
BY_TEST = {"tests/graders/test_verify.py", "tests/graders/test_same_marks.py"}
# In seconds, roughly, by how the names of the tests begin; what is not here is short. A test of one assignment takes as long as there are answers to it.
LONG = {
    "tests/engine/test_class_run.py": 150, "tests/attacks/test_attacks.py": 120, "tests/attacks/test_faults.py": 120, "tests/graders/test_rules.py": 100,
    "tests/engine/test_broken_graders.py": 80, "tests/engine/test_cell_times.py": 60, "tests/engine/test_nbgrader.py": 60, "tests/engine/test_cluster.py": 60,
    "tests/engine/test_sandbox.py": 60, "tests/engine/test_marks_by_hand.py": 60, "tests/engine/test_course_rules.py": 50, "tests/engine/test_cli.py": 50,
    "tests/browser/test_student.py": 70, "tests/browser/test_instructor.py": 60,
    "tests/graders/test_verify.py::test_what_trains": 50, "tests/engine/test_ci.py": 40, "tests/attacks/test_canary.py": 30,
}  # fmt: skip
SECONDS_AN_ANSWER = 0.3
MOST_WORKERS, WORKER_BYTES = 4, 3 << 30  # a worker holds a grader and several sandboxes


def number_of_workers() -> int:
    """One a core and one more, since many tests wait; as far as there is memory for them."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(len(os.sched_getaffinity(0)) + 1, MOST_WORKERS, memory // WORKER_BYTES))


def number_of_graders() -> int:
    """One a core, for the test that is alone on the machine; one where other workers have theirs."""
    return 1 if "PYTEST_XDIST_WORKER" in os.environ else os.cpu_count() or 1


def share_of(nodeid: str) -> str:
    """The name of the share that a test belongs to. Its tests run in one worker, in their order."""
    path = nodeid.partition("::")[0]
    return nodeid if path in BY_TEST else path


def length_of(nodeid: str) -> float:
    """About how many seconds a test's share takes."""
    path, _, test = nodeid.partition("::")
    assignment = re.search(r"\[(ps\d\d_\w+)\]$", test)
    if path in BY_TEST and assignment:
        return SECONDS_AN_ANSWER * len(list((SUBMISSIONS / assignment[1]).glob("*/*.py")))
    return next((seconds for beginning, seconds in LONG.items() if nodeid.startswith(beginning)), 0)


def scheduler(config: pytest.Config, log: Any) -> Any:
    """Gives each worker the next share in the order of the collection."""
    from xdist.scheduler import LoadScopeScheduling

    class Shares(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return share_of(nodeid)

    config.option.loadscopereorder = False
    return Shares(config, log)
