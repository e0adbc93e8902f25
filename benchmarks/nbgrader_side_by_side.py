"""`nbgrader autograde` on the same submissions, stock and with this kit, side by side.

    .venv/bin/python benchmarks/nbgrader_side_by_side.py [--assignment ps05_softmax_regression] [--submissions 10]

Three courses in a temporary folder, the same right submissions in each, one `nbgrader autograde` for each course:

* stock, public checks only: what nbgrader costs when nothing is hidden (a lower bound for it);
* stock, same checks inline: each check cell has a hidden test that runs the criteria of the hidden grader as plain functions in the kernel;
* this kit: the hidden grader, through the sandbox.

Each course is graded in two calls, one with a few submissions and one with ten (--submissions) more; the difference is the time of those ten, so that start-up
counts for nobody.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FEW = 4
INLINE = """
### BEGIN HIDDEN TESTS
import sys
for _folder in {paths!r}:
    if _folder not in sys.path:
        sys.path.insert(0, _folder)
from benchmarks.inline import run_criteria
run_criteria({assignment!r}, {exercise!r}, globals())
### END HIDDEN TESTS
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assignment", default="ps05_softmax_regression")
    parser.add_argument("--submissions", type=int, default=10)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="autograder-benchmark-") as folder:
        rows = {
            "stock nbgrader, public checks only": measure(stock_course(Path(folder, "public"), options.assignment, inline=False), options),
            "stock nbgrader, same checks inline": measure(stock_course(Path(folder, "inline"), options.assignment, inline=True), options),
            "nbgrader with this kit": measure(kit_course(Path(folder, "kit"), options.assignment), options),
        }
    ours = rows["nbgrader with this kit"]["each"]
    print(f"{options.assignment}, {options.submissions} submissions, {os.cpu_count()} cores; seconds")
    print(f"{'':38}{f'first {FEW}':>8}{'each further':>14}{'times ours':>12}")
    for name, row in rows.items():
        print(f"{name:38}{row['first']:8.2f}{row['each']:14.3f}{row['each'] / ours:12.1f}")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")


def measure(course: Path, options: argparse.Namespace) -> dict[str, float]:
    """Seconds of the first call (start-up in it) and for each further submission; medians of the repeats."""
    first, each = [], []
    for repeat in range(options.repeat):
        few = hand_in(course, options, f"a{repeat}-", FEW)
        first.append(few)
        many = hand_in(course, options, f"b{repeat}-", FEW + options.submissions)
        each.append((many - few) / options.submissions)
    check_scores(course, options)
    return {"first": statistics.median(first), "each": statistics.median(each)}


def hand_in(course: Path, options: argparse.Namespace, prefix: str, count: int) -> float:
    """Seconds of one `nbgrader autograde` for `count` new submissions."""
    submit(course, options.assignment, prefix, count)
    return timed(course, ["autograde", options.assignment])


def submit(course: Path, assignment: str, prefix: str, count: int) -> None:
    """`count` right submissions of students named <prefix>000, …, and nobody else's."""
    release = next((course / "release" / assignment).glob("*.ipynb"))
    filled = json.dumps(filled_in(assignment, release))
    shutil.rmtree(course / "submitted", ignore_errors=True)
    for i in range(count):
        folder = course / "submitted" / f"{prefix}{i:03}" / assignment
        folder.mkdir(parents=True)
        (folder / release.name).write_text(filled)
        shutil.copy(ROOT / "source" / "course_tools.py", folder)


def timed(course: Path, arguments: list[str]) -> float:
    began = time.perf_counter()
    nbgrader(course, arguments)
    return time.perf_counter() - began


def nbgrader(course: Path, arguments: list[str]) -> None:
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]), "OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-m", "nbgrader", *arguments], cwd=course, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"nbgrader {' '.join(arguments)} failed:\n{done.stderr[-3000:]}")


def check_scores(course: Path, options: argparse.Namespace) -> None:
    """All submissions are right, so every one must have full marks: else something else was measured."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        scores = [submission.score for submission in gradebook.assignment_submissions(options.assignment)]
    if any(score != 100 for score in scores):
        sys.exit(f"{course.name}: scores are {scores}, 100 each was expected")


def filled_in(assignment: str, release: Path) -> dict:
    sys.path[:0] = [str(ROOT)]
    from autograder.authoring.sample_class import notebook_of

    return notebook_of(assignment, ROOT, {}, release)


def kit_course(course: Path, assignment: str) -> Path:
    """A course of this kit."""
    prepare(course, assignment)
    for name in ("course_config.py", "nbgrader_config.py"):
        shutil.copy(ROOT / name, course)
    for name in ("solutions", "autograder"):
        (course / name).symlink_to(ROOT / name)
    nbgrader(course, ["generate_assignment", assignment, "--create"])
    return course


def stock_course(course: Path, assignment: str, inline: bool) -> Path:
    """A course of nbgrader's own kind."""
    prepare(course, assignment)
    (course / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "stock"\n')
    if inline:
        source = next((course / "source" / assignment).glob("*.ipynb"))
        notebook = json.loads(source.read_text())
        for cell in notebook["cells"]:
            record = cell["metadata"].get("nbgrader", {})
            if record.get("grade") and not record.get("solution"):
                code = INLINE.format(paths=[str(ROOT), str(ROOT / "source")], assignment=assignment, exercise=re.sub("^test_", "", record["grade_id"]))
                cell["source"] = "".join(cell["source"]) + code
        source.write_text(json.dumps(notebook))
    nbgrader(course, ["generate_assignment", assignment, "--create"])
    return course


def prepare(course: Path, assignment: str) -> None:
    shutil.copytree(ROOT / "source" / assignment, course / "source" / assignment)
    shutil.copy(ROOT / "source" / "course_tools.py", course / "source" / assignment)
    # Demos are skipped by this kit; they must not count against stock nbgrader either.
    source = next((course / "source" / assignment).glob("*.ipynb"))
    notebook = json.loads(source.read_text())
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["metadata"].get("active") != "ipynb"]
    source.write_text(json.dumps(notebook))


if __name__ == "__main__":
    main()
