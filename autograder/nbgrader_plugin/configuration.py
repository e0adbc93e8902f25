"""What course_config.py sets in nbgrader's configuration."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

# nbgrader's chain, with the execution step replaced by the hidden grader. The metadata were checked when the submission was read.
SANITIZE_PREPROCESSORS = ["autograder.nbgrader_plugin.master_cells.MasterCells"]
AUTOGRADE_PREPROCESSORS = [
    "autograder.nbgrader_plugin.hidden_grader.HiddenGrader",
    "nbgrader.preprocessors.LimitOutput",
    "autograder.nbgrader_plugin.scores.SaveScores",
    "nbgrader.preprocessors.AssignLatePenalties",
]
FEEDBACK_FILTERS = {"points": "autograder.reports.feedback.points_words"}
MARKING_FILTERS = {"scheme": "autograder.nbgrader_plugin.formgrader.scheme", "limits": "autograder.nbgrader_plugin.formgrader.limits"}


def configure(course: Any, config: Any) -> None:
    """Sets folders, preprocessors, the exporter that reads what students really send, the pages for feedback and marking, and the late policy."""
    config.CourseDirectory.course_id = course.id
    config.CourseDirectory.source_directory = "source"
    config.CourseDirectory.release_directory = "release"
    config.Autograde.sanitize_preprocessors = SANITIZE_PREPROCESSORS
    config.Autograde.autograde_preprocessors = AUTOGRADE_PREPROCESSORS
    config.Autograde.exporter_class = "autograder.nbgrader_plugin.exporter.SubmissionExporter"
    config.SubmissionExporter.optimistic_validation = True
    config.Autograde.pre_convert_hook = "autograder.nbgrader_plugin.intake.prepare"
    config.Autograde.post_convert_hook = "autograder.nbgrader_plugin.intake.finished"
    config.ExportApp.plugin_class = "autograder.nbgrader_plugin.export.CheckedCsv"
    _configure_pages(config)
    config.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
    config.ClearSolutions.text_stub = "YOUR ANSWER HERE"
    config.LateSubmissionPlugin.penalty_method = course.late_policy
    config.NbGrader.logfile = ""


def _configure_pages(config: Any) -> None:
    """The pages for feedback and for marking: the kit's templates over nbgrader's. formgrader's exporter is nbconvert's own: the page for marking is its."""
    formgrader = Path(find_spec("nbgrader").origin).parent / "server_extensions" / "formgrader"
    nbgraders, styles = formgrader / "templates", formgrader / "static" / "node_modules" / "bootstrap" / "dist" / "css"
    config.GenerateFeedback.exporter_class = "autograder.nbgrader_plugin.feedback_page.FeedbackPage"
    for exporter, template, filters in (("HTMLExporter", "marking", MARKING_FILTERS), ("FeedbackPage", "feedback_page", FEEDBACK_FILTERS)):
        config[exporter].template_name = template
        config[exporter].extra_template_basedirs = [str(Path(__file__).with_name("templates")), str(nbgraders)]
        config[exporter].extra_template_paths = [str(styles), str(nbgraders)]
        config[exporter].filters = filters
