"""What the walls cost: the same submission graded behind bubblewrap and with `--sandbox none`, in turn.

    .venv/bin/python benchmarks/walls.py [--assignment ps00_start] [--rounds 30]

Both graders are warm. Each round grades the reference once with each of them. Medians over the rounds, with the median of the differences, so that what else
the machine does counts for both alike; and the fastest, which say more where the machine is busy.
"""

import argparse
import json
import os
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ASKED_MS = 30.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assignment", default="ps00_start")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    walled, unwalled = measure(options.assignment, options.rounds)
    cost = statistics.median(a - b for a, b in zip(walled, unwalled, strict=True))
    print(f"{options.assignment}, the reference, {options.rounds} rounds, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; milliseconds a submission")
    print(f"  {'':18}{'median':>9}{'fastest':>9}")
    print(f"  {'behind bubblewrap':18}{statistics.median(walled):9.1f}{min(walled):9.1f}")
    print(f"  {'--sandbox none':18}{statistics.median(unwalled):9.1f}{min(unwalled):9.1f}")
    print(f"  {'the walls':18}{cost:9.1f}{min(walled) - min(unwalled):9.1f}   asked: at most {ASKED_MS:g}, {'kept' if cost <= ASKED_MS else 'NOT kept'}")
    if options.json:
        options.json.write_text(json.dumps({"walled": walled, "unwalled": unwalled, "cost": cost}, indent=1) + "\n")


def measure(assignment: str, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each round, behind the walls and without."""
    sys.path[:0] = [str(ROOT)]
    from autograder.authoring.sample_class import notebook_of
    from autograder.grading.course import load_course
    from autograder.grading.grader import Grader

    course = load_course(ROOT)
    release = ROOT / "release" / assignment / course.master(assignment).notebook
    answers = json.dumps(notebook_of(assignment, ROOT, {}, release)).encode()
    times: dict[str, list[float]] = {"bwrap": [], "none": []}
    with Grader(course, "bwrap") as walled, Grader(course, "none") as unwalled:
        graders = {"bwrap": walled, "none": unwalled}
        job = walled.job_of(course.master(assignment), answers, release.name)
        for number in range(-2, rounds):
            for kind in ("bwrap", "none") if number % 2 else ("none", "bwrap"):
                began = time.perf_counter()
                verdict, _ = graders[kind].grade(job)
                if number >= 0:
                    times[kind].append(1000 * (time.perf_counter() - began))
                if verdict.points != verdict.max_points:
                    sys.exit(f"the reference has {verdict.points:g} of {verdict.max_points:g} points: something else was measured")
    return times["bwrap"], times["none"]


if __name__ == "__main__":
    main()
