"""An autograder for deep-learning courses: hidden pytest graders on one side of a wall, student code on the other.

Grader files import their whole vocabulary from here. Names are resolved on first use, so that the sandbox, which sees
only `autograder.wire` and `autograder.sandbox`, can import the package as well.
"""

from importlib import import_module

__version__ = "1.0.0"

_HOME = {
    "Finding": "autograder.judge.reasons",
    "StudentFailure": "autograder.judge.reasons",
    "as_number": "autograder.judge.checks",
    "assert_agrees": "autograder.judge.checks",
    "assert_close": "autograder.judge.checks",
    "assert_finite": "autograder.judge.checks",
    "assert_gradients": "autograder.judge.checks",
    "assert_program_left": "autograder.vocabulary.program",
    "assert_shape": "autograder.judge.checks",
    "assert_unchanged": "autograder.judge.checks",
    "assert_vectorised": "autograder.judge.checks",
    "called_in_turn": "autograder.vocabulary.promise",
    "case": "autograder.vocabulary.case",
    "copied": "autograder.judge.student",
    "criterion": "autograder.judge.criteria",
    "exercise": "autograder.judge.criteria",
    "expect": "autograder.judge.checks",
    "fail": "autograder.judge.checks",
    "goal": "autograder.vocabulary.goal",
    "kind_of": "autograder.judge.student",
    "layer": "autograder.vocabulary.layer",
    "load_weights": "autograder.judge.weights",
    "operations": "autograder.judge.checks",
    "other_order": "autograder.vocabulary.draw",
    "parameters_of": "autograder.judge.weights",
    "part": "autograder.vocabulary.part",
    "slip_in": "autograder.vocabulary.slip",
}

__all__ = sorted(_HOME)


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module 'autograder' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
