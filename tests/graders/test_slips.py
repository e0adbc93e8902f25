"""The slips of every grader take what their case draws, so that none of them is found broken while a class is graded."""

import importlib
import sys

import pytest
import torch

from autograder.grading.course import load_course
from autograder.judge.jobs import BrokenGrader
from autograder.vocabulary.draw import Draw
from autograder.vocabulary.slip import outcome_of, slip_in, untouched

COURSE = load_course()


def cases_of(assignment, monkeypatch):
    """The cases of a grader file that have slips."""
    for folder in (COURSE.root, COURSE.root / "source", COURSE.root / "autograder" / "graders"):
        monkeypatch.syspath_prepend(str(folder))
    grader = importlib.import_module(f"test_{assignment}")
    monkeypatch.delitem(sys.modules, f"test_{assignment}")
    return [value for value in vars(grader).values() if getattr(value, "slips", None) and hasattr(value, "drawn")]


def drawn_by(case):
    """What a case draws, by sizes and in other dtypes and layouts; nothing for one that is only given arguments which its criteria make."""
    draw = Draw(torch.Generator().manual_seed(0))
    try:
        drawn = [*case.drawn(draw), *(case.arguments(each) for each in (draw, draw.float64, draw.other_order))]
        case.right(*map(untouched, drawn[0]))
    except (TypeError, IndexError):  # its criteria make the arguments
        return []
    return [arguments for arguments in drawn if arguments]  # nothing is drawn without sizes by one that hands them on as they are


@pytest.mark.parametrize("assignment", COURSE.names)
def test_every_slip_takes_the_arguments_of_its_case(assignment, monkeypatch):
    for case in cases_of(assignment, monkeypatch):
        for arguments in drawn_by(case):
            for words, ways in case.slips.items():
                for way in ways if isinstance(ways, tuple) else (ways,):
                    outcome_of(words, way, tuple(arguments))


def test_a_slip_of_another_signature_is_the_graders_fault_with_file_and_line():
    with pytest.raises(BrokenGrader, match=r"test_slips\.py, line \d+: the slip “the sign is turned” cannot take the arguments of its case: TypeError"):
        slip_in([((torch.ones(2),), torch.ones(2))], {"the sign is turned": lambda X, eps: -X})


def test_a_slip_that_gives_what_is_right_says_nothing():
    """Where the numbers are so small that all are alike, every slip would be named."""
    asked = [((torch.full((3,), 1e-30),), torch.full((3,), 5e-30))]
    assert slip_in(asked, {"the sign is turned": torch.neg}, right=lambda X: 2 * X) == ""
    assert slip_in([((torch.ones(3),), -2 * torch.ones(3))], {"the sign is turned": lambda X: -2 * X}, right=lambda X: 2 * X) == "the sign is turned"
