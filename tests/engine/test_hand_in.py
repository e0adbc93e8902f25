"""Whatever a student's folder looks like, the notebook in it is found; where there is none, it is said what lies there instead."""

import io
import json
import os
import stat
import zipfile

import pytest

from autograder.notebooks import archive, hand_in
from autograder.notebooks.archive import Archive
from autograder.notebooks.hand_in import NoNotebook, read_hand_in, read_one
from autograder.notebooks.helper_modules import helper_cells
from autograder.notebooks.master import Master
from autograder.notebooks.reader import Unreadable
from tests.engine.test_reader import ANSWER, STUB, by_id, cell, filled, master_of, released

BLANK, HALF, WHOLE = released(), filled(), filled()
by_id(HALF, "scale")["source"] = STUB.format("scale")


@pytest.fixture(scope="module")
def master(tmp_path_factory) -> Master:
    folder = tmp_path_factory.mktemp("release")
    (folder / "tiny").mkdir()
    (folder / "tiny" / "course_tools.py").write_text("x = 1")
    (folder / "tiny" / "tiny.ipynb").write_text(json.dumps(released()))
    return Master.load("tiny", folder)


def put(folder, **files):
    """Files by their names, in which "__" stands for a dot and "--" for a slash; a dictionary is a notebook."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = json.dumps(content).encode() if isinstance(content, dict) else content
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return folder


def zipped(**files) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, json.dumps(content) if isinstance(content, dict) else content)
    return buffer.getvalue()


def taken(folder, master):
    return read_hand_in(folder, master, {"tiny": master})


# -- which one ----------------------------------------------------------------------------------------------------------------

FOUND = {
    "under its own name": ({"tiny.ipynb": WHOLE}, "tiny.ipynb"),
    "renamed": ({"my work.ipynb": WHOLE}, "my work.ipynb"),
    "with a number": ({"tiny (1).ipynb": WHOLE}, "tiny (1).ipynb"),
    "beside a hidden file of a Mac's": ({"._tiny.ipynb": "\0\5\x16", "tiny.ipynb": WHOLE}, "tiny.ipynb"),
    "beside a checkpoint": ({".ipynb_checkpoints/tiny-checkpoint.ipynb": WHOLE, "tiny.ipynb": HALF}, "tiny.ipynb"),
    "another ending": ({"tiny.ipynb.json": WHOLE}, "tiny.ipynb.json"),
    "another ending still": ({"tiny.ipynb.txt": WHOLE}, "tiny.ipynb.txt"),
    "the ending lost": ({"tiny": WHOLE}, "tiny"),
    "the ending in capitals": ({"TINY.IPYNB": WHOLE}, "TINY.IPYNB"),
    "json": ({"tiny.json": WHOLE}, "tiny.json"),
    "a folder deeper": ({"tiny/tiny.ipynb": WHOLE}, "tiny/tiny.ipynb"),
    "three folders deeper": ({"a/b/c/tiny.ipynb": WHOLE}, "a/b/c/tiny.ipynb"),
    "zipped": ({"tiny.zip": zipped(**{"tiny.ipynb": WHOLE})}, "tiny.zip/tiny.ipynb"),
    "the folder zipped": ({"hand in.zip": zipped(**{"tiny/tiny.ipynb": WHOLE, "tiny/course_tools.py": "x"})}, "hand in.zip/tiny/tiny.ipynb"),
    "zipped by a Mac": ({"a.zip": zipped(**{"__MACOSX/._tiny.ipynb": "x", "._tiny.ipynb": "x", "tiny.ipynb": WHOLE})}, "a.zip/tiny.ipynb"),
    "zipped by Windows": ({"a.zip": zipped(**{"tiny\\tiny.ipynb": WHOLE})}, "a.zip/tiny/tiny.ipynb"),
    "a zip a folder deeper": ({"b/a.zip": zipped(**{"tiny.ipynb": WHOLE})}, "b/a.zip/tiny.ipynb"),
    "empty beside a zip": ({"tiny.ipynb": BLANK, "a.zip": zipped(**{"tiny.ipynb": WHOLE})}, "a.zip/tiny.ipynb"),
    "empty beside a folder": ({"tiny.ipynb": BLANK, "b/tiny.ipynb": WHOLE}, "b/tiny.ipynb"),
    "cut off beside a folder": ({"tiny.ipynb": "{", "b/tiny.ipynb": WHOLE}, "b/tiny.ipynb"),
    "filled beside an empty one": ({"tiny-1.ipynb": WHOLE, "tiny-2.ipynb": BLANK}, "tiny-1.ipynb"),
    "more filled": ({"tiny.ipynb": HALF, "other.ipynb": WHOLE}, "other.ipynb"),
    "two as full, the second is newer": ({"tiny-1.ipynb": WHOLE, "tiny-2.ipynb": {**WHOLE, "metadata": {"x": 1}}}, "tiny-2.ipynb"),
    "ten is more than nine": ({"tiny (9).ipynb": WHOLE, "tiny (10).ipynb": {**WHOLE, "metadata": {"x": 1}}}, "tiny (10).ipynb"),
    "a download more": ({"tiny.ipynb": WHOLE, "tiny (1).ipynb": {**WHOLE, "metadata": {"x": 1}}}, "tiny (1).ipynb"),
    "its own name beside a copy": ({"tiny.ipynb": WHOLE, "tiny-Copy1.ipynb": {**WHOLE, "metadata": {"x": 1}}}, "tiny.ipynb"),
    "its own name beside a broken one": ({"tiny.ipynb": WHOLE, "tiny (1).ipynb": "{"}, "tiny.ipynb"),
    "beside another assignment's": ({"a.ipynb": released(["gelu"], "Other"), "b.ipynb": HALF}, "b.ipynb"),
    "empty alone": ({"tiny.ipynb": BLANK}, "tiny.ipynb"),
}


@pytest.mark.parametrize("how", FOUND)
def test_the_notebook_is_found(tmp_path, master, how):
    files, expected = FOUND[how]
    found = taken(put(tmp_path, **files), master)
    assert found.file.name == expected
    assert found.plan is not None
    assert {one.grade_id for one in found.plan.cells} >= {"setup", "relu"}


@pytest.mark.parametrize(
    ("files", "note"),
    [
        ({"tiny.ipynb": WHOLE}, None),
        ({"renamed.ipynb": WHOLE}, None),
        ({"tiny.ipynb": WHOLE, "same.ipynb": WHOLE}, None),
        ({"tiny.ipynb.json": WHOLE}, "the notebook was found as tiny.ipynb.json"),
        ({"a.zip": zipped(**{"tiny.ipynb": WHOLE})}, "the notebook was found as a.zip/tiny.ipynb"),
        (
            {"tiny-1.ipynb": WHOLE, "tiny-2.ipynb": HALF},
            "of 2 notebooks tiny-1.ipynb was graded, which holds most answers or is the newest; left: tiny-2.ipynb",
        ),
        ({"tiny.ipynb": WHOLE, "new.ipynb": "{"}, "new.ipynb is not a notebook: its JSON is broken at line 1. Was it cut off or saved by another program?"),
    ],
    ids=str,
)
def test_a_note_says_what_was_taken_and_what_was_left(tmp_path, master, files, note):
    notes = taken(put(tmp_path, **files), master).plan.notes
    assert (notes == []) if note is None else notes[0].startswith(note)


def test_of_equals_under_other_names_the_newest_counts(tmp_path, master):
    put(tmp_path, **{"a.ipynb": WHOLE, "b.ipynb": {**WHOLE, "metadata": {"x": 1}}})
    os.utime(tmp_path / "a.ipynb", (2e9, 2e9))
    assert taken(tmp_path, master).file.name == "a.ipynb"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "the folder is empty"),
        ({"timestamp.txt": "2027-01-01", "course_tools.py": "x = 1", ".DS_Store": "x"}, "the folder is empty"),
        ({"essay.pdf": "%PDF"}, "there is no notebook in what was handed in, only essay.pdf"),
        ({"._tiny.ipynb": "x", "a/photo.png": "x"}, "there is no notebook in what was handed in, only a/photo.png"),
        ({"a.zip": "PK no zip"}, "only a.zip"),
        ({"a.zip": zipped(**{"b.txt": "x"})}, "only a.zip"),
        ({"a.zip": zipped(**{"b.zip": zipped(**{"tiny.ipynb": WHOLE})})}, "only a.zip"),
        ({"a\n::error::.pdf": "x"}, "only a?::error::.pdf"),
        ({f"{number}.pdf": "x" for number in range(9)}, "only 0.pdf, 1.pdf, 2.pdf, 3.pdf, 4.pdf and 4 more"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_folder_without_a_notebook_is_told_by_what_it_holds(tmp_path, master, files, words):
    with pytest.raises(NoNotebook) as refused:
        taken(put(tmp_path, **files), master)
    assert words in str(refused.value)
    assert bool(refused.value.names) == ("empty" not in words)


@pytest.mark.parametrize("content", ["{", "", "[]", json.dumps({"cells": [cell("x = 1")]})])
def test_a_notebook_that_cannot_be_read_is_a_hand_in_with_a_sentence(tmp_path, master, content):
    found = taken(put(tmp_path, **{"tiny.ipynb": content}), master)
    assert found.plan is None
    assert "tiny.ipynb" in found.unreadable


@pytest.mark.parametrize("kind", ["fifo", "link", "folder"])
def test_what_is_no_file_is_not_opened(tmp_path, master, kind):
    path = tmp_path / "tiny.ipynb"
    {"fifo": os.mkfifo, "link": lambda path: path.symlink_to("/etc/passwd"), "folder": os.mkdir}[kind](path)
    assert "is not a regular file" in taken(tmp_path, master).unreadable


def test_links_to_folders_and_archives_are_not_followed(tmp_path, master):
    put(tmp_path / "elsewhere", **{"tiny.ipynb": WHOLE, "a.zip": zipped(**{"tiny.ipynb": WHOLE})})
    folder = put(tmp_path / "folder", **{"x.pdf": "x"})
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    (folder / "b.zip").symlink_to(tmp_path / "elsewhere" / "a.zip")
    with pytest.raises(NoNotebook):
        taken(folder, master)


def test_in_a_folder_of_anything_only_a_notebook_with_the_assignments_names_counts(tmp_path, master):
    put(tmp_path, **{"scratch.ipynb": {"cells": [cell(ANSWER.format("relu"))]}})
    with pytest.raises(NoNotebook):
        read_hand_in(tmp_path, master, {}, by_ids=True)
    put(tmp_path, **{"b/mine.ipynb": WHOLE})
    assert read_hand_in(tmp_path, master, {}, by_ids=True).file.name == "b/mine.ipynb"


def test_no_more_files_are_tried_than_people_hand_in(tmp_path, master, monkeypatch):
    monkeypatch.setattr(hand_in, "MAX_TRIED", 3)
    put(tmp_path, **{f"{number}.ipynb": {**HALF, "metadata": {"x": number}} for number in range(9)}, **{"tiny.ipynb": WHOLE})
    found = taken(tmp_path, master)
    assert found.file.name == "tiny.ipynb"
    assert len(found.others) == 9


# -- archives -----------------------------------------------------------------------------------------------------------------


def archive_of(tmp_path, data: bytes) -> Archive:
    (tmp_path / "a.zip").write_bytes(data)
    return Archive(tmp_path / "a.zip")


@pytest.mark.parametrize("name", ["../up.ipynb", "/etc/up.ipynb", "a/../../up.ipynb", "..\\up.ipynb", "C:/up.ipynb", "folder/"])
def test_names_in_an_archive_that_lead_elsewhere_are_passed_over(tmp_path, name):
    assert [member.name for member in archive_of(tmp_path, zipped(**{name: "x", "in.ipynb": "x"})).members()] == ["in.ipynb"]


def test_links_in_an_archive_are_passed_over(tmp_path):
    info = zipfile.ZipInfo("link.ipynb")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(info, "/etc/passwd")
    assert archive_of(tmp_path, buffer.getvalue()).members() == []


def test_a_bomb_is_unpacked_no_further_than_a_notebook_can_be_large(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_BYTES", 1 << 20)
    member = archive_of(tmp_path, zipped(**{"tiny.ipynb": b"\0" * (20 << 20)})).members()[0]
    with pytest.raises(Unreadable, match="more than"):
        member.read()


def test_all_members_together_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 1 << 20)
    members = archive_of(tmp_path, zipped(**{f"{number}.ipynb": b"\0" * (300 << 10) for number in range(9)})).members()
    assert [len(member.read()) for member in members[:3]] == [300 << 10] * 3
    with pytest.raises(Unreadable):
        members[3].read()


def test_an_archive_of_very_many_files_is_refused_before_it_is_opened(tmp_path):
    with pytest.raises(Unreadable, match="holds more than 2,000 files"):
        archive_of(tmp_path, b"PK\1\2" * 3_000)


@pytest.mark.parametrize(
    "spoil", [lambda data: data[:-30], lambda data: data[:40] + bytes(20) + data[60:], lambda data: b"", lambda data: data.replace(b"\x08\x00", b"\x63\x00")]
)
def test_a_damaged_archive_is_refused_with_a_sentence(tmp_path, master, spoil):
    (tmp_path / "a.zip").write_bytes(spoil(zipped(**{"tiny.ipynb": WHOLE})))
    found = read_one(tmp_path / "a.zip", master, {})
    assert found.plan is None
    assert "a.zip" in found.unreadable or "tiny.ipynb" in found.unreadable


def test_a_member_with_a_password_is_refused_with_a_sentence(tmp_path, master):
    data = bytearray(zipped(**{"tiny.ipynb": WHOLE}))
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(mark) + place] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    assert "protected by a password" in read_one(tmp_path / "a.zip", master, {}).unreadable


# -- modules beside the notebook --------------------------------------------------------------------------------------------------


def using(source):
    document = filled()
    by_id(document, "relu")["source"] = source
    return document


HELPED = using("from my_helper import half\ndef relu(x):\n    return half(x)")


@pytest.mark.parametrize("inside", [False, True])
def test_a_module_beside_the_notebook_is_written_by_a_cell_ahead_of_all(tmp_path, master, inside):
    files = {"tiny.ipynb": HELPED, "my_helper.py": "import deeper\ndef half(x): return x / 2", "deeper.py": "y = 1", "unused.py": "z = 1", "data.csv": "1"}
    found = taken(put(tmp_path, **({"a.zip": zipped(**files)} if inside else files)), master)
    assert [one.source for one in found.plan.cells[:2]] == [
        "%%writefile my_helper.py\nimport deeper\ndef half(x): return x / 2",
        "%%writefile deeper.py\ny = 1",
    ]
    assert "my_helper.py lay beside the notebook; it was put there for its cells" in found.plan.notes
    assert found.key != taken(put(tmp_path / "other", **{**files, "my_helper.py": "import deeper"}), master).key


@pytest.mark.parametrize(
    "name", ["torch.py", "numpy.py", "random.py", "conftest.py", "sitecustomize.py", "pytest.py", "autograder.py", "course_tools.py", "math.py"]
)
def test_a_module_does_not_take_the_place_of_one_that_is_there(name, master):
    cells, _ = helper_cells({name: lambda: b"raise SystemExit"}, f"import {name.removesuffix('.py')}", set(master.files))
    assert cells == []


@pytest.mark.parametrize("content", [b"#" * 300_000, b"\0", b"x\0y"])
def test_a_module_that_is_too_large_or_no_text_is_left_out_with_a_note(content):
    cells, notes = helper_cells({"my_helper.py": lambda: content}, "import my_helper", set())
    assert cells == []
    assert notes == ["my_helper.py beside the notebook was left out, since it is too large or no text"]


@pytest.mark.parametrize("name", ["a b.py", "a\nb.py", "-r.py", "a.b.py", "x.PY", "1.py", "a;b.py"])
def test_a_file_whose_name_is_no_modules_is_not_written(name):
    assert helper_cells({name: lambda: b"x"}, f"import {name} a b r", set()) == ([], [])


def test_a_module_is_no_answer_as_long_as_no_cell_uses_it(tmp_path, master):
    document = using(STUB.format("relu") + "\n# see my_helper")
    found = taken(put(tmp_path, **{"tiny.ipynb": document, "my_helper.py": "def relu(x): return x"}), master)
    assert found.plan.blank == {"relu"}


def test_hidden_files_in_the_release_are_no_notebooks(tmp_path):
    master_of(tmp_path, "tiny", released())
    (tmp_path / "tiny" / "._tiny.ipynb").write_bytes(b"\0\5\x16\7")
    assert Master.load("tiny", tmp_path).notebook == "tiny.ipynb"
