"""Submissions that no cell of source text can describe: files of other kinds, and notebooks out of shape.

Each function gets the folder to hand in to, a plain wrong notebook (nbformat 4 JSON) and the places of `conftest.Targets`, and returns the path handed in.
"""

import json
import os
import socket
import zipfile
from pathlib import Path
from typing import Any

NAME = "tiny.ipynb"


def _write(folder: Path, document: Any) -> Path:
    path = folder / NAME
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


def _cell(document: dict, grade_id: str) -> dict:
    return next(cell for cell in document["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


# -- other kinds of files ---------------------------------------------------------------------------------------------------


def symlink(folder: Path, _document: dict, targets: Any) -> Path:
    path = folder / NAME
    path.symlink_to(targets.secret_file)
    return path


def fifo(folder: Path, _document: dict, _targets: Any) -> Path:
    path = folder / NAME
    os.mkfifo(path)
    return path


def folder(folder: Path, _document: dict, _targets: Any) -> Path:
    path = folder / NAME
    path.mkdir()
    return path


def unix_socket(folder: Path, _document: dict, _targets: Any) -> Path:
    path = folder / NAME
    here = os.getcwd()
    os.chdir(folder)  # the name of a socket is limited to 108 bytes
    try:
        with socket.socket(socket.AF_UNIX) as sock:
            sock.bind(NAME)
    finally:
        os.chdir(here)
    return path


def sparse(folder: Path, _document: dict, _targets: Any) -> Path:
    path = folder / NAME
    with open(path, "wb") as file:
        file.truncate(1 << 40)
    return path


def hard_link(folder: Path, _document: dict, targets: Any) -> Path:
    path = folder / NAME
    os.link(targets.gradebook, path)
    return path


def links_beside(folder: Path, document: dict, targets: Any) -> Path:
    (folder / "data").symlink_to("/")
    (folder / "helper.py").symlink_to(targets.secret_file)
    os.mkfifo(folder / "course_tools.py")
    return _write(folder, document)


def evil_archive(folder: Path, document: dict, targets: Any) -> Path:
    """Names that lead out, links, a bomb, and the notebook."""
    path = folder / "all.zip"
    link = zipfile.ZipInfo("link.ipynb")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name in (f"../{targets.mark}.ipynb", f"/tmp/{targets.mark}.ipynb", f"..\\{targets.mark}.ipynb", f"a/../../{targets.mark}.py"):
            file.writestr(name, json.dumps(document))
        file.writestr(link, targets.secret_file)
        file.writestr("bomb.ipynb", bytes(100 << 20))
        file.writestr("work/tiny.ipynb", json.dumps(document))
        file.writestr("work/torch.py", f"open('/tmp/{targets.mark}', 'w')")
    return path


def bomb(folder: Path, _document: dict, _targets: Any) -> Path:
    path = folder / "all.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(8):
            file.writestr(f"{number}.ipynb", b"[" * (80 << 20))
    return path


# -- notebooks out of shape -------------------------------------------------------------------------------------------------


def truncated(folder: Path, document: dict, _targets: Any) -> Path:
    text = json.dumps(document)
    return _write(folder, text[: len(text) * 2 // 3])


def deep(folder: Path, _document: dict, _targets: Any) -> Path:
    return _write(folder, "[" * 100_000 + "]" * 100_000)


def strange_metadata(folder: Path, document: dict, _targets: Any) -> Path:
    nested: Any = {}
    for _ in range(200):
        nested = {"deeper": [nested]}
    document["metadata"] = nested
    document["cells"].insert(0, {"cell_type": ["code"], "metadata": [1], "source": {"a": 1}, "outputs": "none"})
    document["cells"].insert(0, {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": {"a": []}, "points": "NaN"}}, "source": None})
    document["cells"] += [None, 7, "cell", [], {"source": [1, 2, None]}]
    _cell_by_id(document, "softmax")["metadata"]["nbgrader"] |= {"points": -1, "locked": "yes", "schema_version": 99, "solution": None}
    return _write(folder, document)


def _cell_by_id(document: dict, grade_id: str) -> dict:
    for cell in document["cells"]:
        if isinstance(cell, dict) and isinstance(cell.get("metadata"), dict) and cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id:
            return cell
    raise KeyError(grade_id)


def many_cells(folder: Path, document: dict, _targets: Any) -> Path:
    document["cells"] += [{"cell_type": "code", "metadata": {}, "source": "1", "outputs": []}] * 20_000
    return _write(folder, document)


def large_outputs(folder: Path, document: dict, _targets: Any) -> Path:
    path = _write(folder, document)
    with open(path, "ab") as file:  # the size is what counts; nobody reads the rest
        file.truncate(100 << 20)
    return path


def utf16(folder: Path, document: dict, _targets: Any) -> Path:
    path = folder / NAME
    path.write_bytes(json.dumps(document, ensure_ascii=False).encode("utf-16"))
    return path


def latin1(folder: Path, document: dict, _targets: Any) -> Path:
    _cell(document, "softmax")["source"] += "\n# d\u00e9j\u00e0 vu"
    path = folder / NAME
    path.write_bytes(json.dumps(document, ensure_ascii=False).encode("latin-1"))
    return path


def surrogate(folder: Path, document: dict, _targets: Any) -> Path:
    _cell(document, "softmax")["source"] += "\n# \ud83d"
    return _write(folder, document)


def edited_check(folder: Path, document: dict, _targets: Any) -> Path:
    check = _cell(document, "test_softmax")
    check["source"] = "assert True"
    check["metadata"]["nbgrader"] |= {"points": 1000, "locked": False, "grade": False}
    _cell(document, "test_double")["metadata"]["nbgrader"]["points"] = 0
    return _write(folder, document)


def edited_setup(folder: Path, document: dict, _targets: Any) -> Path:
    _cell(document, "setup")["source"] = "import torch\ntorch.Tensor.__mul__ = None\nraise SystemExit"
    return _write(folder, document)


def redefined_setup(folder: Path, document: dict, _targets: Any) -> Path:
    """If this counted, exp would give the right answer and the layer nothing."""
    _cell(document, "setup")["source"] = "import torch\nclass torch:\n    exp = lambda X: X.softmax(-1)"
    return _write(folder, document)


def busy_checks(folder: Path, document: dict, _targets: Any) -> Path:
    _cell(document, "test_softmax")["source"] += "\nwhile True: pass"
    _cell(document, "test_Layer")["source"] = "import os\nstopped = os._exit(0)\nassert Layer"
    _cell(document, "test_double")["source"] = "(" * 5000 + "\nassert double\nraise SystemExit"
    return _write(folder, document)


def answered_in_the_check(folder: Path, document: dict, _targets: Any) -> Path:
    _cell(document, "softmax")["source"] = "raise NotImplementedError()"
    _cell(document, "test_softmax")["source"] += "\ndef softmax(X):\n    return torch.exp(X)"
    return _write(folder, document)


def without_metadata(folder: Path, document: dict, _targets: Any) -> Path:
    check = dict(_cell(document, "test_softmax"))
    document["cells"] += [check | {"source": "assert True\n" + check["source"]}, check]
    for cell in document["cells"]:
        cell["metadata"] = {}
    return _write(folder, document)


def own_text(folder: Path, document: dict, _targets: Any) -> Path:
    """Markdown of the student's own, at every place, in every way that a page could be made to do something."""
    attacks = [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</div></div><iframe src=https://x.example>", "[x](javascript:alert(1))",
        "![x](https://x.example/pixel.png)", "![x](attachment:gone.png)", "```mermaid\n<img src=x onerror=alert(1)>\n```", "<b>bold to the end",
        "$a<b$ `x` <script>alert(1)</script> $c<d$", "[a]: javascript:alert(1)\n\n[a]", "<svg/onload=alert(1)>", "[" * 5000,
    ]  # fmt: skip
    texts = [{"cell_type": kind, "metadata": {}, "source": text} for text in attacks for kind in ("markdown", "raw")]
    document["cells"] = [part for i, cell in enumerate(document["cells"]) for part in (*texts[i::8], cell)] + texts
    return _write(folder, document)


def duplicated(folder: Path, document: dict, _targets: Any) -> Path:
    document["cells"] += [dict(_cell(document, "softmax")), dict(_cell(document, "test_softmax"))]
    return _write(folder, document)


def reordered(folder: Path, document: dict, _targets: Any) -> Path:
    document["cells"].reverse()
    return _write(folder, document)


def renamed_ids(folder: Path, document: dict, _targets: Any) -> Path:
    answer, other = _cell(document, "softmax"), _cell(document, "double")
    answer["metadata"]["nbgrader"]["grade_id"], other["metadata"]["nbgrader"]["grade_id"] = "double", "softmax"
    other["source"] = "raise RuntimeError"
    return _write(folder, document)


def deleted(folder: Path, document: dict, _targets: Any) -> Path:
    document["cells"].remove(_cell(document, "softmax"))
    return _write(folder, document)


def retyped(folder: Path, document: dict, _targets: Any) -> Path:
    _cell(document, "softmax")["cell_type"] = "markdown"
    return _write(folder, document)


def format3(folder: Path, document: dict, _targets: Any) -> Path:
    for cell in document["cells"]:
        cell["input"] = cell.pop("source")
    metadata = {"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}}
    return _write(folder, {"nbformat": 3, "nbformat_minor": 17, "metadata": metadata, "worksheets": [{"cells": document["cells"]}]})


def other_assignment(folder: Path, document: dict, _targets: Any) -> Path:
    for cell in document["cells"]:
        cell["metadata"] = {"nbgrader": {"grade_id": "something-else", "solution": True, "points": 100, "grade": True}}
        cell["source"] = "x = 1"
    return _write(folder, document)
