"""From text to notebook to release: always the same bytes, nothing lost, no answer left in; and back from a notebook edited in JupyterLab."""

import json
import os
import shutil
import time
from pathlib import Path

import jupytext
import pytest
from jupytext.cli import jupytext as jupytext_command

from autograder.authoring.build import build, stale_files
from autograder.grading.course import load_course

TEXT, SOURCE, RELEASE = (Path(folder, "ps90_tiny", name) for folder, name in (("solutions", "tiny.py"), ("source", "tiny.ipynb"), ("release", "tiny.ipynb")))


def records(cells):
    """nbgrader's metadata by grade id."""
    found = [cell["metadata"]["nbgrader"] for cell in cells if "nbgrader" in cell["metadata"]]
    return {record["grade_id"]: record for record in found}


def cells_of(path: Path):
    cells = json.loads(path.read_text())["cells"]
    return [{**one, "source": "".join(one["source"])} for one in cells]


def cell(path: Path, grade_id: str):
    return next(one for one in cells_of(path) if one["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


# -- building ---------------------------------------------------------------------------------------------------------------


def test_a_build_gives_the_same_bytes_in_another_folder(built, course):
    for folder in ("source", "release"):
        shutil.rmtree(course.root / folder / "ps90_tiny")
    (course.root / "source" / "ps90_tiny").mkdir()
    shutil.copy(built.root / "source/ps90_tiny/factor.txt", course.root / "source/ps90_tiny/factor.txt")
    build(load_course(course.root), course.names)
    for path in (SOURCE, RELEASE):
        assert (course.root / path).read_bytes() == (built.root / path).read_bytes()


def test_building_again_changes_nothing(course):
    before = {path: path.read_bytes() for folder in ("source", "release") for path in (course.root / folder).rglob("*") if path.is_file()}
    build(course, course.names)
    assert {path: path.read_bytes() for path in before} == before
    assert stale_files(course, course.names) == []


@pytest.mark.parametrize("name", ["._tiny.ipynb", ".DS_Store", ".#tiny.ipynb"])
def test_hidden_files_are_no_notebooks_and_not_stale(course, name):
    for folder in ("source", "release"):
        (course.root / folder / "ps90_tiny" / name).write_bytes(b"\0\5\x16\7")
    assert stale_files(course, course.names) == []
    assert [path.name for path in build(course, course.names)] == ["tiny.ipynb"]
    assert load_course(course.root).master("ps90_tiny").notebook == "tiny.ipynb"


def test_all_metadata_of_nbgrader_survives_in_source_and_release(built):
    written = records(jupytext.read(built.root / TEXT)["cells"])
    assert set(written) == {"setup", "relu", "test_relu", "Scale", "test_Scale", "why", "demo_plot"}
    for path in (SOURCE, RELEASE):
        found = records(cells_of(built.root / path))
        assert {grade_id: {key: found[grade_id][key] for key in record} for grade_id, record in written.items()} == written


def test_the_release_holds_no_answer(built):
    text = (built.root / RELEASE).read_text()
    for answer in ("clamp", "torch.nn.Parameter", "self.factor * X", "A product of matrices", "SOLUTION"):
        assert answer not in text
    relu = cell(built.root / RELEASE, "relu")["source"]
    assert relu == 'def relu(X):\n    """The positive part of X, entry by entry."""\n    # YOUR CODE HERE\n    raise NotImplementedError()'
    assert "YOUR ANSWER HERE" in cell(built.root / RELEASE, "why")["source"]


def test_every_method_of_a_class_gets_its_own_stub(built):
    assert cell(built.root / RELEASE, "Scale")["source"].count("raise NotImplementedError()") == 2


def test_a_demo_is_a_comment_in_the_text_and_code_in_the_notebooks(built):
    assert "\n# raise RuntimeError" in (built.root / TEXT).read_text()
    for path in (SOURCE, RELEASE):
        assert cell(built.root / path, "demo_plot")["source"].startswith("raise RuntimeError")


def test_cell_ids_depend_on_the_cell_alone(course):
    before = {one["id"] for one in cells_of(course.root / SOURCE)}
    text = course.root / TEXT
    text.write_text(text.read_text().replace("# %% [markdown]\n# ### `Scale`", "# %% [markdown]\n# A new cell.\n\n# %% [markdown]\n# ### `Scale`"))
    build(course, course.names)
    assert len({one["id"] for one in cells_of(course.root / SOURCE)} - before) == 1


def test_helper_files_lie_beside_the_release(built):
    assert (built.root / "release/ps90_tiny/factor.txt").read_text() == "0.5\n"


def test_locked_cells_cannot_be_edited_and_graded_ones_not_deleted(built):
    for grade_id, record in records(cells_of(built.root / RELEASE)).items():
        metadata = cell(built.root / RELEASE, grade_id)["metadata"]
        assert metadata["deletable"] is False
        assert metadata.get("editable", True) is (not record["locked"])


def test_the_notebooks_have_no_outputs(built):
    for path in (SOURCE, RELEASE):
        for one in cells_of(built.root / path):
            assert not one.get("outputs")
            assert one.get("execution_count") is None


# -- jupytext ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def sync(course, monkeypatch):
    """sync(path): what JupyterLab's jupytext does when this file was saved last."""
    monkeypatch.chdir(course.root)

    def run(path: Path) -> None:
        later = time.time() + 5
        os.utime(path, (later, later))
        jupytext_command(["--sync", "--quiet", str(path)])

    return run


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def sources(path: Path) -> list[str]:
    """The cells of the text; blank lines between them are jupytext's own."""
    return [one["source"] for one in jupytext.read(path)["cells"]]


def test_an_answer_edited_in_the_notebook_reaches_the_text_and_nothing_else_changes(sync):
    before = sources(TEXT)
    edit(SOURCE, "return X.clamp(min=0)", "return X * (X > 0)")
    sync(SOURCE)
    assert sources(TEXT) == [source.replace("return X.clamp(min=0)", "return X * (X > 0)") for source in before]
    assert records(jupytext.read(TEXT)["cells"]) == records(cells_of(SOURCE))


def test_an_answer_edited_in_the_text_reaches_the_notebook_with_all_metadata(sync):
    before = records(cells_of(SOURCE))
    edit(TEXT, "return X.clamp(min=0)", "return X * (X > 0)")
    sync(TEXT)
    assert "return X * (X > 0)" in cell(SOURCE, "relu")["source"]
    assert records(cells_of(SOURCE)) == before


def test_outputs_made_in_jupyterlab_do_not_reach_the_text_and_a_build_removes_them(sync, course):
    before = sources(TEXT)
    document = json.loads(SOURCE.read_text())
    for one in document["cells"]:
        if one["cell_type"] == "code":
            one.update(outputs=[{"output_type": "stream", "name": "stdout", "text": "secret output"}], execution_count=3)
    SOURCE.write_text(json.dumps(document))
    sync(SOURCE)
    assert sources(TEXT) == before
    build(course, course.names)
    assert "secret output" not in SOURCE.read_text()
    assert stale_files(course, course.names) == []
