"""What trainings reach: how far right and wrong answers are from the goal of every criterion that trains something.

    .venv/bin/python benchmarks/trainings.py [--seeds 20] [--exercise train_lenet …] [--machine avx2 …] [--write]

Each criterion is measured as the grader measures it, in this process and without a sandbox, from other seeds than the grader's, on processors that are
played by the environment: rounding is another there, and a training goes another way. `--write` puts the rows into docs/trainings.md, in place of older
rows of the same criterion and machine. Ends with 1 where an answer is on the wrong side of the goal, or nearer to it than the margin.
"""

import argparse
import contextlib
import importlib
import io
import json
import math
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "trainings.md"
BEGIN, END = "<!-- trainings: begin -->", "<!-- trainings: end -->"
HEADER = "| criterion | machine | seeds | goal | right answers, the worst | wrong answers that keep it, the worst | wrong answers that lose it, the best |"
MACHINES = {
    "as it is": {},
    "avx2": {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2"},
    "sse4.1": {"ATEN_CPU_CAPABILITY": "default", "ONEDNN_MAX_CPU_ISA": "SSE41", "MKL_CBWR": "COMPATIBLE"},
    "sse4.1, two threads": {
        "ATEN_CPU_CAPABILITY": "default",
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "MKL_CBWR": "COMPATIBLE",
        "OMP_NUM_THREADS": "2",
        "OMP_WAIT_POLICY": "PASSIVE",
    },
}
SAME = 3  # seeds from which an answer reaches exactly what the reference reaches, to the last digit, until it counts as the same training


@dataclass(frozen=True)
class Training:
    """title: how that of the criterion begins. measure(grader, student, seed): what is compared with the goal. margin: how far both sides should be."""

    assignment: str
    exercise: str
    title: str
    measure: Callable[[ModuleType, Any, int], float]
    goal: Callable[[ModuleType], float]
    margin: float
    at_least: bool = True


def farthest(pairs: list[tuple[Any, Any]]) -> float:
    """The largest distance of an entry of a learned kernel from the right one; infinite where there is no such kernel."""
    import torch

    distances = [
        (mine.detach().reshape(K.shape) - K).abs().max() if isinstance(mine, torch.Tensor) and mine.numel() == K.numel() else math.inf for K, mine in pairs
    ]
    return max(map(float, distances))


def edges(grader: ModuleType, student: Any, _seed: int) -> float:
    import torch

    return farthest([(torch.tensor([[1.0, -1.0]]), grader.learn_edges(student)[0])])


def random_kernels(grader: ModuleType, student: Any, seed: int) -> float:
    import torch

    from autograder.vocabulary.draw import Draw

    return farthest(grader.learn_random_kernels(student, Draw(torch.Generator().manual_seed(seed))))


TRAININGS = (
    Training("ps05_softmax_regression", "train", "reads the digits", lambda g, s, _: g.share_on_digits(s, 2.0), lambda g: g.DIGITS_GOAL, 0.04),
    Training("ps06_mlp", "MLP", "reads the digits", lambda g, s, _: g.share_on_digits(s), lambda g: g.DIGITS_GOAL, 0.05),
    Training("ps10_convolution", "learn_kernel", "finds the edge detector", edges, lambda g: g.KERNEL_ATOL, 0.02, at_least=False),
    Training("ps10_convolution", "learn_kernel", "finds kernels of any shape", random_kernels, lambda g: g.KERNEL_ATOL, 0.02, at_least=False),
    Training("ps10_convolution", "train_lenet", "a LeNet learns", lambda g, s, _: g.best_share(s, 2.0), lambda g: g.LENET_GOAL, 0.08),
    Training("ps21_finetuning", "finetune", "learns from picture files", lambda g, s, _: g.accuracy_on_files(s), lambda g: g.FILES_GOAL, 0.1),
    Training("ps21_finetuning", "finetune", "reads new digits", lambda g, s, seed: g.accuracy_on_new_digits(s, "cpu", seed), lambda g: g.DIGITS_GOAL, 0.05),
)


@dataclass
class Side:
    """The answers of one side of the goal and what the worst of them reached: the one nearest to the goal, or past it."""

    worst: float | None = None
    slug: str = ""
    answers: int = 0

    def words(self) -> str:
        if self.worst is None:
            return f"{self.answers}, none trains" if self.answers else "–"
        return f"{self.worst:.3g} ({self.slug}; {self.answers} in all)"


@dataclass
class Row:
    """One criterion on one machine. problems: sentences."""

    title: str
    machine: str
    seeds: int
    goal: float
    at_least: bool
    margin: float
    right: Side = field(default_factory=Side)
    keeps: Side = field(default_factory=Side)
    loses: Side = field(default_factory=Side)

    def enter(self, side: Side, slug: str, values: list[float]) -> None:
        """A training that breaks off has lost: it counts as infinitely bad.

        A wrong answer that keeps the criterion only because it follows from another one misses the goal from every seed: it is left out, `verify` looks at it.
        """
        side.answers += 1
        if side is self.keeps and not any(value >= self.goal if self.at_least else value < self.goal for value in values):
            return
        low, high = (min, max) if self.at_least else (max, min)
        reached = [value for value in values if math.isfinite(value)] if side is self.loses else values
        if reached:
            value = high(reached) if side is self.loses else low(reached)
            if side.worst is None or (high if side is self.loses else low)(value, side.worst) == value:
                side.worst, side.slug = value, slug

    def problems(self) -> list[str]:
        found = []
        for side, sign in ((self.right, 1), (self.keeps, 1), (self.loses, -1)):
            if side.worst is not None:
                distance = (side.worst - self.goal) * (sign if self.at_least else -sign)
                if distance < self.margin:
                    place = "on the wrong side of" if distance < 0 else f"nearer than {self.margin:g} to"
                    found.append(f"“{self.title}” on {self.machine}: {side.slug} reaches {side.worst:.3g}, {place} the goal {self.goal:g}")
        return found

    def cells(self) -> str:
        goal = f"{'≥' if self.at_least else '<'} {self.goal:g}"
        return f"| {self.title} | {self.machine} | {self.seeds} | {goal} | {self.right.words()} | {self.keeps.words()} | {self.loses.words()} |"


# In a process of its own, whose environment plays the machine ---------------------------------------------------------------


def measured(machine: str, seeds: int, exercises: list[str]) -> Iterator[Row]:
    """Rows for the criteria of these exercises, all where none is named; "train" or, where assignments share a name, "ps14_optimizers.train"."""
    for training in trainings():
        if not exercises or not {training.exercise, f"{training.assignment}.{training.exercise}"}.isdisjoint(exercises):
            yield row_of(training, machine, seeds)


def trainings() -> list[Training]:
    for folder in (ROOT, ROOT / "source", ROOT / "autograder" / "graders"):
        sys.path.insert(0, str(folder))
    return [*TRAININGS, *goals()]


def titles_of_trainings() -> dict[tuple[str, str], set[str]]:
    """The criteria that train something: {(assignment, exercise): titles}."""
    found: dict[tuple[str, str], set[str]] = {}
    for training in trainings():
        grader = importlib.import_module(f"test_{training.assignment}")
        found.setdefault((training.assignment, training.exercise), set()).add(title_of(training, grader))
    return found


def goals() -> Iterator[Training]:
    """The trainings of graders that are written as goals."""
    from autograder.vocabulary.goal import goals_of

    for path in sorted((ROOT / "autograder" / "graders").glob("test_ps*.py")):
        for exercise, title, goal in goals_of(importlib.import_module(path.stem)):
            yield Training(
                path.stem.removeprefix("test_"), exercise, title, lambda _, s, seed, goal=goal: goal.in_full(s, seed), lambda _, goal=goal: goal.threshold,
                goal.margin, goal.at_least,
            )  # fmt: skip


def title_of(training: Training, grader: ModuleType) -> str:
    """The whole title of the criterion."""
    from autograder.judge.criteria import CRITERION

    classes = [value for value in vars(grader).values() if isinstance(value, type)]
    titles = {getattr(test, CRITERION).title for cls in classes for test in vars(cls).values() if hasattr(test, CRITERION)}
    [title] = {title for title in titles if title.startswith(training.title)}
    return title


def row_of(training: Training, machine: str, seeds: int) -> Row:
    from autograder.notebooks.reference import answers_of

    grader = importlib.import_module(f"test_{training.assignment}")
    title = title_of(training, grader)
    row = Row(f"`{training.exercise}`: {title}", machine, seeds, training.goal(grader), training.at_least, training.margin)
    usual = values_of(training, grader, None, seeds, [])
    row.enter(row.right, "reference", usual)
    for answer in answers_of(training.assignment, ROOT):
        if answer.exercise == training.exercise and title not in answer.may_fail:
            loses = title in answer.fails or answer.fails == ("*",)
            side = row.right if answer.right else row.loses if loses else row.keeps
            row.enter(side, answer.slug, values_of(training, grader, answer.source, seeds, usual))
    return row


def values_of(training: Training, grader: ModuleType, source: str | None, seeds: int, usual: list[float]) -> list[float]:
    """What an answer, or the reference, reaches from each seed. usual: what the reference reaches."""
    from autograder.judge.local import run_plan
    from autograder.notebooks.reference import reference_plan

    values: list[float] = []
    plan = reference_plan(training.assignment, ROOT, {training.exercise: source} if source is not None else {})
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for seed in range(seeds):
            values.append(value_of(training, grader, run_plan(plan), seed))  # run anew: an answer may keep something
            if seed + 1 == SAME and (values == usual[:SAME] or not any(map(math.isfinite, values))):
                return values
    return values


def value_of(training: Training, grader: ModuleType, namespace: dict[str, Any], seed: int) -> float:
    import pytest
    import torch

    from autograder.judge.local import LocalStudent
    from autograder.judge.reasons import Finding

    torch.manual_seed(seed)
    random.seed(seed)
    torch.set_grad_enabled(True)  # whatever an answer before this one has left
    torch.set_default_dtype(torch.float32)
    try:
        value = float(training.measure(grader, LocalStudent(namespace, forbidden(grader, training.exercise)), seed))
    except (Exception, Finding, pytest.fail.Exception):
        value = math.nan
    return value if math.isfinite(value) else -math.inf if training.at_least else math.inf


def forbidden(grader: ModuleType, exercise: str) -> tuple[str, ...]:
    from autograder.judge.criteria import EXERCISE

    found = [getattr(cls, EXERCISE) for cls in vars(grader).values() if hasattr(cls, EXERCISE)]
    return next(entry.forbid for entry in found if entry.name == exercise)


# In the process that was started -------------------------------------------------------------------------------------------


def on(machine: str, seeds: int, exercises: list[str]) -> Iterator[dict[str, Any]]:
    """The rows of one machine as they are ready, as dicts: cells, problems."""
    command = [sys.executable, __file__, "--seeds", str(seeds), "--exercise", *exercises, "--inside", machine]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", **MACHINES[machine]}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield from map(json.loads, process.stdout)
    if process.returncode:
        raise SystemExit(f"the measurement on {machine} ended with code {process.returncode}")


def place_of(row: str) -> tuple[int, str, int]:
    """Where a row of the table stands: by criterion, then by machine."""
    criterion, machine = row.strip("| ").split(" | ")[:2]
    starts = [f"`{training.exercise}`: {training.title}" for training in TRAININGS]
    known = [criterion.startswith(start) for start in starts]
    return known.index(True) if True in known else len(known), criterion, list(MACHINES).index(machine)


def write(row: str) -> None:
    """Puts a row into the table, in place of the one with the same criterion and machine."""
    text = DOCUMENT.read_text(encoding="utf-8")
    table = re.search(f"(?s){re.escape(BEGIN)}\n(.*?){re.escape(END)}", text)
    if table is None:
        raise SystemExit(f"{DOCUMENT} has no place for a table, between {BEGIN} and {END}")
    rows = {place_of(line): line for line in [*table[1].splitlines()[2:], row]}
    lines = [HEADER, "|" + "---|" * HEADER.count(" | ") + "---|", *(rows[place] for place in sorted(rows))]
    DOCUMENT.write_text(text.replace(table[0], "\n".join([BEGIN, *lines, END])), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--exercise", nargs="*", default=[])
    parser.add_argument("--machine", nargs="*", choices=MACHINES, default=list(MACHINES))
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--inside", choices=MACHINES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        for row in measured(options.inside, options.seeds, options.exercise):
            print(json.dumps({"cells": row.cells(), "problems": row.problems()}), flush=True)
        return 0
    print(HEADER, flush=True)
    problems = []
    for machine in options.machine:
        for row in on(machine, options.seeds, options.exercise):
            print(row["cells"], *row["problems"], sep="\n", flush=True)
            problems += row["problems"]
            if options.write:
                write(row["cells"])
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
