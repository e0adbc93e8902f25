"""The loop: one pytest session that judges one submission after another. Collected once, so that a submission costs its tests and nothing else."""

import contextlib
import gc
import math
import os
import re
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch

from ..judge.criteria import EXERCISE, Criterion, Exercise
from ..judge.ended_cells import ended_cells
from ..judge.explain import explain
from ..judge.faults import OF_THE_MACHINE, Doubt, is_certain, is_doubtful, may_be_the_machine, what_of
from ..judge.folding import About, fold
from ..judge.jobs import BrokenGrader, CellOutcome, GraderFault, Job, Settings
from ..judge.notes import note_on_names, note_on_parts, note_on_time, reason_of_cell, words_of_cell
from ..judge.reasons import Finding, StudentFailure
from ..judge.session import SubmissionSession
from ..judge.student import source_lines, source_of
from ..judge.verdict import CriterionResult, ExerciseResult, Verdict
from ..notebooks.master import MasterError
from ..notebooks.plan import Plan
from ..notebooks.reference import reference_plan, solution_path
from ..sandbox.launch import Sandbox, SandboxError
from ..vocabulary.draw import Draw
from ..vocabulary.part import Lending, Part, part
from . import plugin
from .items import COURSE, DEVICE, NO_CASE, Graded, generator_of, group_items, is_plain, names_of, seed_of

MAX_TIMEOUTS = 2
ROOT = Path(__file__).resolve().parents[2]
GRADERS = ROOT / "autograder" / "graders"
INI = Path(__file__).with_name("judge.ini")


@dataclass
class _Parts:
    """Of an exercise that is judged. wrong: the parts that are lent, None as long as nobody has asked. lent_first: whether a criterion needed them.
    hang: whether the student's own were too slow for one."""

    wrong: list[Part] | None = None
    lent_first: bool = False
    hang: bool = False


def judge_submissions(
    assignment: str, jobs: Iterable[Job], on_verdict: Callable[[Job, Verdict, list[CellOutcome]], None], sandbox: Sandbox, settings: Settings,
    graders: Path = GRADERS,
) -> None:  # fmt: skip
    """Judges submissions of one assignment, one after another, in one pytest session. Raises GraderFault."""
    path = graders / f"test_{assignment}.py"
    if not path.is_file():
        raise BrokenGrader(f"there is no hidden grader for {assignment}: graders/test_{assignment}.py is missing")
    root = graders.resolve().parents[1]
    for folder in (root / "source", root):  # what graders import: the solutions, and what the solutions import
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    sys.modules.pop(path.stem, None)  # pytest would take the file as it was in an earlier session
    loop = _JudgeLoop(jobs, on_verdict, sandbox, settings, root)
    arguments = [
        str(path), "-c", str(INI), "--rootdir", str(graders), "-p", "no:terminal", "-p", "no:cacheprovider",
        "-p", "no:faulthandler", "-p", "no:capture", "-p", "no:logging", "-p", "no:warnings", "-p", "no:doctest", "-p", "no:junitxml",
        "-p", "no:unraisableexception", "-p", "no:threadexception", "-p", "no:stepwise", "-p", "no:setupplan", "-p", "no:debugging",
        "-p", "no:pastebin", "-p", "no:nose", "--assert=plain", "--import-mode=importlib",
    ]  # fmt: skip
    with _plugin_autoload_off():
        code = pytest.main(arguments, plugins=[loop, plugin])
    if loop.fault is not None:
        raise loop.fault
    if loop.collection_error or code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise BrokenGrader(f"the hidden grader of {assignment} cannot be loaded: {loop.collection_error or f'pytest ended with code {int(code)}'}")


class _plugin_autoload_off:
    """Graders need none of the plugins that happen to be installed."""

    def __enter__(self) -> None:
        self._before = os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"

    def __exit__(self, *_exc) -> None:
        if self._before is None:
            del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
        else:
            os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = self._before


