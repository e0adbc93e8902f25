"""Set-up that all tests share: one warm sandbox of each kind for the whole run, and submissions made from source text."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings

from autograder.judge.session import SubmissionSession
from autograder.judge.student import Student
from autograder.notebooks.plan import Plan, PlannedCell
from autograder.sandbox.launch import Sandbox
from autograder.sandbox.limits import SubmissionLimits
from tests import shares
from tests.attacks.suite import words_of_the_count

# Answers of students: an exercise may be called test_something, they are no tests.
collect_ignore = ["submissions"]
PRELOAD = ("numpy",)

os.environ.setdefault("AUTOGRADER_LIMITS", "exact")  # a limit is what a test says, however many tests run side by side

# The same examples in every run; `pytest --hypothesis-profile default` looks for new ones.
settings.register_profile("same examples", derandomize=True, deadline=None, database=None)
settings.load_profile("same examples")


@pytest.fixture(scope="session")
def walled() -> Iterator[Sandbox]:
    """A warm process behind bubblewrap, started by a judge that has a secret in its environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_SECRET", "hunter2")
        sandbox = Sandbox("bwrap", preload=PRELOAD)
    with sandbox:
        sandbox.wait_until_ready()
        yield sandbox


@pytest.fixture(scope="session")
def unwalled() -> Iterator[Sandbox]:
    """A warm process without a wall."""
    with Sandbox("none", preload=PRELOAD) as sandbox:
        sandbox.wait_until_ready()
        yield sandbox


@pytest.fixture(params=["bwrap", "none"])
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    """Both kinds in turn."""
    return request.getfixturevalue("walled" if request.param == "bwrap" else "unwalled")


@pytest.fixture
def run_in() -> Iterator[Callable[..., SubmissionSession]]:
    """run_in(sandbox, cell, …, **limits) → the session, with its notebook run and a criterion begun; closed when the test is over."""
    opened: list[SubmissionSession] = []

    def run(
        sandbox: Sandbox, *cells: str, forbid: tuple[str, ...] = (), seconds: float = 20, files: dict[str, str] | None = None, **limits: float
    ) -> SubmissionSession:  # fmt: skip
        plan = Plan([PlannedCell(cell) for cell in cells], {name: text.encode() for name, text in (files or {}).items()})
        session = SubmissionSession(sandbox, SubmissionLimits(**limits), plan, seed=1)
        opened.append(session)
        session.run_notebook()
        session.begin_exercise(forbid)
        session.begin_criterion(seed=1, seconds=seconds)
        return session

    yield run
    for session in opened:
        session.close()


@pytest.fixture
def student_of(walled: Sandbox, run_in) -> Callable[..., Student]:
    """student_of(cell, …) → the stand-in for a namespace that these cells left behind, in the walled sandbox."""
    return lambda *cells, **options: run_in(walled, *cells, **options).student


# -- several workers (`pytest -n auto`), where pytest-xdist is installed ------------------------------------------------------


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    return shares.number_of_workers()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    return shares.scheduler(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: -shares.length_of(item.nodeid))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How many attacks were withstood, at the end of a run; whichever workers they were in."""
    words = words_of_the_count([report.nodeid for report in terminalreporter.stats.get("passed", [])])
    if words:
        terminalreporter.write_line(words)
