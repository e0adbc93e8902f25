"""The notebook that people open after grading: the master's cells with the student's answers in them.

Built from the release notebook, never from the student's file, so that ids, points, locks and order are the course's. Student text that is shown as
Markdown has its HTML disarmed; outputs of the student's are not taken over, the grader makes them anew.
"""

import base64
import binascii
import copy
import re
from typing import Any

from .markdown import disarm_markdown
from .master import source_of
from .pictures import is_picture
from .plan import OwnText, Plan, PlannedCell

SAFE_IMAGES = ("image/png", "image/jpeg")
MAX_PICTURES = 20  # of one text
MAX_LOOKED_AT = 50  # texts between the cells that are tried out as pages
# A picture in the text itself, as Colab puts it there.
_INLINE = re.compile(r"!\[([^\[\]\n]{0,300})\]\(data:(image/(?:png|jpeg));base64,([A-Za-z0-9+/=]+)\)")


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
    answers = {cell.place: cell.source for cell in plan.cells if cell.index < 0}
    own: dict[int, list[PlannedCell | OwnText]] = {}
    added: list[PlannedCell | OwnText] = [*(cell for cell in plan.cells if cell.index >= 0), *plan.texts]
    for one in sorted(added, key=lambda one: one.index):
        own.setdefault(one.place, []).append(one)
    looks = {id(text) for text in plan.texts[:MAX_LOOKED_AT]}
    result = [_own(one, -1, i, id(one) in looks) for i, one in enumerate(own.get(-1, []))]
    for number, cell in enumerate(cells):
        nbgrader = cell["metadata"].get("nbgrader", {})
        grade_id = nbgrader.get("grade_id")
        if nbgrader.get("solution") and nbgrader.get("grade"):
            _answer_in_words(cell, plan, grade_id)
        elif number in answers and not nbgrader.get("locked"):
            cell["source"] = answers[number]
        elif nbgrader.get("solution") and grade_id in plan.absent:
            cell["source"] = f"# The cell {grade_id} was not in the notebook that was handed in."
        result.append(cell)
        result += [_own(one, number, i, id(one) in looks) for i, one in enumerate(own.get(number, []))]
    return result


def _answer_in_words(cell: dict[str, Any], plan: Plan, grade_id: str) -> None:
    """A cell that is as it was handed out gets no points without a person; a remark makes it another."""
    if grade_id in plan.written:
        _put_text(cell, plan.written[grade_id]["source"], plan.written[grade_id].get("attachments"))
    elif grade_id in plan.elsewhere:
        remark = "This cell is as it was handed out; the notebook holds cells of its author's own that may answer it."
        cell["source"] += f"\n\n*{remark}*" if cell["cell_type"] == "markdown" else f"\n# {remark}"


def _put_text(cell: dict[str, Any], source: str, attachments: Any, look: bool = True) -> None:
    if cell["cell_type"] != "markdown":
        cell["source"] = source
        return
    pictures = safe_attachments(attachments)

    def attach(found: re.Match) -> str:
        if len(pictures) >= MAX_PICTURES or not is_base64(found[3]):
            return found[0]
        name = f"in-the-text-{len(pictures)}"
        pictures[name] = {found[2]: found[3]}
        return f"![{found[1]}](attachment:{name})"

    source = _INLINE.sub(attach, source)
    names = {name: f"picture-{number}" for number, name in enumerate(pictures, 1)}
    cell["source"] = disarm_markdown(source, names, look)
    if pictures:
        cell["attachments"] = {names[name]: bundle for name, bundle in pictures.items()}


def _own(one: PlannedCell | OwnText, place: int, index: int, look: bool = True) -> dict[str, Any]:
    cell = {"id": f"own-{place + 1}-{index}", "metadata": {}, "source": one.source}
    if isinstance(one, OwnText):
        cell["cell_type"] = "markdown"
        _put_text(cell, one.source, one.attachments, look)
        return cell
    return {**cell, "cell_type": "code", "execution_count": None, "outputs": []}


def safe_attachments(attachments: Any) -> dict[str, dict[str, str]]:
    """Images that a written answer carries; anything else is left out."""
    if not isinstance(attachments, dict):
        return {}
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in list(attachments.items())[:MAX_PICTURES]:
        if isinstance(bundle, dict):
            images = {mime: data for mime, data in bundle.items() if mime in SAFE_IMAGES and is_base64(data)}
            if images:
                kept[str(name)] = images
    return kept


def safe_outputs(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Outputs that are safe to open: text and pictures; scripts and active HTML are left out."""
    kept: list[dict[str, Any]] = []
    for output in outputs:
        match output.get("output_type"):
            case "stream":
                name = "stderr" if output.get("name") == "stderr" else "stdout"
                kept.append({"output_type": "stream", "name": name, "text": str(output.get("text", ""))})
            case "execute_result" | "display_data":
                data = output.get("data")
                data = {mime: value for mime, value in data.items() if _is_safe(mime, value)} if isinstance(data, dict) else {}
                if data:
                    metadata = {mime: {"alt": "picture shown by this cell"} for mime in data if mime in SAFE_IMAGES}
                    kept.append({"output_type": "display_data", "data": data, "metadata": metadata})
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
    return is_picture(mime, value)


def is_base64(value: Any) -> bool:
    if not isinstance(value, str) or len(value) > 20 << 20:
        return False
    try:
        base64.b64decode(value.replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
