"""`autograder verify`: the grader is graded. The reference must get full points and the untouched release none; right answers must lose nothing, wrong ones
exactly the criteria they name; mutants of the reference must be caught."""

import ast
import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from ..grading.course import Course
from ..judge.jobs import BrokenGrader, CellOutcome, Job
from ..judge.verdict import ExerciseResult, Verdict
from ..notebooks.plan import PlannedCell
from ..notebooks.reference import Answer, answers_of, exercises_of, reference_cells, reference_plan
from ..runs.pool import Pool
from ..vocabulary.mutants import Mutant, mutants_of
from ..vocabulary.promise import PROMISES
from .alone import unsolved
from .sabotage import Sabotage, makes_modules, sabotages_of

MIN_RIGHT, MIN_WRONG, MIN_SCORE = 3, 8, 0.95
MIN_WRONG_BESIDE_SABOTAGE = 4  # where the exercise makes promises, and so is sabotaged


@dataclass
class ExerciseReport:
    """What was found about the grader of one exercise. Lists hold sentences. seen, unseen: wrong answers at which the visible check turns red, or stays
    green (their files)."""

    name: str
    reference: str = ""
    right: int = 0
    wrong: int = 0
    rejected_right: list[str] = field(default_factory=list)
    accepted_wrong: list[str] = field(default_factory=list)
    mutants: int = 0
    killed: int = 0
    equivalent: int = 0
    survivors: list[dict[str, str]] = field(default_factory=list)
    sabotages: int = 0
    unseen_sabotages: list[str] = field(default_factory=list)
    alone: str = ""
    seen: int = 0
    unseen: list[str] = field(default_factory=list)

    @property
    def score(self) -> float:
        """Share of mutants killed, the listed equivalents left out."""
        counted = self.mutants - self.equivalent
        return self.killed / counted if counted else 1.0


@dataclass
class Report:
    """One assignment."""

    assignment: str
    exercises: dict[str, ExerciseReport] = field(default_factory=dict)
    blank: str = ""
    stale_equivalents: list[str] = field(default_factory=list)

    @property
    def score(self) -> float:
        counted = sum(e.mutants - e.equivalent for e in self.exercises.values())
        return sum(e.killed for e in self.exercises.values()) / counted if counted else 1.0

    def problems(self) -> list[str]:
        """Sentences; none when all is well."""
        found = [self.blank] if self.blank else []
        for e in self.exercises.values():
            found += [f"{e.name}: {sentence}" for sentence in [*filter(None, (e.reference, e.alone)), *e.rejected_right, *e.accepted_wrong]]
            found += [f"{e.name}: the sabotage “{name}” keeps full points" for name in e.unseen_sabotages]
            enough = MIN_WRONG_BESIDE_SABOTAGE if e.sabotages else MIN_WRONG
            if e.right < MIN_RIGHT or e.wrong < enough:
                found.append(f"{e.name}: {e.right} right and {e.wrong} wrong answers; {MIN_RIGHT} and {enough} are needed")
        if self.score < MIN_SCORE:
            found.append(f"only {self.score:.1%} of the mutants are caught; {MIN_SCORE:.0%} are needed")
        return found + self.stale_equivalents

    def to_json(self) -> dict[str, Any]:
        exercises = [{**asdict(e), "score": round(e.score, 4)} for e in self.exercises.values()]
        return {"assignment": self.assignment, "score": round(self.score, 4), "exercises": exercises, "problems": self.problems()}


@dataclass(frozen=True)
class _Case:
    """One thing to judge: kind is "reference", "blank", "alone", "together", "answer", "check", "mutant" or "sabotage"."""

    kind: str
    answer: Answer | None = None
    mutant: Mutant | None = None
    sabotage: tuple[str, Sabotage] | None = None  # the exercise, what is done to its reference
    exercise: str = ""
    together: tuple[Answer, ...] = ()  # right answers of several exercises

    @property
    def name(self) -> str:
        if self.together:
            return f"{', '.join(answer.path.name for answer in self.together)} together"
        if self.answer is not None:
            return f"{self.answer.path.parent.name}/{self.answer.path.name}"
        if self.sabotage is not None:
            return f"the sabotage “{self.sabotage[1].name}” of {self.sabotage[0]}"
        if self.exercise:
            return f"the reference of {self.exercise} alone"
        return f"the mutant “{self.mutant.change}”" if self.mutant is not None else f"the {self.kind}"


