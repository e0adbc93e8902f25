"""What an exception that a criterion raised says to a student."""

import re

from .faults import is_assertion
from .reasons import Finding
from .words import MESSAGE_CHARS, one_line

_TORCH_COUNT = re.compile(r"Mismatched elements: (\d+) / (\d+)")
_TORCH_LARGEST = re.compile(r"Greatest absolute difference: (\S+) at index (\([^)]*\))")


def explain(error: BaseException) -> tuple[str, str]:
    """Reason code and sentence of what a grader's test raised."""
    if isinstance(error, Finding):
        return error.reason, one_line(error.message, MESSAGE_CHARS)
    text = str(error)
    if is_assertion(error):
        if text.startswith(("Tensor-likes", "Scalars", "The values", "Object comparison", "Sequences", "Mappings", "Booleans")):
            return _explain_torch(text)
        return "wrong value", one_line(text, MESSAGE_CHARS) if text else "the answer is not what it should be"
    if isinstance(error, TypeError | AttributeError | KeyError):
        return "wrong type", "what was returned is not of the kind that the exercise asks for"
    return "wrong value", "what was returned could not be used: its type, shape or values are not what the exercise asks for"


def _explain_torch(text: str) -> tuple[str, str]:
    if "attribute 'shape'" in text:
        return "wrong shape", "the result has the wrong shape"
    if "attribute 'dtype'" in text:
        return "wrong type", "the result has the wrong dtype"
    words = ["the values are not close"]
    if count := _TORCH_COUNT.search(text):
        words.append(f"{count[1]} of {count[2]} entries are wrong")
    if largest := _TORCH_LARGEST.search(text):
        words.append(f"the largest difference, {largest[1]}, is at {largest[2]}")
    return "wrong value", "; ".join(words)