class _JudgeLoop:
    """Replaces pytest's loop over items by a loop over submissions."""

    def __init__(self, jobs: Iterable[Job], on_verdict, sandbox: Sandbox, settings: Settings, root: Path):
        self.jobs, self.on_verdict, self.sandbox, self.settings, self.root = jobs, on_verdict, sandbox, settings, root
        self.fault: Exception | None = None
        self.collection_error = ""
        self._session: SubmissionSession | None = None
        self._criterion: Criterion | None = None
        self._error: BaseException | None = None
        self._about = About()
        self._at_the_check: set[str] = set()  # exercises of the submission that count with what stood at their checks, while the end is another
        self._exercises: dict[str, Graded] = {}
        self._results: dict[str, ExerciseResult | None] = {}  # of the submission, None while its exercise is judged
        self._lending: Lending | None = None  # what is lent in the criterion that runs
        self._to_lend: list[Part] = []
        self._lent: dict[str, list[str]] = {}  # by exercise of the submission: the parts that were lent
        self._doubts: list[Doubt] = []
        self._asked: dict[str, str] = {}  # by item: how the reference fails there, "" when it passes

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[DEVICE] = self.settings.device
        config.stash[COURSE] = self.settings.course
        config.stash[plugin.CURRENT] = self

    def pytest_exception_interact(self, call: pytest.CallInfo, report: Any) -> None:
        if isinstance(report, pytest.CollectReport) and call.excinfo is not None and not self.collection_error:
            error = call.excinfo.value
            # pytest has wrapped what the import of the file raised.
            self.collection_error = what_of(error.__cause__ or error if isinstance(error, pytest.Collector.CollectError) else error)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        try:
            self._judge_all(session)
        except Exception as error:
            self.fault = error
        return True

    def _judge_all(self, session: pytest.Session) -> None:
        if session.testsfailed:  # it cannot be loaded
            return
        graded = self._exercises = group_items(session.items)
        source_of.cache_clear()
        source_lines.cache_clear()
        for path in {str(item.path) for item in session.items}:
            source_lines(path)
        _warm_up()
        gc.collect()
        gc.freeze()  # what is loaded now stays: later collections need not look at it again
        gc.enable()  # a worker has it off while it loads
        gc.set_threshold(50_000, 20, 50)  # criteria leave little that only a collection finds
        for job in self.jobs:
            verdict, outcomes = self._judge(job, graded)
            self.on_verdict(job, verdict, outcomes)

    def begin(self, item: pytest.Function):
        """For the fixture `student`: starts the criterion's clock and generators over there."""
        assert self._session is not None and self._criterion is not None
        seconds = self._criterion.timeout_s or self.settings.limits.criterion_seconds
        self._session.begin_criterion(seed_of(*names_of(item)), seconds)
        student = self._session.student
        if self._to_lend:
            self._lending = Lending(student)
            self._lending.lend(self._to_lend)
            student.forget()
        return student

    def close(self) -> None:
        pass

    def _judge(self, job: Job, graded: dict[str, Graded]) -> tuple[Verdict, list[CellOutcome]]:
        """Once; again when the judge ran out of something. Raises GraderFault."""
        verdict, outcomes = self._judge_once(job, graded)
        if any(doubt.machine for doubt in self._doubts):
            verdict, outcomes = self._judge_once(job, graded)
        self._settle_doubts(job, verdict)
        return verdict, outcomes

    def _judge_once(self, job: Job, graded: dict[str, Graded]) -> tuple[Verdict, list[CellOutcome]]:
        began = time.perf_counter()
        self._doubts = []
        verdict = Verdict(job.assignment, job.notebook)
        missing = [name for name in job.points if name not in graded]
        if missing:
            raise BrokenGrader(f"the hidden grader of {job.assignment} has no exercise {missing[0]!r}, but the notebook has a cell test_{missing[0]}")
        names = [] if job.cells_only else [name for name in job.points if not job.only or name in job.only]
        if job.plan is None:
            verdict.notes = [job.unreadable]
            verdict.exercises = [_all_fail(graded[name], job.points[name], "unreadable", job.unreadable) for name in names]
            return verdict, []
        verdict.notes = list(job.plan.notes)
        seed = seed_of(self.settings.course, job.assignment)
        self._at_the_check.clear()
        self._results, self._lent = {}, {}
        with SubmissionSession(self.sandbox, self.settings.limits, job.plan, seed) as self._session:
            todo = [name for name in names if name not in job.plan.blank]
            if todo or job.cells_only:
                self._session.run_notebook()
            # Those that keep a record of operations first: they want a process in which nothing else has run, and the others go on in it.
            for name in sorted(names, key=lambda name: not graded[name].exercise.forbid):
                self._result(name, job)
            verdict.exercises = [result for name in names if (result := self._results[name]) is not None]
            verdict.notes += [note_on_parts(name, self._lent[name]) for name in names if name in self._lent]
            if self._at_the_check:
                verdict.notes.append(note_on_names([name for name in names if name in self._at_the_check]))
            outcomes = self._session.outcomes
            if left_out := self._session.left_out():
                verdict.notes.append(note_on_time(left_out, self.settings.limits.own_cells_seconds))
        verdict.cells = ended_cells(job.plan, outcomes)
        verdict.sandbox = list(self.sandbox.layers)
        verdict.seconds = time.perf_counter() - began
        self._session = None
        return verdict, outcomes

    def _result(self, name: str, job: Job) -> ExerciseResult | None:
        """The exercise's, judged once for each submission; None while that is under way."""
        if name not in self._results:
            self._results[name] = None
            self._results[name] = self._exercise(self._exercises[name], job, job.points[name])
        return self._results[name]

    def _exercise(self, graded: Graded, job: Job, points: float) -> ExerciseResult:
        """The best of its attempts."""
        name = graded.exercise.name
        assert self._session is not None and job.plan is not None
        if name in job.plan.blank:
            return _all_fail(graded, points, "not attempted", "the cell is as it was handed out")
        best, counts = None, 0
        for attempt in range(self._session.attempts(name)):
            result = self._attempt(graded, job, points, attempt)
            if best is None or result.points > best.points:
                best, counts = result, attempt
            if result.passed:
                break
        assert best is not None
        if self._session.as_at_the_check(name, counts):
            self._at_the_check.add(name)
        return best

    def _attempt(self, graded: Graded, job: Job, points: float, attempt: int) -> ExerciseResult:
        """The exercise with its names as they were at the checks, or at the end; as a rule there is no difference and one attempt."""
        name = graded.exercise.name
        assert self._session is not None
        problem = self._session.cell_problem(name)
        self._session.begin_exercise(graded.exercise.forbid, name, attempt)
        result, about = ExerciseResult(name, points), []
        timeouts, parts = 0, self._parts_that_hang(graded, job, attempt)
        for criterion, items in graded.criteria.values():
            if job.criteria and name in job.only and criterion.title not in job.criteria:
                continue
            self._about = About()
            if timeouts >= MAX_TIMEOUTS:
                outcome = CriterionResult(criterion.title, criterion.weight, False, "timeout", "not run: the criteria before it did not end in time")
            else:
                outcome = self._tried(graded, job, attempt, criterion, items, parts)
            if outcome.reason == "missing" and problem is not None:
                outcome.reason, outcome.message = reason_of_cell(problem), words_of_cell(name, problem)
            timeouts += outcome.reason == "timeout"
            result.criteria.append(outcome)
            about.append(self._about)
            if job.stop_early and not outcome.passed:
                break
        fold(result.criteria, about)
        return result

    def _tried(
        self, graded: Graded, job: Job, attempt: int, criterion: Criterion, items: list[pytest.Function], parts: "_Parts"
    ) -> CriterionResult:  # fmt: skip
        """The criterion with the student's own parts; where it does not hold, once more with right ones in the place of those that are wrong. It holds if it
        does with either, so that those come first that the criteria before it needed."""
        assert self._session is not None
        if not parts.lent_first:
            own = self._run(criterion, items)
            if own.passed or not graded.exercise.parts:
                return own
            parts.hang = own.reason == "timeout"
            if parts.wrong is None:
                parts.wrong = self._wrong_parts(graded, job, attempt)
            if not parts.wrong:
                return own
        assert parts.wrong
        self._doubts = [doubt for doubt in self._doubts if doubt.criterion is not criterion]
        self._lent[graded.exercise.name] = [one.name for one in parts.wrong]
        self._to_lend = parts.wrong
        try:
            lent = self._run(criterion, items)
        finally:
            self._to_lend = []
        if lent.passed or not parts.lent_first or parts.hang:
            parts.lent_first = parts.lent_first or lent.passed or parts.hang
            return lent
        about = self._about
        own = self._run(criterion, items)
        if not own.passed:
            self._about = about
        return own if own.passed else lent

    def _parts_that_hang(self, graded: Graded, job: Job, attempt: int) -> "_Parts":
        """As if the exercise had waited for its parts already, where one of them did not end in time in its own: nobody waits for it again."""
        judged = [self._results.get(one.name) for one in self._parts_of(graded.exercise.name)]
        if not any(c.reason == "timeout" for result in judged if result is not None for c in result.criteria):
            return _Parts()
        wrong = self._wrong_parts(graded, job, attempt)
        return _Parts(wrong, bool(wrong), bool(wrong))

    def _wrong_parts(self, graded: Graded, job: Job, attempt: int) -> list[Part]:
        """The parts of an exercise that do not get full points themselves."""
        assert self._session is not None
        about, judged = self._about, len(self._results)
        wrong = [one for one in self._parts_of(graded.exercise.name) if self._is_wrong(one, job)]
        if len(self._results) > judged:  # the exercise of a part was judged in between
            self._session.begin_exercise(graded.exercise.forbid, graded.exercise.name, attempt)
        self._about = about
        return wrong

    def _parts_of(self, name: str) -> list[Part]:
        """What an exercise is built on, and what that is built on, each once."""
        found: dict[str, Part] = {}
        todo = list(self._exercises[name].exercise.parts)
        while todo:
            one = todo.pop(0)
            one = one if isinstance(one, Part) else part(one)
            if one.name != name and one.name not in found:
                found[one.name] = one
                todo += self._exercises[one.name].exercise.parts if one.name in self._exercises else ()
        return list(found.values())

    def _is_wrong(self, one: Part, job: Job) -> bool:
        """Whether a part does not get full points in its own exercise."""
        assert job.plan is not None
        if one.name not in job.points or _is_the_reference(one.name, job, self.root):
            return False
        result = self._result(one.name, job)
        return result is not None and not result.passed

    def _run(self, criterion: Criterion, items: list[pytest.Function]) -> CriterionResult:
        """All cases of one criterion; the first that fails decides."""
        began = time.perf_counter()
        self._criterion, self._about = criterion, About()
        result = CriterionResult(criterion.title, criterion.weight, True, "passed")
        for item in items:
            error = self._raised_by(item)
            self._take_back()
            if error is not None:
                result = self._outcome_of(criterion, item, error)
                break
        result.seconds = round(time.perf_counter() - began, 4)
        return result

    def _take_back(self) -> None:
        """The student's own parts again, where the process that they were lent to goes on."""
        lending, self._lending = self._lending, None
        if lending is not None and self._session is not None and self._session.goes_on:
            with contextlib.suppress(Finding):
                lending.take_back()
            self._session.student.forget()

    def _raised_by(self, item: pytest.Function) -> BaseException | None:
        """Runs an item on the session at hand."""
        self._error = None
        if is_plain(item):
            self._run_plain(item)
        else:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        error, self._error = self._error, None
        return error

    def _run_plain(self, item: pytest.Function) -> None:
        """What pytest's protocol comes to for an item that asks for nothing but this plugin's fixtures."""
        given = dict(getattr(item, "callspec", NO_CASE).params)
        try:
            for name in item.fixturenames:
                if name == "student":
                    given[name] = self.begin(item)
                elif name == "rng":
                    given[name] = generator_of(item)
                elif name == "draw":
                    given[name] = Draw(generator_of(item), self.settings.device)
                elif name == "device":
                    given[name] = self.settings.device
            item.function(item.cls(), **given)
        except BaseException as error:
            self._error = error

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Function, call: pytest.CallInfo):
        report = yield
        if call.excinfo is not None and self._error is None:
            self._error = call.excinfo.value
        return report

    def _outcome_of(self, criterion: Criterion, item: pytest.Function, error: BaseException) -> CriterionResult:
        """What an exception says about the student. Raises SandboxError and GraderFault where it says nothing about them."""
        if isinstance(error, SandboxError | GraderFault):
            raise error
        if isinstance(error, KeyboardInterrupt):
            raise GraderFault(f"{item.name}: stopped")
        if is_certain(error):
            raise _broken(item, criterion, what_of(error))
        reason, message = explain(error)
        self._about = About(error.follows, error.named) if isinstance(error, Finding) else About()
        named = self._about.named
        outcome = CriterionResult(criterion.title, criterion.weight, False, reason, message, criterion.hint_to(reason, named), mistake=named)
        if is_doubtful(error):
            here = not isinstance(error, StudentFailure)
            self._doubts.append(Doubt(item, criterion, what_of(error), here, getattr(error, "missing", ""), may_be_the_machine(error)))
        return outcome

    # -- doubts ---------------------------------------------------------------------------------------------------------

    def _settle_doubts(self, job: Job, verdict: Verdict) -> None:
        """Asks the reference. What it passes is the student's, with a remark where a line of the grader's gave up. Raises BrokenGrader where it does not."""
        if not self._doubts or job.plan is None:
            return
        try:
            plan = reference_plan(job.assignment, self.root, files=job.plan.files)
        except MasterError:
            plan = None
        for doubt in self._doubts:
            if plan is not None and not any(_names(doubt.name, cell.source) for cell in plan.cells):
                problem = self._of_the_reference(doubt, plan)
                if problem:
                    raise _broken(doubt.item, doubt.criterion, problem)
            if doubt.here:
                verdict.remarks.append(_remark(doubt))
        self._doubts = []
        if os.environ.get("AUTOGRADER_DEBUG"):
            for remark in verdict.remarks:
                print(f"{verdict.assignment}: {remark}", file=sys.stderr)

    def _of_the_reference(self, doubt: Doubt, plan: Plan) -> str:
        """How the reference fails where a student did, "" when it passes. A machine that is too busy for it says nothing."""
        item = doubt.item
        if item.nodeid not in self._asked:
            exercise: Exercise = getattr(item.cls, EXERCISE)
            self._criterion = doubt.criterion
            with SubmissionSession(self.sandbox, self.settings.limits, plan, seed_of(self.settings.course, names_of(item)[1])) as self._session:
                self._session.run_notebook()
                self._session.begin_exercise(exercise.forbid, exercise.name)
                error = self._raised_by(item)
            self._session = None
            if isinstance(error, SandboxError | GraderFault):
                raise error
            busy = error is None or (isinstance(error, Finding) and error.reason in OF_THE_MACHINE)
            self._asked[item.nodeid] = "" if error is None or busy else what_of(error)
        return self._asked[item.nodeid]


