"""What a worker of a cluster does: judges one submission that came as bytes, and answers in bytes.

A message is JSON: the plan of the notebook, the settings, and the key of the files it is to be judged with. The answer is the verdict as in the JSON of
`autograder grade`, and the outputs of the cells. Hidden graders, solutions and release notebooks do not travel: they lie on the worker, in $AUTOGRADER_COURSE,
the folder where the worker was started, or the kit's own, and must be the same files as where the run was started. Nothing of nbgrader is needed.

A worker process keeps its graders, each with a warm sandbox, from one submission to the next; one is started for each submission that it judges at the
same time, and anew when the files or the settings are others.
"""

import json
import os
import socket
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..grading.course import Assignment, Course
from ..grading.grader import Grader
from ..judge.jobs import BrokenGrader, CellOutcome, GraderFault, Job
from ..judge.verdict import Verdict
from ..notebooks.master import Master
from ..notebooks.plan import Plan, PlannedCell
from ..sandbox.limits import SubmissionLimits
from .journal import files_key

VERSION = 1
ROOT_VARIABLE = "AUTOGRADER_COURSE"


def pack(job: Job, course: Course, key: str, kind: str, device: str) -> bytes:
    """The message for a job. The files beside the notebook and the answers in words stay here: the worker has the former and judges none of the latter."""
    plan = job.plan and {
        "cells": [[cell.source, cell.grade_id] for cell in job.plan.cells],
        "blank": sorted(job.plan.blank), "absent": sorted(job.plan.absent), "notes": job.plan.notes,
    }  # fmt: skip
    return json.dumps({
        "version": VERSION, "files": key, "course": course.id, "kind": kind, "device": device, "limits": course.limits_of(job.assignment).to_json(),
        "job": {"assignment": job.assignment, "notebook": job.notebook, "points": job.points, "unreadable": job.unreadable, "plan": plan},
    }).encode()  # fmt: skip


def unpack(answer: bytes) -> tuple[Verdict, list[CellOutcome]]:
    """The verdict and the outcomes of an answer. Raises GraderFault with the worker's sentence, or when the answer is none."""
    try:
        record = json.loads(answer)
        if "fault" in record:
            raise (BrokenGrader if record.get("broken") is True else GraderFault)(str(record["fault"]))
        return Verdict.from_json(record["verdict"]), [CellOutcome(**outcome) for outcome in record["outcomes"]]
    except (ValueError, KeyError, TypeError) as error:
        raise GraderFault(f"a worker's answer cannot be read ({type(error).__name__}): does it have the same version of the kit?") from None


def judge_bytes(message: bytes) -> bytes:
    """Judges one message. A fault of the grader is an answer, too."""
    try:
        verdict, outcomes = _judge(json.loads(message))
        return json.dumps({"verdict": verdict.to_json(), "outcomes": [asdict(outcome) for outcome in outcomes]}).encode()
    except Exception as error:
        sentence = str(error) if isinstance(error, GraderFault) else f"{type(error).__name__}: {error}"
        return json.dumps({"fault": f"worker {socket.gethostname()}: {sentence}", "broken": isinstance(error, BrokenGrader)}).encode()


def _judge(record: dict[str, Any]) -> tuple[Verdict, list[CellOutcome]]:
    if record.get("version") != VERSION:
        raise GraderFault("it has another version of the kit than the machine that sends submissions")
    name = record["job"]["assignment"]
    root = _root(name)
    if files_key(root, name) != record["files"]:
        raise GraderFault(f"the kit, graders, solutions or release of {name} are not those of the machine that sends submissions: make them the same")
    job = _job(record["job"], root)
    key = json.dumps([record[part] for part in ("files", "course", "kind", "device", "limits")])
    grader = _take(key) or _new_grader(record, name, root)
    try:
        return grader.grade(job)
    finally:
        _give(key, grader)


def _root(assignment: str) -> Path:
    places = [Path(os.environ[ROOT_VARIABLE])] if os.environ.get(ROOT_VARIABLE) else [Path.cwd(), Path(__file__).resolve().parents[2]]
    for folder in places:
        if (folder / "autograder" / "graders" / f"test_{assignment}.py").is_file():
            return folder.resolve()
    raise GraderFault(f"there is no grader of {assignment} in {' or '.join(map(str, places))}: start it in the course's folder or set {ROOT_VARIABLE}")


def _job(record: dict[str, Any], root: Path) -> Job:
    plan = None
    if record["plan"] is not None:
        files = Master.load(record["assignment"], root / "release").files
        cells = [PlannedCell(source, grade_id) for source, grade_id in record["plan"]["cells"]]
        plan = Plan(cells, dict(files), set(record["plan"]["blank"]), set(record["plan"]["absent"]), list(record["plan"]["notes"]))
    return Job(record["assignment"], record["notebook"], record["points"], plan, record["unreadable"])


def _new_grader(record: dict[str, Any], assignment: str, root: Path) -> Grader:
    limits = SubmissionLimits.from_json(record["limits"]).to_json()
    course = Course(record["course"], "", (Assignment(assignment, "", limits=limits),), root=root)
    return Grader(course, record["kind"], record["device"])


# -- graders that wait for their next submission, of one key at a time --------------------------------------------------------

_lock = threading.Lock()
_idle: list[Grader] = []
_idle_key = ""


def _take(key: str) -> Grader | None:
    global _idle_key
    with _lock:
        old = _idle[:] if key != _idle_key else []
        if old:
            _idle.clear()
        _idle_key = key
        found = _idle.pop() if _idle else None
    for grader in old:
        grader.close()
    return found


def _give(key: str, grader: Grader) -> None:
    with _lock:
        if key == _idle_key:
            _idle.append(grader)
            return
    grader.close()