def verify(
    course: Course, assignment: str, pool: Pool, exercise: str | None = None, mutants: bool = True, progress: Callable[[int, int], None] | None = None,
    checks: bool = True, sabotage: bool = True, criteria: Callable[[Answer], tuple[str, ...]] | None = None,
) -> Report:  # fmt: skip
    """Verifies one assignment, or one exercise of it. checks: whether the visible checks are tried on the wrong answers; sabotage: whether the references are
    sabotaged. criteria: the titles of those by which an answer is judged, none for all; where they find it other than it should be, it is judged by all.
    Raises BrokenGrader with the answer at which the grader does not work."""
    root = course.root
    points = exercises_of(assignment, root)
    names = [name for name in points if exercise in (None, name)]
    report = Report(assignment, {name: ExerciseReport(name) for name in names})
    equivalents = equivalents_of(assignment, root)
    jobs = _jobs(course, assignment, points, names, mutants, checks, sabotage, criteria, report)
    by_all: list[Job] = []
    done = 0
    used: set[str] = set()

    def take(job: Job, verdict: Verdict, outcomes: list[CellOutcome]) -> None:
        nonlocal done
        done += 1
        if job.criteria:
            by_all.extend([replace(job, criteria=())] if _faults_of(job.tag.answer, verdict.exercises[0], job.criteria) else [])
        else:
            _enter(report, job.tag, verdict, outcomes, equivalents, used)
        if progress:
            progress(done, len(jobs) + len(by_all))

    def fault(job: Job, error: Exception) -> None:
        raise type(error)(f"{error} (seen when {job.tag.name} was judged)") if isinstance(error, BrokenGrader) else error

    pool.judge(jobs, take, fault)
    pool.judge(by_all, take, fault)
    if mutants:
        stale = {key for key in equivalents if key[0] in names} - used
        report.stale_equivalents = [f"{name}: listed as equivalent, but there is no such surviving mutant: {change}" for name, change in sorted(stale)]
    return report


def _jobs(
    course: Course, assignment: str, points: dict[str, float], names: list[str], mutants: bool, checks: bool, sabotage: bool,
    criteria: Callable[[Answer], tuple[str, ...]] | None, report: Report,
) -> list[Job]:  # fmt: skip
    root = course.root

    def job(case: _Case, answers: dict[str, str], only: tuple[str, ...], stop_early: bool = False) -> Job:
        plan = reference_plan(assignment, root, answers)
        return Job(assignment, assignment, points, plan, tag=case, only=only, stop_early=stop_early)

    jobs = [job(_Case("reference"), {}, tuple(names))]
    blank = job(_Case("blank"), {}, tuple(names))
    assert blank.plan is not None
    blank.plan.blank = set(points)
    jobs.append(blank)
    check_cells = {cell.grade_id: cell.source for cell in reference_cells(assignment, root) if cell.kind == "check"}
    for answer in answers_of(assignment, root):
        if answer.exercise in names:
            entry = report.exercises[answer.exercise]
            entry.right, entry.wrong = entry.right + answer.right, entry.wrong + (not answer.right)
            jobs.append(job(_Case("answer", answer), {answer.exercise: answer.source}, (answer.exercise,)))
            jobs[-1].criteria = criteria(answer) if criteria else ()
            if checks and not answer.right:  # on its own: a check may change what an answer keeps
                looked = job(_Case("check", answer), {answer.exercise: answer.source}, ())
                assert looked.plan is not None
                looked.cells_only = True
                looked.plan.cells.append(PlannedCell(check_cells[f"test_{answer.exercise}"]))
                jobs.append(looked)
    sources = {cell.grade_id: cell.source for cell in reference_cells(assignment, root) if cell.kind == "solution"}
    others = {name: unsolved(name, source) for name, source in sources.items() if name in points}
    for name in filter(others.__contains__, names):
        jobs.append(job(_Case("alone", exercise=name), {other: source for other, source in others.items() if other != name}, (name,)))
    for answers in together(assignment, root) if names == list(points) else ():
        jobs.append(job(_Case("together", together=answers), {answer.exercise: answer.source for answer in answers}, tuple(names)))
    promises = promises_of(assignment, course)
    for name in names:
        its = promises.get(name, set())
        module = makes_modules(its) or sources[name].lstrip().startswith("class ")
        found = sabotages_of(its)
        report.exercises[name].sabotages = len(found)
        if sabotage:
            jobs += [job(_Case("sabotage", sabotage=(name, s)), {name: s.applied(name, sources[name], module)}, (name,), stop_early=True) for s in found]
    if mutants:
        for name in names:
            made = mutants_of(name, sources[name])
            report.exercises[name].mutants = len(made)
            jobs += [job(_Case("mutant", mutant=m), {name: m.source}, (name,), stop_early=True) for m in made]
    return jobs


