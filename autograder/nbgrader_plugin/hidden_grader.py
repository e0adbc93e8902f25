"""The preprocessor that stands where nbgrader runs the notebook: the hidden grader judges it, and each graded cell gets its points and its table."""

import json
import shutil
from pathlib import Path
from typing import Any, NoReturn

from nbformat import NotebookNode, from_dict
from nbgrader.preprocessors import NbGraderPreprocessor

from ..grading.course import Course
from ..judge.jobs import BrokenGrader, CellOutcome, Job
from ..judge.verdict import ExerciseResult, Verdict
from ..notebooks.assemble import safe_outputs
from ..notebooks.reader import Unreadable, make_plan
from ..reports.feedback import exercise_html, notes_html
from ..runs.verdicts import save_verdict
from .exporter import course_at
from .read_ahead import read_ahead_at
from .unfinished import finish

CANNOT_WORK = 3  # the exit status of every command of this kit for a fault of the grader


class HiddenGrader(NbGraderPreprocessor):
    """Judges the notebook; the points reach the gradebook through nbgrader's own SaveAutoGrades."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        info = resources["nbgrader"]
        course = course_at(Path.cwd())
        ahead = read_ahead_at(course)
        # Without the exporter of this kit nothing was handed in: then the notebook at hand is judged.
        pending = ahead.take(info["assignment"], info["student"]) or ahead.give(info["student"], _job_of(course, nb, info))
        ahead.take(info["assignment"], info["student"])
        try:
            verdict, outcomes = pending.verdict.result()
        except BrokenGrader as error:
            ahead.forget(info["assignment"])
            self._stop(course, info, error)
        put_verdict(nb, verdict, pending.job, outcomes)
        save_verdict(course.root, info["assignment"], info["student"], verdict)
        nb.metadata.pop("autograder", None)
        return nb, resources

    def _stop(self, course: Course, info: dict[str, Any], error: BrokenGrader) -> NoReturn:
        """Ends nbgrader: each submission that follows would fail in the same way. This one is left as if it had not been begun; what is graded stays."""
        shutil.rmtree(course.root / "autograded" / info["student"] / info["assignment"], ignore_errors=True)
        finish(course.root, info["student"], info["assignment"])
        self.log.error("the grader could not work: %s", error)
        raise SystemExit(CANNOT_WORK)


def _job_of(course: Course, nb: NotebookNode, info: dict[str, Any]) -> Job:
    master = course.master(info["assignment"])
    try:
        plan = make_plan(master, json.dumps(nb).encode(), master.notebook)
    except Unreadable as error:
        return Job(master.name, master.notebook, master.exercises, unreadable=str(error))
    return Job(master.name, master.notebook, master.exercises, plan)


def put_verdict(nb: NotebookNode, verdict: Verdict, job: Job, outcomes: list[CellOutcome]) -> None:
    """Outputs of the student's cells, and at each graded cell its table and its points."""
    exercises = {exercise.name: exercise for exercise in verdict.exercises}
    shown = _outputs_in_order(nb, job, outcomes)
    count = 0
    for index, cell in enumerate(nb.cells):
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count = count
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        exercise = exercises.get(grade_id.removeprefix("test_")) if cell.metadata.get("nbgrader", {}).get("grade") else None
        cell.outputs = (
            [from_dict(_points(exercise, count, cell.metadata["nbgrader"].get("points")))]
            if exercise
            else [from_dict(output) for output in shown.get(index, [])]
        )
    if verdict.about:
        note = {
            "output_type": "display_data",
            "metadata": {},
            "data": {"text/html": notes_html(verdict.about), "text/plain": "\n".join(verdict.about)},
        }
        first = next((cell for cell in nb.cells if cell.cell_type == "code"), None)
        if first is not None:
            first.outputs = [from_dict(note), *first.outputs]


def _points(exercise: ExerciseResult, count: int, of: float | None) -> dict[str, Any]:
    """What nbgrader reads as the score. `of`: the points of the cell, which are the gradebook's when the release has others."""
    points = exercise.points if of in (None, exercise.max_points) or not exercise.max_points else exercise.points * of / exercise.max_points
    data = {"text/plain": f"{points:.4f}".rstrip("0").rstrip("."), "text/html": exercise_html(exercise)}
    return {"output_type": "execute_result", "execution_count": count, "metadata": {}, "data": data}


def _outputs_in_order(nb: NotebookNode, job: Job, outcomes: list[CellOutcome]) -> dict[int, list[dict]]:
    """Outputs by index of the cell: the plan ran the same cells in the same order, without checks and demos."""
    if job.plan is None:
        return {}
    shown: dict[int, list[dict]] = {}
    waiting = list(zip(job.plan.cells, outcomes, strict=False))
    for index, cell in enumerate(nb.cells):
        if cell.cell_type == "code" and waiting and waiting[0][0].source == cell.source:
            shown[index] = safe_outputs(waiting.pop(0)[1].outputs)
    return shown
