"""What course_config.py sets in nbgrader's configuration."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..grading.course import CourseError, does_not_run

# nbgrader's chain, with the execution step replaced by the hidden grader. The metadata were checked when the submission was read.
SANITIZE_PREPROCESSORS = ["autograder.nbgrader_plugin.master_cells.MasterCells"]
AUTOGRADE_PREPROCESSORS = [
    "autograder.nbgrader_plugin.hidden_grader.HiddenGrader",
    "nbgrader.preprocessors.LimitOutput",
    "autograder.nbgrader_plugin.scores.SaveScores",
    "autograder.nbgrader_plugin.late_step.LateStep",
]
FEEDBACK_FILTERS = {"points": "autograder.reports.feedback.points_words"}
MARKING_FILTERS = {name: f"autograder.nbgrader_plugin.formgrader.{name}" for name in ("scheme", "limits", "formulas")}
NBGRADERS_POLICIES = ("none", "zero")


@contextmanager
def or_stop() -> Iterator[None]:
    """Around what nbgrader_config.py loads: nbgrader says of a configuration that fails that it fails, and goes on by its own settings, without the hidden
    grader and without a wall around what students wrote. Here the command ends with the sentence and status 1."""
    try:
        yield
    except CourseError as error:
        raise SystemExit(f"nbgrader stops: {error}") from None
    except Exception as error:
        raise SystemExit(f"nbgrader stops: {does_not_run(error)}") from None


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
    _configure_lateness(course, config)
    config.NbGrader.logfile = ""


def _configure_pages(config: Any) -> None:
    """The pages for feedback and for marking: the kit's templates over nbgrader's. formgrader's exporter is nbconvert's own: the page for marking is its."""
    nbgrader = find_spec("nbgrader")
    if nbgrader is None or nbgrader.origin is None:
        return  # a machine that grades notebooks only
    formgrader = Path(nbgrader.origin).parent / "server_extensions" / "formgrader"
    nbgraders, styles = formgrader / "templates", formgrader / "static" / "node_modules" / "bootstrap" / "dist" / "css"
    config.GenerateFeedback.exporter_class = "autograder.nbgrader_plugin.feedback_page.FeedbackPage"
    for exporter, template, filters in (("HTMLExporter", "marking", MARKING_FILTERS), ("FeedbackPage", "feedback_page", FEEDBACK_FILTERS)):
        config[exporter].template_name = template
        config[exporter].extra_template_basedirs = [str(Path(__file__).with_name("templates")), str(nbgraders)]
        config[exporter].extra_template_paths = [str(styles), str(nbgraders)]
        config[exporter].filters = filters


def _configure_lateness(course: Any, config: Any) -> None:
    """nbgrader's own plugin as long as it can do what the course says. A plugin that the instructor names after this takes its place."""
    if course.late_policy in NBGRADERS_POLICIES and not course.late_grace_minutes:
        config.LateSubmissionPlugin.penalty_method = course.late_policy
        return
    config.AssignLatePenalties.plugin_class = "autograder.nbgrader_plugin.late_policy.CoursePolicy"
    config.CoursePolicy.policy = course.late_policy
    config.CoursePolicy.percent = float(course.late_percent)
    config.CoursePolicy.most_percent = float(course.late_most_percent)
    config.CoursePolicy.grace_minutes = float(course.late_grace_minutes)
