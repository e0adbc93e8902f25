"""The notebook that people open after grading: the master's cells with the student's answers in them.

Built from the release notebook, never from the student's file, so that ids, points, locks and order are the course's. Student text that is shown as
Markdown has its HTML disarmed; outputs of the student's are not taken over, the grader makes them anew.
"""

import base64
import binascii
import copy
import re
from typing import Any
from urllib.parse import unquote

from .master import source_of
from .plan import Plan

SAFE_IMAGES = ("image/png", "image/jpeg")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
# A picture of the answer's own, or a link (or its definition) whose target does not begin plainly with a harmless scheme.
_LINK = re.compile(r"\]\(attachment:([^()\s]+)\)|\](?=[(:]\s*(?!https?:|mailto:|#))")


def assemble(master: dict[str, Any], plan: Plan | None, note: str = "") -> dict[str, Any]:
    """A notebook (nbformat 4 JSON) from the release notebook and a plan; without a plan every solution is as handed out."""
    document = copy.deepcopy(master)
    document["metadata"] = {key: master["metadata"][key] for key in ("kernelspec", "language_info") if key in master["metadata"]}
    notes = list(plan.notes) if plan else [note]
    if notes and any(notes):
        document["metadata"]["autograder"] = {"notes": notes, "unreadable": plan is None}
    for cell in document["cells"]:
        _clear(cell)
    if plan is not None:
        document["cells"] = _with_answers(document["cells"], plan)
    return document


def _clear(cell: dict[str, Any]) -> None:
    cell["source"] = source_of(cell)
    if cell["cell_type"] == "code":
        cell["outputs"], cell["execution_count"] = [], None


def _with_answers(cells: list[dict[str, Any]], plan: Plan) -> list[dict[str, Any]]:
    answers: dict[str, list[str]] = {}
    extras: dict[str | None, list[str]] = {}
    anchor: str | None = None
    for planned in plan.cells:
        if planned.grade_id is None:
            extras.setdefault(anchor, []).append(planned.source)
        else:
            anchor = planned.grade_id
            answers.setdefault(anchor, []).append(planned.source)
    result = [_extra(source, None, i) for i, source in enumerate(extras.get(None, []))]
    for cell in cells:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        nbgrader = cell["metadata"].get("nbgrader", {})
        if nbgrader.get("solution") and nbgrader.get("grade") and grade_id in plan.written:
            _answer_in_words(cell, plan.written[grade_id])
        elif nbgrader.get("solution") and grade_id in answers:
            cell["source"] = "\n\n".join(answers[grade_id])
        elif nbgrader.get("solution") and grade_id in plan.absent:
            cell["source"] = f"# The cell {grade_id} was not in the notebook that was handed in."
        result.append(cell)
        if grade_id in answers:
            result += [_extra(source, grade_id, i) for i, source in enumerate(extras.get(grade_id, []))]
    return result


def _answer_in_words(cell: dict[str, Any], written: "dict[str, Any]") -> None:
    source, attachments = str(written["source"]), safe_attachments(written.get("attachments"))
    names = {name: f"picture-{number}" for number, name in enumerate(attachments, 1)}
    cell["source"] = disarm_markdown(source, names) if cell["cell_type"] == "markdown" else source
    if attachments:
        cell["attachments"] = {names[name]: bundle for name, bundle in attachments.items()}


def _extra(source: str, anchor: str | None, index: int) -> dict[str, Any]:
    return {
        "cell_type": "code", "execution_count": None, "id": f"own-{(anchor or 'first')[:40]}-{index}".replace("_", "-"), "metadata": {},
        "outputs": [], "source": source,
    }  # fmt: skip


def disarm_markdown(source: str, pictures: dict[str, str] | None = None) -> str:
    """Markdown whose HTML tags are shown, not obeyed, and whose links lead to the web or to one of the `pictures` ({name: new name}) only.

    nbconvert follows javascript: links, and gives up at a picture that is not there.
    """

    def link(found: re.Match) -> str:
        picture = (pictures or {}).get(unquote(found[1])) if found[1] else None
        return f"](attachment:{picture})" if picture else found[0].replace("]", "] ", 1)

    return _LINK.sub(link, _TAG.sub("&lt;", source))


def safe_attachments(attachments: Any) -> dict[str, dict[str, str]]:
    """Images that a written answer carries; anything else is left out."""
    if not isinstance(attachments, dict):
        return {}
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in list(attachments.items())[:20]:
        if isinstance(bundle, dict):
            images = {mime: data for mime, data in bundle.items() if mime in SAFE_IMAGES and is_base64(data)}
            if images:
                kept[str(name)] = images
    return kept


def safe_outputs(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Outputs that are safe to open: text and pictures; scripts and active HTML are left out."""
    kept = []
    for output in outputs:
        match output.get("output_type"):
            case "stream":
                name = "stderr" if output.get("name") == "stderr" else "stdout"
                kept.append({"output_type": "stream", "name": name, "text": str(output.get("text", ""))})
            case "execute_result" | "display_data":
                data = output.get("data")
                data = {mime: value for mime, value in data.items() if _is_safe(mime, value)} if isinstance(data, dict) else {}
                if data:
                    kept.append({"output_type": "display_data", "data": data, "metadata": {}})
            case "error":
                lines = output.get("traceback")
                kept.append({
                    "output_type": "error", "ename": str(output.get("ename", "")), "evalue": str(output.get("evalue", "")),
                    "traceback": [str(line) for line in lines] if isinstance(lines, list) else [],
                })  # fmt: skip
    return kept


def _is_safe(mime: str, value: Any) -> bool:
    if mime == "text/plain":
        return isinstance(value, str)
    return mime in SAFE_IMAGES and is_base64(value)


def is_base64(value: Any) -> bool:
    if not isinstance(value, str) or len(value) > 20 << 20:
        return False
    try:
        base64.b64decode(value.replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