def together(assignment: str, root: Path) -> list[tuple[Answer, ...]]:
    """The right answers, each in one notebook with one of every other exercise: the first of all, the second of all, and so on. Without those that stand apart,
    as those do that answer another exercise, too."""
    right: dict[str, list[Answer]] = {}
    exercises = set(exercises_of(assignment, root))
    for answer in answers_of(assignment, root):
        defined = {getattr(node, "name", "") for node in ast.parse(answer.source).body}
        if answer.right and not answer.apart and not defined & exercises - {answer.exercise}:
            right.setdefault(answer.exercise, []).append(answer)
    most = max(map(len, right.values()), default=0)
    return [tuple(answers[number % len(answers)] for answers in right.values()) for number in range(most)]


def promises_of(assignment: str, course: Course) -> dict[str, set[str]]:
    """The kinds of promises that each exercise's grader makes, from the grader's source: {exercise: {"gradients", …}}."""
    path = course.root / "autograder" / "graders" / f"test_{assignment}.py"
    known = {name: name.replace("_", " ") for name in PROMISES}
    found: dict[str, set[str]] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        marks = [d for d in getattr(node, "decorator_list", []) if isinstance(d, ast.Call) and getattr(d.func, "id", "") == "exercise"]
        names = [str(mark.args[0].value) for mark in marks if isinstance(mark.args[0], ast.Constant)]
        made = [part.value for part in getattr(node, "body", []) if isinstance(part, ast.Assign)]  # test_values = softmax.agrees(…)
        calls = [value.func.attr for value in made if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute)]
        for name in names:
            found[name] = {known[call] for call in calls if call in known}
    return found


