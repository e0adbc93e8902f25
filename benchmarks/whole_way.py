"""A class from the platform and back: collect, grade-class, feedback, export, report, similar; the seconds of each.

    .venv/bin/python benchmarks/whole_way.py [--students 300] [--assignment ps05_softmax_regression]

The made-up class of `similar.py` is packed as Canvas packs its downloads, with a roster beside it; then the commands are run as an instructor would.
"""

import argparse
import csv
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from benchmarks.nbgrader_side_by_side import kit_course
from benchmarks.similar import lay_out

COMMAND = [sys.executable, "-c", "from autograder.cli import main; main()"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--assignment", default="ps05_softmax_regression")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="autograder-benchmark-") as folder:
        course = kit_course(Path(folder, "course"), options.assignment)
        lay_out(course, options.assignment, options.students, years=0)
        download = packed(course, options.assignment)
        commands = {
            "collect": [str(download), "--from", "canvas", "--assignment", options.assignment, "--roster", "roster.csv"],
            "grade-class": [options.assignment],
            "feedback": [options.assignment, "--pack", "canvas", "--out", "feedback.zip"],
            "export": ["--format", "canvas", "--out", "marks.csv"],
            "report": [options.assignment],
            "similar": [options.assignment],
        }
        print(f"{options.students} students, {options.assignment}, {os.cpu_count()} cores", "| command | by the clock (s) | of a processor (s) |", sep="\n")
        print("|---|---:|---:|", flush=True)
        for name, arguments in commands.items():
            seconds, used = timed(course, [name, *arguments])
            print(f"| `{name}` | {seconds:.1f} | {used:.1f} |", flush=True)
        with zipfile.ZipFile(course / "feedback.zip") as pages:
            print(f"\n{len(pages.namelist())} pages of feedback, a report of {(course / 'report.html').stat().st_size / 1e3:.0f} kB")


def packed(course: Path, assignment: str) -> Path:
    """Canvas's download of what lies in submitted/, which is then empty; a roster beside it."""
    download = course / "download.zip"
    students = sorted(path for path in (course / "submitted").iterdir() if path.is_dir())
    with zipfile.ZipFile(download, "w", zipfile.ZIP_DEFLATED) as archive, (course / "roster.csv").open("w", newline="") as roster:
        rows = csv.writer(roster)
        rows.writerow(["id", "name", "canvas id"])
        for number, student in enumerate(students, start=1000):
            rows.writerow([student.name, f"Student {student.name}", number])
            for notebook in (student / assignment).glob("*.ipynb"):
                archive.write(notebook, f"{student.name}student_{number}_{number + 50_000}_{notebook.name}")
    shutil.rmtree(course / "submitted")
    return download


def timed(course: Path, arguments: list[str]) -> tuple[float, float]:
    """Seconds by the clock, and of processors."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([*COMMAND, *arguments], cwd=course, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{arguments[0]} ended with {done.returncode}:\n{(done.stdout + done.stderr)[-3000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
