"""nbgrader's sanitizing steps for notebooks that need none: the exporter put the answers onto the release notebook's own cells."""

import copy
import json
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, DeduplicateIds, NbGraderPreprocessor, OverwriteCells, OverwriteKernelspec

from ..notebooks.assemble import assemble
from .exporter import course_at

CHAIN = (ClearOutput, DeduplicateIds, OverwriteKernelspec, OverwriteCells, CheckCellMetadata)


class MasterCells(NbGraderPreprocessor):
    """nbgrader's own chain, left out where it would change nothing.

    It is tried once a process on the release notebook. As long as that comes out as it went in, source/, release/ and the gradebook agree, and a
    notebook assembled from the release's cells has nothing to be overwritten. Otherwise, and for notebooks of other origin, the chain runs each time.
    """

    _agrees: dict[tuple[str, str, str], bool] = {}

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        info = resources["nbgrader"]
        if not resources.get("assembled"):
            return self._chain(nb, resources)
        key = (info["db_url"], info["assignment"], info["notebook"])
        if key not in self._agrees:
            before = _released(info["assignment"])
            after, _ = self._chain(copy.deepcopy(before), copy.deepcopy(resources))
            self._agrees[key] = after == before
            if not self._agrees[key]:
                self.log.warning(
                    "release/%s differs from what nbgrader's gradebook knows, which counts: run `nbgrader generate_assignment`", info["assignment"]
                )
        return (nb, resources) if self._agrees[key] else self._chain(nb, resources)

    def _chain(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        for step in CHAIN:
            nb, resources = step(parent=self.parent)(nb, resources)
        return nb, resources


def _released(assignment: str) -> NotebookNode:
    course = course_at(Path.cwd())
    master = course.master(assignment)
    released = json.loads((course.root / "release" / assignment / master.notebook).read_text(encoding="utf-8"))
    return nbformat.from_dict(assemble(released, None))
