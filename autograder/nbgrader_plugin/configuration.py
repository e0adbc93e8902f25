"""What course_config.py sets in nbgrader's configuration."""

from typing import Any

# nbgrader's chain, with the execution step replaced by the hidden grader. The metadata were checked when the submission was read.
SANITIZE_PREPROCESSORS = ["autograder.nbgrader_plugin.master_cells.MasterCells"]
AUTOGRADE_PREPROCESSORS = [
    "autograder.nbgrader_plugin.hidden_grader.HiddenGrader",
    "nbgrader.preprocessors.LimitOutput",
    "autograder.nbgrader_plugin.scores.SaveScores",
    "nbgrader.preprocessors.AssignLatePenalties",
]


def configure(course: Any, config: Any) -> None:
    """Sets folders, preprocessors, the exporter that reads what students really send, and the late policy."""
    config.CourseDirectory.course_id = course.id
    config.CourseDirectory.source_directory = "source"
    config.CourseDirectory.release_directory = "release"
    config.Autograde.sanitize_preprocessors = SANITIZE_PREPROCESSORS
    config.Autograde.autograde_preprocessors = AUTOGRADE_PREPROCESSORS
    config.Autograde.exporter_class = "autograder.nbgrader_plugin.exporter.SubmissionExporter"
    config.SubmissionExporter.optimistic_validation = True
    config.Autograde.pre_convert_hook = "autograder.nbgrader_plugin.intake.prepare"
    config.Autograde.post_convert_hook = "autograder.nbgrader_plugin.intake.finished"
    config.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
    config.ClearSolutions.text_stub = "YOUR ANSWER HERE"
    config.LateSubmissionPlugin.penalty_method = course.late_policy
    config.NbGrader.logfile = ""
