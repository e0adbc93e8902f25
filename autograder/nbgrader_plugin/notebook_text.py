"""The file of an autograded notebook, as nbformat writes it. Most of its cells are the release's, the same for all of a class: their text is made once."""

import json
from functools import lru_cache

import nbformat
from nbformat import NotebookNode
from nbformat.v4.rwbase import split_lines

KEPT = 500  # texts of cells
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, check_circular=False).encode
_pretty = json.JSONEncoder(ensure_ascii=False, indent=1, separators=(",", ": "), sort_keys=True).encode


def notebook_text(notebook: NotebookNode) -> str:
    """What `nbformat.writes` gives. The notebook is one of the kit's own making, so its schema is not looked at again."""
    cells = notebook.cells
    if not cells or len({cell.get("id") for cell in cells}) < len(cells):
        return nbformat.writes(notebook)  # which gives those that share an id new ones
    around = _pretty({**notebook, "cells": []})
    inside = ",\n".join(_text_of(_compact(cell)) for cell in cells)
    return around.replace('"cells": []', f'"cells": [\n{inside}\n ]', 1)


@lru_cache(KEPT)
def _text_of(compact: str) -> str:
    """A cell as it stands in the file, two levels deep. No string of JSON holds a line break, so each line is one of the layout."""
    cell = nbformat.from_dict(json.loads(compact))
    cell.metadata.pop("trusted", None)
    split_lines(NotebookNode(cells=[cell]))
    return "  " + _pretty(cell).replace("\n", "\n  ")
