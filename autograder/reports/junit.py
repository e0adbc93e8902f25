"""JUnit XML: what CI systems show as test results. One suite a notebook, one case a criterion."""

import re
from xml.etree import ElementTree as ET

from ..judge.verdict import CriterionResult
from .graded_notebook import GradedNotebook

# The student's code gave no answer: JUnit's "error"; an answer that is not right is its "failure".
NO_ANSWER = ("crashed", "timeout", "memory", "output limit", "exited", "unreadable")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(graded: list[GradedNotebook]) -> str:
    """The document as text. Times in seconds."""
    root = ET.Element("testsuites", name="autograder")
    for notebook in graded:
        _suite(root, notebook)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", _seconds(sum(notebook.verdict.seconds for notebook in graded)))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, notebook: GradedNotebook) -> None:
    verdict = notebook.verdict
    criteria = [criterion for exercise in verdict.exercises for criterion in exercise.criteria]
    kinds = [_kind(criterion) for criterion in criteria]
    suite = ET.SubElement(
        root, "testsuite", name=_xml(verdict.assignment), tests=str(len(criteria)), failures=str(kinds.count("failure")), errors=str(kinds.count("error")),
        skipped=str(kinds.count("skipped")), time=_seconds(verdict.seconds), file=_xml(notebook.path),
    )  # fmt: skip
    properties = ET.SubElement(suite, "properties")
    for name, value in (("points", verdict.points), ("max_points", verdict.max_points), ("sandbox", " ".join(verdict.sandbox))):
        ET.SubElement(properties, "property", name=name, value=str(value))
    for exercise in verdict.exercises:
        for criterion in exercise.criteria:
            _case(suite, f"{verdict.assignment}.{exercise.name}", criterion)
    if notebook.notes:
        ET.SubElement(suite, "system-out").text = _xml("\n".join(notebook.notes))


def _case(suite: ET.Element, classname: str, criterion: CriterionResult) -> None:
    case = ET.SubElement(suite, "testcase", name=_xml(criterion.title), classname=_xml(classname), time=_seconds(criterion.seconds))
    kind = _kind(criterion)
    if kind:
        found = ET.SubElement(case, kind, message=_xml(criterion.message), type=criterion.reason)
        found.text = _xml(f"{criterion.message}\nHint: {criterion.hint}" if criterion.hint else criterion.message)


def _kind(criterion: CriterionResult) -> str:
    if criterion.passed:
        return ""
    return "skipped" if criterion.reason == "not attempted" else "error" if criterion.reason in NO_ANSWER else "failure"


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"


def _xml(text: str) -> str:
    """Without the characters that XML 1.0 has no way to write."""
    return _NOT_XML.sub("�", text)
