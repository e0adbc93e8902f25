"""A course of one small assignment, for the tests of the engine."""

from autograder.grading.course import Assignment, Course
from autograder.nbgrader_plugin.configuration import configure

COURSE = Course(
    id="tiny",
    title="A tiny course",
    assignments=(Assignment("ps90_tiny", "Two functions", due="2027-01-01T00:00:00+00:00"),),
    limits={"criterion_seconds": 10, "cell_seconds": 5},
    late_policy="zero",
)

c = get_config()  # noqa: F821 - given by nbgrader
configure(COURSE, c)
