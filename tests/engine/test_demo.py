"""`autograder demo`: whose hand-ins are graded, and what is shown on the way."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from autograder.authoring.sample_class import MOST_TELLING, TELLING, sample_class, samples
from autograder.cli import demo
from autograder.grading.course import load_course
from autograder.judge.jobs import GraderFault

KIT = Path(__file__).resolve().parents[2]


def test_some_of_each_class_are_graded_with_another_right_way_and_a_mistake_among_them():
    course = load_course(KIT)
    some = samples(course.names, KIT)
    assert list(some) == course.names
    whole = [name for name, students in some.items() if set(TELLING) <= set(students)]
    assert len(whole) == 2
    for name, students in some.items():
        everyone = sample_class(name, KIT)
        assert set(students) <= set(everyone)
        assert len(students) <= (MOST_TELLING if name in whole else 2)
        assert any(what and all(answer.startswith("right/") for answer in what.values()) for what in map(everyone.get, students)), name
        assert any("wrong/" in what for student in students for what in everyone[student].values()), name


@pytest.mark.parametrize("is_terminal", [True, False])
def test_each_step_has_a_bar_in_a_terminal_and_a_line_elsewhere(is_terminal):
    out = io.StringIO()
    with demo.Steps(Console(file=out, force_terminal=is_terminal, width=100)) as steps:
        with steps.step("building", 2) as done:
            done()
            done()
        with steps.step("grading", 40) as done:
            done(7)
            done(40)
    if not is_terminal:
        assert out.getvalue() == "1 building\n2 grading\n"
        return
    last = out.getvalue().rpartition("grading")[2]
    assert "40/40" in last
    assert "━" in last


def test_a_command_of_nbgraders_that_fails_is_a_sentence_and_the_folder_is_looked_at_meanwhile(built):
    looks = []
    with pytest.raises(GraderFault, match=r'a command of nbgrader failed: \{"nbgrader": \["autograde", "ps99_none"'):
        demo._nbgrader(built.root, [["autograde", "ps99_none"]], lambda: looks.append(1))
    assert looks


def test_only_where_code_never_ends_nobody_waits_for_long(course):
    hurried = demo._fresh_copy(course, ["ps90_tiny"])
    assert hurried.limits_of("ps90_tiny").criterion_seconds == 3
    assert demo._fresh_copy(course, []).limits_of("ps90_tiny").criterion_seconds == course.limits_of("ps90_tiny").criterion_seconds
