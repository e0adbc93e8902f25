"""The preprocessor that stands where nbgrader runs the notebook: the hidden grader judges it, and each graded cell gets its points and its table."""

import atexit
import json
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict
from nbgrader.preprocessors import NbGraderPreprocessor

from ..grading.grader import Grader
from ..judge.jobs import CellOutcome, Job
from ..judge.verdict import ExerciseResult, Verdict
from ..notebooks.assemble import safe_outputs
from ..notebooks.reader import Unreadable, make_plan
from ..reports.feedback import exercise_html, notes_html
from .exporter import course_at
from .verdicts import save_verdict

_graders: dict[Path, Grader] = {}


def grader_at(root: Path) -> Grader:
    """One grader, and so one warm sandbox, a process."""
    root = root.resolve()
    if root not in _graders:
        _graders[root] = Grader(course_at(root))
        atexit.register(_graders[root].close)
    return _graders[root]


class HiddenGrader(NbGraderPreprocessor):
    """Judges the notebook; the points reach the gradebook through nbgrader's own SaveAutoGrades."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        info = resources["nbgrader"]
        root = Path.cwd()
        grader = grader_at(root)
        job = _job(grader, nb, info)
        verdict, outcomes = grader.grade(job)
        put_verdict(nb, verdict, job, outcomes)
        save_verdict(root, info["assignment"], info["student"], verdict)
        nb.metadata.pop("autograder", None)
        return nb, resources


def _job(grader: Grader, nb: NotebookNode, info: dict[str, Any]) -> Job:
    master = grader.course.master(info["assignment"])
    told = nb.metadata.get("autograder", {})
    if told.get("unreadable"):
        return Job(master.name, master.notebook, master.exercises, unreadable=told["notes"][0])
    try:
        plan = make_plan(master, json.dumps(nb).encode(), master.notebook)
    except Unreadable as error:
        return Job(master.name, master.notebook, master.exercises, unreadable=str(error))
    plan.notes = list(told.get("notes", []))
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
        cell.outputs = [from_dict(_points(exercise, count))] if exercise else [from_dict(output) for output in shown.get(index, [])]
    if verdict.notes:
        note = {
            "output_type": "display_data",
            "metadata": {},
            "data": {"text/html": notes_html(verdict.notes), "text/plain": "\n".join(verdict.notes)},
        }
        first = next((cell for cell in nb.cells if cell.cell_type == "code"), None)
        if first is not None:
            first.outputs = [from_dict(note), *first.outputs]


def _points(exercise: ExerciseResult, count: int) -> dict[str, Any]:
    data = {"text/plain": f"{exercise.points:.4f}".rstrip("0").rstrip("."), "text/html": exercise_html(exercise)}
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
