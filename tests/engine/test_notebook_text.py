"""The text of an autograded notebook is nbformat's, to the letter."""

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbformat.warnings import DuplicateCellId

from autograder.nbgrader_plugin.notebook_text import notebook_text

ROOT = Path(__file__).resolve().parents[2]
ODD = 'first\nsecond\u2028third\r\n\n\ttab “quoted” "plain" \\n 中文 \x00 \ud83d\ude00 [] "cells": []'


def assert_as_nbformat(notebook: nbformat.NotebookNode) -> None:
    for _ in range(2):  # the second time from the texts that are kept
        text = notebook_text(notebook)
        assert text == nbformat.writes(notebook)
    assert json.loads(text) == json.loads(nbformat.writes(notebook))


@pytest.mark.parametrize("path", sorted((ROOT / "release").glob("*/*.ipynb")), ids=lambda path: path.stem)
def test_the_release(path):
    assert_as_nbformat(nbformat.read(path, as_version=4))


def test_everything_a_cell_can_hold():
    data = {"text/plain": ODD, "text/html": f"<b>{ODD}</b>", "image/png": "iVBORw0KGgo=\n", "application/json": {"b": [1, {"a": None}], "a": 1.5}}
    outputs = [
        new_output("stream", name="stderr", text=ODD), new_output("display_data", data=data, metadata={"image/png": {"width": 3}}),
        new_output("execute_result", data=data, execution_count=3), new_output("error", ename="E", evalue=ODD, traceback=ODD.splitlines()),
    ]  # fmt: skip
    code = new_code_cell(ODD, outputs=outputs, execution_count=3, metadata={"trusted": True, "z": [], "nbgrader": {"grade_id": "x", "points": 2.5}})
    words = new_markdown_cell(ODD, attachments={"a.png": {"image/png": "iVBO\nRw0K"}}, metadata={})
    assert_as_nbformat(new_notebook(cells=[code, words, new_code_cell(""), new_markdown_cell("")], metadata={"a": {"cells": []}}))


def test_no_cells():
    assert_as_nbformat(new_notebook())


def test_two_cells_of_one_id_get_ids_of_their_own():
    cells = [new_code_cell("1", id="same"), new_code_cell("2", id="same")]
    with pytest.warns(DuplicateCellId):
        written = json.loads(notebook_text(new_notebook(cells=cells)))
    assert len({cell["id"] for cell in written["cells"]}) == 2
