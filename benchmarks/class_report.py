"""`autograder report` on a class of 300: seconds and file size.

    .venv/bin/python benchmarks/class_report.py [--students 300] [--assignments ps03_autograd,…] [--answers 6] [--folder FOLDER]

The class is made up. Some wrong answers of each exercise are judged once; each student gets for each exercise one of these verdicts, a right one or none, by a
talent that is drawn for each, and a few stop handing in. A first report is made, some verdicts are replaced as if they had been judged again, and then the
second report is timed. --folder keeps the course and the page, to look at.
"""

import argparse
import copy
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from autograder.grading.course import Course, load_course
from autograder.grading.grader import Grader
from autograder.judge.jobs import Job
from autograder.judge.verdict import CriterionResult, ExerciseResult, Verdict
from autograder.notebooks.reference import answers_of, exercises_of, reference_plan
from autograder.runs.verdicts import load_verdict, save_verdict

ASSIGNMENTS = "ps03_autograd,ps04_linear_regression,ps05_softmax_regression,ps06_mlp,ps07_generalization,ps10_convolution"
COMMAND = [sys.executable, "-c", "from autograder.cli import main; main()", "report"]
NAMES = (
    "ana ben chen dana eli fatima goran hana ivan jia kofi lena mei noah olga pablo qiu rosa sven tariq uma viktor wang xin yara zoe",
    "abe bauer costa diaz endo fischer garcia haddad ito jansen kim lopez meyer novak okafor park ruiz silva tanaka zhang",
)
FIRST, LAST = (names.split() for names in NAMES)
MANY = 500  # students who can have names of their own


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--assignments", default=ASSIGNMENTS)
    parser.add_argument("--answers", type=int, default=6, help="wrong answers of each exercise that are judged")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    assignments = options.assignments.split(",")
    course = load_course(ROOT)
    with tempfile.TemporaryDirectory(prefix="autograder-benchmark-") as folder:
        root = options.folder or Path(folder)
        root.mkdir(parents=True, exist_ok=True)
        for name in ("course_config.py", "nbgrader_config.py"):
            shutil.copy(ROOT / name, root)
        for name in assignments:
            shutil.copytree(ROOT / "release" / name, root / "release" / name, dirs_exist_ok=True)
        with Grader(course) as grader:
            judged = {name: judged_answers(course, grader, name, options.answers) for name in assignments}
        hand_in(root, judged, options.students)
        report(root)
        judge_again(root, judged[assignments[-1]], assignments[-1])
        began = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        seconds = report(root)
        busy = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - began
        size = (root / "report.html").stat().st_size
    print(f"{options.students} students, {len(assignments)} assignments: {seconds:.1f} s, {busy:.1f} s of a processor, {size / 1000:.0f} kB")


def judged_answers(course: Course, grader: Grader, assignment: str, count: int) -> dict[str, list[ExerciseResult]]:
    """For each exercise what `count` wrong answers get."""
    wrong: dict[str, list[ExerciseResult]] = {}
    points = exercises_of(assignment, ROOT)
    answers = [answer for answer in answers_of(assignment, ROOT) if not answer.right]
    random.Random(assignment).shuffle(answers)
    for answer in answers:
        found = wrong.setdefault(answer.exercise, [])
        if len(found) < count:
            plan = reference_plan(assignment, ROOT, {answer.exercise: answer.source})
            verdict, _ = grader.grade(Job(assignment, "notebook.ipynb", points, plan, only=(answer.exercise,)))
            found.append(next(one for one in verdict.exercises if one.name == answer.exercise))
    print(f"{assignment}: {sum(map(len, wrong.values()))} wrong answers judged", file=sys.stderr)
    return {name: wrong[name] for name in points if wrong.get(name)}


def hand_in(root: Path, judged: dict[str, dict[str, list[ExerciseResult]]], students: int) -> None:
    """A verdict for each student and assignment, but for those who stop."""
    chance = random.Random(1)
    for number in range(students):
        student = f"{FIRST[number % len(FIRST)]}-{LAST[(number + number // len(FIRST)) % len(LAST)]}" + (f"-{number}" if students > MANY else "")
        talent, drift = chance.betavariate(4, 1.6), chance.gauss(0, 0.03)
        stops = chance.randrange(len(judged)) if chance.random() < 0.06 else len(judged)
        for place, (assignment, exercises) in enumerate(judged.items()):
            if place < stops and chance.random() > 0.02:
                now = min(max(talent + drift * place, 0.02), 0.98)
                results = [_answered(name, kinds, now, chance) for name, kinds in exercises.items()]
                save_verdict(root, assignment, student, Verdict(assignment, "notebook.ipynb", results, ["bwrap"], chance.uniform(0.2, 0.5)))


def _answered(name: str, kinds: list[ExerciseResult], talent: float, chance: random.Random) -> ExerciseResult:
    """One of the verdicts, the first ones oftener; or full points; or nothing attempted."""
    if chance.random() < talent:
        first = kinds[0]
        return ExerciseResult(name, first.max_points, [CriterionResult(c.title, c.weight, True, "passed") for c in first.criteria])
    if chance.random() < 0.12:
        first, words = kinds[0], "the cell is as it was handed out"
        return ExerciseResult(name, first.max_points, [CriterionResult(c.title, c.weight, False, "not attempted", words) for c in first.criteria])
    return copy.deepcopy(chance.choices(kinds, [1 / (rank + 1) for rank in range(len(kinds))])[0])


def judge_again(root: Path, exercises: dict[str, list[ExerciseResult]], assignment: str) -> None:
    """Every fifth student's verdict on the last assignment is another in two exercises."""
    chance, names = random.Random(2), list(exercises)[:2]
    for path in sorted((root / "verdicts" / assignment).glob("*.json"))[::5]:
        verdict = load_verdict(root, assignment, path.stem)
        verdict.exercises = [_answered(one.name, exercises[one.name], 0.7, chance) if one.name in names else one for one in verdict.exercises]
        save_verdict(root, assignment, path.stem, verdict)


def report(root: Path) -> float:
    """Seconds of one `autograder report`."""
    began = time.perf_counter()
    done = subprocess.run(COMMAND, cwd=root, env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"the report failed:\n{done.stdout}{done.stderr[-3000:]}")
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
