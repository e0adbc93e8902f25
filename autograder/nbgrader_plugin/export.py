"""`nbgrader export`: nbgrader's own file, after the marks by hand were looked at and what the course says was brought into the gradebook."""

from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from ..grading.course import CourseError
from ..judge.jobs import GraderFault
from .exporter import course_at
from .settle import Settler, settle_all


class CheckedCsv(CsvExportPlugin):
    """nbgrader's grades.csv; what cannot count in it is named before."""

    def export(self, gradebook: Gradebook) -> None:
        course = course_at(Path(self.parent.coursedir.root))
        names = [name for name in course.masters if not self.assignment or name in map(str, self.assignment)]
        try:
            sentences = settle_all(Settler(course, gradebook, self.parent.coursedir.db_url, self.config), names)
        except (CourseError, GraderFault) as error:
            self.parent.fail("%s", error)
        for sentence in sentences:
            self.log.warning("%s", sentence)
        super().export(gradebook)
