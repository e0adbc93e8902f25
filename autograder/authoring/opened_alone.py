"""The first cell of every release: a notebook that was opened alone, in Colab for instance, fetches the files that belong beside it, or says what to do.

It stands in the release only, belongs to no exercise, and is a demo: the grader never runs it and brings files of its own.
"""

import json
from pathlib import Path

from ..grading.handout_address import HandoutAddress
from ..notebooks.master import DEMO

CELL_ID = "files-beside-the-notebook"
_TEMPLATE = """\
# Opened alone, in Colab for instance, this notebook lacks files of the course: this cell fetches them. Where they are, it does nothing.
def _fetch_files(wanted):
    from importlib.util import find_spec
    from pathlib import Path
    from urllib.request import urlopen

    for name, address in wanted.items():
        if Path(name).exists() or (name.endswith(".py") and find_spec(name[:-3])):
            continue
        content, why = b"", ""
        try:
            content = urlopen(address, timeout=30).read() if address else b""
        except OSError as error:
            why = f" It could not be fetched: {error}."
        if not content or content.lstrip()[:1] == b"<":  # a page that asks who you are
            raise FileNotFoundError(
                f"{name} is not beside this notebook.{why} You got it in the same folder as the notebook: put it there"
                " (in Colab: the folder at the left, then Upload) and run this cell again."
            ) from None
        Path(name).write_bytes(content)


_fetch_files(@WANTED@)
del _fetch_files
"""


def add_first_cell(notebook: Path, address: HandoutAddress) -> None:
    """Puts the cell ahead of all others of a release notebook. It asks for every file that lies beside the notebook."""
    folder = notebook.parent
    files = sorted(path.name for path in folder.iterdir() if path.is_file() and path.suffix != ".ipynb" and path.name[0] != ".")
    if not files:
        return
    wanted = {name: address.raw(f"{folder.name}/{name}") for name in files}
    lines = ["{", *(f"    {_quoted(name)}: {_quoted(place)}," for name, place in wanted.items()), "}"]
    document = json.loads(notebook.read_text(encoding="utf-8"))
    document["cells"].insert(0, {
        "cell_type": "code", "execution_count": None, "id": CELL_ID, "outputs": [],
        "metadata": {"tags": [DEMO], "editable": False, "cellView": "form", "jupyter": {"source_hidden": True}},
        "source": _TEMPLATE.replace("@WANTED@", "\n".join(lines)).rstrip().splitlines(keepends=True),
    })  # fmt: skip
    notebook.write_text(json.dumps(document), encoding="utf-8")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
