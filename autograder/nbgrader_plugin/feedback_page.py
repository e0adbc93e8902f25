"""The page that `nbgrader generate_feedback` writes, and what it was made from: a page whose marks, comments or notebook have changed is made anew.

nbgrader passes over every submission that has a page. So a page says in its first line which state of gradebook, verdict and notebook it shows; when the
command begins, pages of another state are removed, and nbgrader makes them.
"""

import shutil
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbformat import NotebookNode
from nbgrader.converters.base import NbGraderException

from ..grading.course import CourseError
from ..judge.jobs import GraderFault
from .exporter import course_at
from .feedback_files import is_linked, made_from
from .feedback_parts import comment_of, criterion_view, page_of
from .feedback_state import State, states_of
from .formulas import line_html, markdown_html
from .marks_by_hand import opened
from .settle import Settler, settle_all


class FeedbackPage(HTMLExporter):
    """One file without scripts, which asks nothing of a network."""

    def __init__(self, config: Any = None, **kw: Any):
        super().__init__(config=config, **kw)
        self._states: dict[tuple[str, str], State] = {}
        self.notes: list[str] = []  # what the instructor should know
        if hasattr(self.parent, "coursedir"):
            try:
                self._find_stale_pages(self.parent)
            except (CourseError, GraderFault) as fault:
                self.log.error("%s", fault)
                raise NbGraderException(str(fault)) from fault

    def default_filters(self) -> Any:
        yield from super().default_filters()
        yield "criteria", criterion_view
        yield "line", line_html
        yield "comment", comment_of

    def from_filename(self, filename: str, resources: dict | None = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        info = (resources or {}).get("nbgrader", {})
        state = self._states.get((info.get("assignment", ""), info.get("student", ""))) or State()
        key = state.key(Path(filename))  # before the page is made: what changes meanwhile is another state
        page, resources = super().from_filename(filename, resources=resources, **kw)
        return f"<!-- made from {key} -->\n{page.rstrip()}\n", resources

    def from_notebook_node(self, nb: NotebookNode, resources: dict | None = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        """Past HTMLExporter's own, which reads the whole page once more to add what stands in this template."""
        resources = self._init_resources(resources)
        lexer = nb.metadata.get("language_info", {}).get("pygments_lexer", "ipython3")
        self.register_filter("highlight_code", Highlight2HTML(pygments_lexer=lexer, parent=self))
        return TemplateExporter.from_notebook_node(self, nb, resources, **kw)

    def _preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        nb, resources = super()._preprocess(nb, resources)
        info = resources["nbgrader"]
        assignment, student = info["assignment"], info["student"]
        converter: Any = self.parent
        course = course_at(Path(converter.coursedir.root))
        state = self._states.get((assignment, student)) or State()
        resources["page"] = page_of(course, assignment, student, nb, info, state)
        return nb, resources

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """With formulas as MathML and pictures inside."""
        cell = context.get("cell", {})
        path = context.get("resources", {}).get("metadata", {}).get("path", "")
        return markdown_html(source, cell.get("attachments", {}), path)

    def _find_stale_pages(self, converter: Any) -> None:
        course = course_at(Path(converter.coursedir.root))
        graded = [Path(folder) for folder in converter.assignments]
        names = sorted({folder.name for folder in graded})
        with opened(course, converter.coursedir.db_url) as gradebook:
            settler = Settler(course, gradebook, converter.coursedir.db_url, converter.config)
            self.notes = settle_all(settler, [name for name in names if name in course.masters])
            for sentence in self.notes:
                self.log.warning("%s", sentence)
            for assignment in names:
                self._states |= {(assignment, student): state for student, state in states_of(gradebook, course, assignment).items()}
        for folder in graded:
            student, assignment = folder.parts[-2:]
            state = self._states.get((assignment, student))
            target = Path(converter._format_dest(assignment, student))
            for notebook in folder.glob("*.ipynb"):
                page = target / f"{notebook.stem}{self.file_extension}"
                if state and page.is_file() and not is_linked(target) and made_from(page) != state.key(notebook):
                    self.log.warning("The marks or comments on %s have changed; it is made anew", page)
                    shutil.rmtree(target)
                    break
