"""The sample class of every assignment, which `make demo` hands in, can be made."""

import pytest

from autograder.authoring.sample_class import notebook_of, sample_class
from autograder.grading.course import load_course

COURSE = load_course()


@pytest.mark.parametrize("assignment", COURSE.names)
def test_every_student_of_the_sample_class_has_a_notebook(assignment):
    release = COURSE.root / "release" / assignment / COURSE.master(assignment).notebook
    students = sample_class(assignment, COURSE.root)
    assert "perfect" in students
    for answers in students.values():
        assert notebook_of(assignment, COURSE.root, answers, release)["cells"]
