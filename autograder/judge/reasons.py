"""The reason codes of a verdict, and the exceptions that carry one to it."""

REASONS = (
    "passed", "not attempted", "wrong type", "wrong shape", "wrong value", "no gradient", "unstable", "forbidden operation",
    "too slow", "crashed", "timeout", "memory", "output limit", "exited", "unreadable", "missing", "tampered",
)  # fmt: skip


class Finding(AssertionError):
    """A criterion does not hold. `reason` is one of REASONS, the message is what the student reads.

    follows: it is about the values, and its criterion is not: where another criterion has found them wrong, it has nothing to add. named: the mistake,
    where the message names it, so that a hint has nothing to add.
    """

    def __init__(self, message: str, reason: str = "wrong value", *, follows: bool = False, named: str = ""):
        if reason not in REASONS:
            raise ValueError(f"reason {reason!r} is not one of {', '.join(REASONS)}")
        super().__init__(message)
        self.reason, self.message, self.follows, self.named = reason, message, follows, named


class StudentFailure(Finding):
    """The student's code did not give an answer: it raised, ended, hung or hit a limit.

    doubtful: whether it may be the grader that asked wrongly, for no line of the student's was running. missing: the name that is not there, as they say.
    line: of the probe that was running; place: the same as file and line of the grader.
    """

    doubtful, missing, line, place = False, "", 0, ""