def _broken(item: pytest.Function, criterion: Criterion, what: str) -> BrokenGrader:
    _, assignment, exercise, _ = names_of(item)
    return BrokenGrader(f"the hidden grader of {assignment} is broken at “{criterion.title}” of {exercise}: {what}. Mend it; this is nobody's mark")


def _remark(doubt: Doubt) -> str:
    exercise = names_of(doubt.item)[2]
    return f"{exercise}, “{doubt.criterion.title}”: the grader could not use what this student's code gave: {doubt.what}"


def _names(name: str, source: str) -> bool:
    return bool(name) and re.search(rf"\b{re.escape(name)}\b", source) is not None


def _all_fail(graded: Graded, points: float, reason: str, message: str) -> ExerciseResult:
    criteria = [CriterionResult(c.title, c.weight, False, reason, message) for c, _ in graded.criteria.values()]
    return ExerciseResult(graded.exercise.name, points, criteria)


@cache
def _sources(assignment: str, root: Path) -> dict[str, str]:
    """The cells of the reference by grade id, as its text has them. (Who reads it as a notebook loads Jupyter's libraries, which takes a second.)"""
    try:
        text = solution_path(assignment, root).read_text(encoding="utf-8")
    except (MasterError, OSError):
        return {}
    cells = (cell.partition("\n") for cell in re.split(r"^# %%", text, flags=re.MULTILINE))
    return {found[1]: source.strip() for head, _, source in cells if (found := re.search(r'"grade_id": "(\w+)"', head))}


def _is_the_reference(name: str, job: Job, root: Path) -> bool:
    """Whether the answer is that of the reference, to the letter: it need not be judged."""
    assert job.plan is not None
    return {cell.source.strip() for cell in job.plan.cells if cell.grade_id == name} == {_sources(job.assignment, root).get(name)}


def _warm_up() -> None:
    """First uses that cost a second or more, before the first student pays for them."""
    torch.testing.assert_close(torch.zeros(1), torch.zeros(1))
    assert math.isfinite(seed_of("warm"))
