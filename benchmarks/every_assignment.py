"""How long one right submission of every assignment takes, once the grader is warm.

    .venv/bin/python benchmarks/every_assignment.py [--repeat 3] [ASSIGNMENT …]

One grader judges the reference of an assignment once to be warm, then `--repeat` times; said are the first time, the median of the others, and what share of
it the criteria take that train something.
"""

import argparse
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


def main() -> int:
    from autograder.grading.course import load_course
    from autograder.grading.grader import Grader
    from autograder.judge.jobs import Job
    from autograder.notebooks.reference import exercises_of, reference_plan
    from benchmarks.trainings import titles_of_trainings

    course = load_course(ROOT)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("assignments", nargs="*", default=[], metavar="ASSIGNMENT")
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    trained = titles_of_trainings()
    medians = []
    print("| assignment | exercises | first (s) | each further (s) | of which trainings (s) |", "|---|---:|---:|---:|---:|", sep="\n", flush=True)
    with Grader(course) as grader:
        for assignment in options.assignments or course.names:
            points = exercises_of(assignment, ROOT)
            verdicts = [grader.grade(Job(assignment, assignment, points, reference_plan(assignment, ROOT)))[0] for _ in range(options.repeat + 1)]
            if any(verdict.points != sum(points.values()) for verdict in verdicts):
                print(f"the reference of {assignment} loses points", file=sys.stderr)
                return 1
            first, *further = (verdict.seconds for verdict in verdicts)
            training = [
                sum(c.seconds for e in verdict.exercises for c in e.criteria if c.title in trained.get((assignment, e.name), ())) for verdict in verdicts[1:]
            ]
            medians.append(statistics.median(further))
            print(f"| `{assignment}` | {len(points)} | {first:.2f} | {medians[-1]:.2f} | {statistics.median(training):.2f} |", flush=True)
    print(f"\nMedian of the assignments {statistics.median(medians):.2f} s, the longest {max(medians):.2f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