def _enter(
    report: Report, case: _Case, verdict: Verdict, outcomes: list[CellOutcome], equivalents: dict[tuple[str, str], str], used: set
) -> None:  # fmt: skip
    match case:
        case _Case("reference"):
            for result in verdict.exercises:
                report.exercises[result.name].reference = _lost(result, "the reference")
        case _Case("blank"):
            if verdict.points != 0 or any(c.reason != "not attempted" for e in verdict.exercises for c in e.criteria):
                report.blank = f"the untouched release gets {verdict.points:g} points, or another reason than 'not attempted'"
        case _Case("alone", exercise=name):
            report.exercises[name].alone = _lost(verdict.exercises[0], "where no other exercise is solved, the reference")
        case _Case("together", together=answers):
            for result in verdict.exercises:
                lost = _lost(result, f"in one notebook with {', '.join(answer.path.name for answer in answers)} it")
                report.exercises[result.name].rejected_right += [lost] if lost else []
        case _Case("answer", answer=Answer() as answer):
            entry = report.exercises[answer.exercise]
            _enter_answer(entry, answer, verdict.exercises[0])
        case _Case("check", answer=Answer() as answer):
            entry, red = report.exercises[answer.exercise], not outcomes or outcomes[-1].reason != "ok"
            entry.seen += red
            entry.unseen += [] if red else [answer.path.name]
        case _Case("sabotage", sabotage=(name, sabotage)):
            key = (name, sabotage.name)
            if key in equivalents:
                used.add(key) if verdict.exercises[0].passed else None
                report.exercises[name].sabotages -= 1
            elif verdict.exercises[0].passed:
                report.exercises[name].unseen_sabotages.append(sabotage.name)
        case _Case("mutant", mutant=Mutant() as mutant):
            entry, key = report.exercises[mutant.exercise], (mutant.exercise, mutant.change)
            if key in equivalents:
                used.add(key) if verdict.exercises[0].passed else None
                entry.equivalent += 1
            elif verdict.exercises[0].passed:
                entry.survivors.append({"kind": mutant.kind, "change": mutant.change, "diff": mutant.diff})
            else:
                entry.killed += 1


def _lost(result: ExerciseResult, who: str) -> str:
    failed = [c for c in result.criteria if not c.passed]
    return f"{who} loses “{failed[0].title}” ({failed[0].reason}: {failed[0].message})" if failed else ""


def _enter_answer(entry: ExerciseReport, answer: Answer, result: ExerciseResult) -> None:
    (entry.rejected_right if answer.right else entry.accepted_wrong).extend(_faults_of(answer, result))


def _faults_of(answer: Answer, result: ExerciseResult, tried: tuple[str, ...] = ()) -> list[str]:
    """Where a result is another than the answer's file says. tried: the criteria by which it was judged, where not by all."""
    name = f"{answer.path.parent.name}/{answer.path.name}"
    titles = {c.title for c in result.criteria}
    failed = {c.title for c in result.criteria if not c.passed}
    tried_in_vain = sorted(set(tried) - titles)
    if answer.right and tried_in_vain:
        return [f"{name} was judged by a criterion that does not exist, “{tried_in_vain[0]}”"]
    if answer.right:
        return [_lost(result, name)] if failed else []
    allowed = {c.title for c in result.criteria if c.because} | set(answer.may_fail)
    read = " / ".join(c.message for c in result.criteria)
    found = [f"{name} is not told “{words}”: {read.strip(' /')}" for words in answer.says if words not in read]
    expected = titles if answer.fails == ("*",) else set(answer.fails)
    unknown = (expected | set(answer.may_fail)) - titles
    if tried:
        expected, unknown = expected & set(tried), set(tried_in_vain)
    if unknown:
        found.append(f"{name} names the criterion “{sorted(unknown)[0]}”, which does not exist")
    elif not expected <= failed <= expected | allowed:
        keeps, loses = sorted(expected - failed), sorted(failed - expected - allowed)
        words = [f"keeps “{keeps[0]}”"] if keeps else []
        words += [f"loses “{loses[0]}” too"] if loses else []
        found.append(f"{name} {' and '.join(words)}")
    return found


def equivalents_of(assignment: str, root: Path) -> dict[tuple[str, str], str]:
    """Mutants, and sabotages, that leave an exercise as it is: {(exercise, change or name): reason}, from tests/submissions/<assignment>/equivalent.toml.
    Raises ValueError."""
    path = root / "tests" / "submissions" / assignment / "equivalent.toml"
    if not path.is_file():
        return {}
    found: dict[tuple[str, str], str] = {}
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    for kind, name in (("mutant", "change"), ("sabotage", "name")):
        for entry in entries.get(kind, []):
            if not entry.get("reason"):
                raise ValueError(f"{path.name}: the {kind} {entry.get(name)!r} needs a reason")
            found[entry["exercise"], entry[name]] = entry["reason"]
    return found
