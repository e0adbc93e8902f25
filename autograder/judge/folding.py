"""One mistake, one message: of the criteria that fail for one reason, the first speaks, and the others say that they follow from it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .verdict import CriterionResult

# A failure of any other kind says that what is computed is not right, or that there is nothing to look at.
NOT_ABOUT_VALUES = ("forbidden operation", "too slow", "tampered", "output limit")
_NUMBERS = re.compile(r"\d[\d.,e+-]*")


@dataclass(frozen=True)
class About:
    """What a Finding says of itself: see `reasons.Finding`."""

    follows: bool = False
    named: str = ""


def fold(criteria: Sequence[CriterionResult], about: Sequence[About]) -> None:
    """Shortens, in place, the messages of failed criteria that have nothing to add to an earlier one of the same exercise.

    These are the ones that name the same mistake, or say the same words but for numbers; and those that are about something other than the values and failed
    for the values, where an earlier one has found them wrong.
    """
    speakers: list[CriterionResult] = []
    said: dict[tuple[str, str], CriterionResult] = {}
    for criterion, its in zip(criteria, about, strict=False):
        if criterion.passed or criterion.reason == "timeout":
            continue
        keys = [(criterion.reason, _NUMBERS.sub("0", criterion.message)), *([("named", its.named)] if its.named else [])]
        cause = next((said[key] for key in keys if key in said), None) or (_cause(criterion, speakers) if its.follows else None)
        if cause is None:
            speakers.append(criterion)
            said |= dict.fromkeys(keys, criterion)
        else:
            criterion.because, criterion.hint = cause.title, ""
            criterion.message = f"this follows from “{cause.title}”"


def _cause(criterion: CriterionResult, speakers: list[CriterionResult]) -> CriterionResult | None:
    """The criterion that failed for the same reason, or else the first that found the values wrong."""
    found = [speaker for speaker in speakers if speaker.reason not in NOT_ABOUT_VALUES]
    return next((speaker for speaker in found if speaker.reason == criterion.reason), found[0] if found else None)
