"""`nbgrader export`: nbgrader's own file, after the marks by hand were looked at."""

from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from .exporter import course_at
from .marks_by_hand import look_at


class CheckedCsv(CsvExportPlugin):
    """nbgrader's grades.csv; what cannot count in it is named before."""

    def export(self, gradebook: Gradebook) -> None:
        course = course_at(Path(self.parent.coursedir.root))
        for assignment in [name for name in course.names if not self.assignment or name in map(str, self.assignment)]:
            for sentence in look_at(gradebook, course, assignment):
                self.log.warning("%s", sentence)
        super().export(gradebook)
