"""Reads submissions for nbgrader: any file a student may send becomes a sound notebook on the master's cells."""

import json
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter

from ..grading.course import load_course
from ..notebooks.assemble import assemble
from ..notebooks.master import MasterError
from ..notebooks.reader import Unreadable, make_plan, read_file

_courses: dict[Path, Any] = {}


def course_at(root: Path) -> Any:
    """The course in a folder, loaded once a process."""
    root = root.resolve()
    if root not in _courses:
        _courses[root] = load_course(root)
    return _courses[root]


class SubmissionExporter(NotebookExporter):
    """nbgrader's notebook exporter, except that what lies in `submitted/` is read by this kit's reader."""

    def from_filename(self, filename: str, resources: dict | None = None, **kw: Any):
        info = (resources or {}).get("nbgrader", {})
        if "submitted" not in Path(filename).parts or not info:
            return super().from_filename(filename, resources=resources, **kw)
        course = course_at(Path.cwd())
        path = Path(filename)
        try:
            master = course.master(info["assignment"])
        except MasterError as error:
            raise ValueError(str(error)) from None
        released = json.loads((course.root / "release" / master.name / master.notebook).read_text(encoding="utf-8"))
        try:
            plan, note = make_plan(master, read_file(path), path.name, course.masters), ""
        except Unreadable as error:
            plan, note = None, str(error)
            self.log.warning("%s", error)
        for sentence in plan.notes if plan else []:
            self.log.warning("%s: %s", info["student"], sentence)
        notebook = nbformat.from_dict(assemble(released, plan, note))
        resources = self._init_resources(resources)
        resources["metadata"]["name"] = path.stem
        return self.from_notebook_node(notebook, resources=resources, **kw)
