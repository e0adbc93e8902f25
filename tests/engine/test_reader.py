"""Any file a student may send is read, repaired with a note, or refused with a sentence."""

import copy
import json
import os
import socket

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.notebooks import reader
from autograder.notebooks.additions import additions
from autograder.notebooks.assemble import assemble
from autograder.notebooks.master import Master
from autograder.notebooks.plan import Plan
from autograder.notebooks.reader import Unreadable, make_plan, read_file

STUB = 'def {}(x):\n    """Doc."""\n    # YOUR CODE HERE\n    raise NotImplementedError()'
ANSWER = "def {}(x):\n    return x"


def cell(source, grade_id=None, *, kind="code", grade=False, solution=False, locked=True, points=0, **metadata):
    record = {"grade_id": grade_id, "grade": grade, "solution": solution, "locked": locked, "points": points, "schema_version": 3, "task": False}
    parts = {"cell_type": kind, "metadata": {**({"nbgrader": record} if grade_id else {}), **metadata}, "source": source}
    return {**parts, "outputs": [], "execution_count": None} if kind == "code" else parts


def released(exercises=("relu", "scale"), title="Tiny"):
    """The release notebook of a small assignment."""
    cells = [cell(f"# {title}", kind="markdown"), cell("import math", "setup")]
    for name in exercises:
        cells += [cell(STUB.format(name), name, solution=True, locked=False), cell(f"assert {name}", f"test_{name}", grade=True, points=50)]
    cells += [cell("YOUR ANSWER HERE", "written", kind="markdown", grade=True, solution=True, locked=False), cell("draw()", "demo", active="ipynb")]
    numbered = [{**one, "id": f"c{number}"} for number, one in enumerate(cells)]
    return {"cells": numbered, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def master_of(folder, name, document):
    (folder / name).mkdir(parents=True)
    (folder / name / f"{name}.ipynb").write_text(json.dumps(document))
    return Master.load(name, folder)


@pytest.fixture(scope="module")
def master(tmp_path_factory) -> Master:
    return master_of(tmp_path_factory.mktemp("release"), "tiny", released())


def filled(document=None):
    """The release with both answers written."""
    document = copy.deepcopy(document or released())
    for one in document["cells"]:
        record = one["metadata"].get("nbgrader", {})
        if record.get("solution") and not record["grade"]:
            one["source"] = ANSWER.format(record["grade_id"])
    return document


def by_id(document, grade_id):
    return next(one for one in document["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def plan(master, document) -> Plan:
    return make_plan(master, json.dumps(document).encode(), "tiny.ipynb")


def planned(master, document):
    return [(one.grade_id, one.source) for one in plan(master, document).cells]


USUAL = [("setup", "import math"), ("relu", ANSWER.format("relu")), ("scale", ANSWER.format("scale"))]


# -- laying answers on the master ------------------------------------------------------------------------------------------


def test_a_plain_notebook_is_run_without_checks_and_demos_and_without_notes(master):
    assert planned(master, filled()) == USUAL
    assert plan(master, filled()).notes == []


@pytest.mark.parametrize(
    ("grade_id", "source"),
    [("setup", ""), ("setup", "# import math"), ("test_relu", "pass"), ("test_relu", "print(relu(1))"), ("demo", "hack()"), ("demo", "draw(epochs=50)")],
)
def test_a_locked_cell_is_taken_from_the_master(master, grade_id, source):
    document = filled()
    by_id(document, grade_id)["source"] = source
    assert planned(master, document) == USUAL
    assert plan(master, document).notes == []


def test_edited_points_and_locks_count_for_nothing(master):
    document = filled()
    for one in document["cells"]:
        one["metadata"].get("nbgrader", {}).update(points=1000, locked=False, solution=True, grade=False)
    assert planned(master, document) == USUAL
    assert master.exercises == {"relu": 50, "scale": 50}


def test_a_deleted_cell_is_absent_with_a_note(master):
    document = filled()
    document["cells"].remove(by_id(document, "relu"))
    found = plan(master, document)
    assert found.absent == {"relu"}
    assert found.notes == ["the cell relu is not in the notebook"]
    assert [one.grade_id for one in found.cells] == ["setup", "scale"]


def test_deleted_locked_cells_are_put_back(master):
    document = filled()
    document["cells"] = [one for one in document["cells"] if not one["metadata"].get("nbgrader", {}).get("locked")]
    assert planned(master, document) == USUAL


def test_reordered_cells_run_in_the_order_of_the_assignment_with_a_note(master):
    document = filled()
    document["cells"].reverse()
    assert planned(master, document) == USUAL
    assert plan(master, document).notes == ["the cells were not in their order; they were run in the order of the assignment"]


def test_of_two_cells_with_one_id_those_that_were_filled_in_run_in_their_order(master):
    document = filled()
    place = document["cells"].index(by_id(document, "relu"))
    for source in (STUB.format("relu"), "def relu(x):\n    return 2 * x"):
        document["cells"].insert(place + 1, {**by_id(document, "relu"), "source": source})
    found = plan(master, document)
    assert [one.source for one in found.cells if one.grade_id == "relu"] == [ANSWER.format("relu"), "def relu(x):\n    return 2 * x"]
    assert found.notes == ["there are 3 cells relu; those that were filled in were run in their order"]
    assert found.blank == set()


def test_copies_of_an_answer_run_where_they_stand_behind_the_first(master):
    document = filled()
    document["cells"] += [cell("y = scale(1)"), {**by_id(document, "relu"), "source": "def relu(x):\n    return y"}]
    assert planned(master, document) == [*USUAL, (None, "y = scale(1)"), ("relu", "def relu(x):\n    return y")]


def test_a_cell_with_another_name_is_known_by_what_it_defines(master):
    document = filled()
    by_id(document, "relu")["metadata"]["nbgrader"]["grade_id"] = "my_relu"
    assert planned(master, document) == USUAL


def without_metadata(document):
    for one in document["cells"]:
        one["metadata"] = {}
    return document


def test_a_notebook_without_any_metadata_is_known_by_its_texts_and_what_it_defines(master):
    document = without_metadata(filled())
    assert planned(master, document) == USUAL
    assert plan(master, document).notes == ["the cells have lost the names that the course gave them; they were found by what is in them"]


def test_without_metadata_own_cells_edited_cells_and_words_are_told_apart(master):
    document = filled()
    by_id(document, "setup")["source"] = "import os\nimport math"
    by_id(document, "test_scale")["source"] = "assert scale\nprint(scale(3))"
    by_id(document, "written")["source"] = "Because."
    document["cells"].insert(2, cell("half = 0.5"))
    found = plan(master, without_metadata(document))
    assert [(one.grade_id, one.source) for one in found.cells] == [(None, "import os"), USUAL[0], (None, "half = 0.5"), *USUAL[1:]]
    assert found.written["written"]["source"] == "Because."


@pytest.mark.parametrize("blank", ["relu", "scale"])
def test_without_metadata_a_stub_is_blank_and_the_other_answer_is_found(master, blank):
    document = filled()
    by_id(document, blank)["source"] = STUB.format(blank)
    assert plan(master, without_metadata(document)).blank == {blank}


# -- answers in other cells ------------------------------------------------------------------------------------------------


def split(document, grade_id, *sources, labelled):
    """The cell in several; those of `labelled` keep the metadata, as the programs that split cells differ in that."""
    place = document["cells"].index(by_id(document, grade_id))
    whole = document["cells"].pop(place)
    parts = [{**whole, "source": source} if number in labelled else cell(source) for number, source in enumerate(sources)]
    document["cells"][place:place] = parts
    return document


HELPER, USES = "def half(x):\n    return x / 2", "def relu(x):\n    return half(x)"


@pytest.mark.parametrize("labelled", [{0}, {1}, {0, 1}, set()], ids=str)
def test_a_cell_that_was_split_runs_whole_and_in_order(master, labelled):
    found = plan(master, split(filled(), "relu", HELPER, USES, labelled=labelled))
    assert [one.source for one in found.cells] == ["import math", HELPER, USES, ANSWER.format("scale")]
    assert found.blank == set()


@pytest.mark.parametrize("place", [0, 2, 4, 6, 8])
@pytest.mark.parametrize("source", ["def relu(x):\n    return 1", "relu = abs", "class relu: pass", "from helper import relu", "if math:\n    relu = abs"])
def test_an_answer_in_a_cell_of_its_own_counts_while_its_cell_is_as_it_was_handed_out(master, source, place):
    document = filled()
    by_id(document, "relu")["source"] = STUB.format("relu")
    document["cells"].insert(place, cell(source))
    found = plan(master, document)
    assert found.blank == set()
    assert sorted(one.source for one in found.cells) == sorted(["import math", source, ANSWER.format("scale")])
    assert found.notes == ["relu was taken from another cell than its own, which holds no answer"]


@pytest.mark.parametrize("source", [STUB.format("relu"), "print('relu')", "def other():\n    relu = 1", "y = [relu for relu in (1, 2)]", "relu(1)"])
def test_a_cell_that_defines_no_answer_does_not_make_the_stub_one(master, source):
    document = filled()
    by_id(document, "relu")["source"] = STUB.format("relu")
    document["cells"].insert(2, cell(source))
    assert plan(master, document).blank == {"relu"}


@pytest.mark.parametrize("target", ["setup", "test_relu", "scale", "demo"])
def test_an_answer_merged_into_another_cell_counts(master, target):
    document = filled()
    document["cells"].remove(by_id(document, "relu"))
    by_id(document, target)["source"] = ANSWER.format("relu") + "\n\n" + by_id(document, target)["source"]
    found = plan(master, document)
    assert ANSWER.format("relu") in "\n".join(one.source for one in found.cells)
    assert "relu was taken from another cell than its own, which holds no answer" in found.notes


def test_stubs_merged_into_a_locked_cell_are_no_answer(master):
    document = filled()
    document["cells"].remove(by_id(document, "relu"))
    by_id(document, "setup")["source"] += "\n\n" + STUB.format("relu")
    assert planned(master, document) == [USUAL[0], USUAL[2]]


# -- locked cells -------------------------------------------------------------------------------------------------------------

LOCKED = "import math\nlr = 0.1\ndef course(x):\n    return x\nassert lr"
ADDED = [
    ("import os\n" + LOCKED, "import os", ""),
    (LOCKED + "\nimport os", "", "import os"),
    (LOCKED.replace("lr = 0.1", "lr = 0.1; import os; y = 1"), "", "import os\ny = 1"),
    ("import os\n" + LOCKED + "\ny = 2", "import os", "y = 2"),
    ("import math, os\n" + LOCKED.partition("\n")[2], "import math, os", ""),
    ("import os", "", "import os"),
    ("%matplotlib inline\n" + LOCKED, "%matplotlib inline", ""),
    ("!pip install x\nimport os\n" + LOCKED, "!pip install x\nimport os", ""),
    ("%%time\n" + LOCKED + "\nimport os", "", "import os"),
    ("@wraps\ndef own():\n    pass\n" + LOCKED, "@wraps\ndef own():\n    pass", ""),
    (LOCKED + "\nfor i in range(3):\n    print(i)", "", "for i in range(3):\n    print(i)"),
    (LOCKED.replace("\n", "\r\n") + "\r\nimport os", "", "import os"),
    (LOCKED + "\nx = 'é'; z = 2", "", "x = 'é'\nz = 2"),
    (LOCKED + "\n# only words", "", ""),
    (LOCKED.replace("0.1", "0.5"), "", ""),
    (LOCKED.replace("return x", "return 2 * x"), "", ""),
    (LOCKED.replace("assert lr", "pass"), "", ""),
    ("lr = 0.1", "", ""),
    ("import os\n" + LOCKED + "\nprint(", "import os", ""),
    (LOCKED + "\nimport os\nprint(", "", ""),
    ("", "", ""),
]


@pytest.mark.parametrize(("source", "before", "after"), ADDED)
def test_what_a_locked_cell_of_the_courses_has_more_than_the_masters_is_run_beside_it(source, before, after):
    added = additions(LOCKED, source, is_run=True)
    assert (added.before, added.after) == (before, after)


@pytest.mark.parametrize(("source", "left_out"), [(LOCKED.replace("0.1", "0.5"), 1), ("def course(x): return 1\nlr = 2\n" + LOCKED, 2), (LOCKED, 0), ("", 0)])
def test_what_was_changed_in_a_locked_cell_is_counted(source, left_out):
    assert additions(LOCKED, source, is_run=True).left_out == left_out


CHECK = "draw(5)\nepochs = 3\nassert relu(1) == 1"
ADDED_TO_A_CHECK = [
    ("import os", "import os"),
    ("def half(x):\n    return x / 2", "def half(x):\n    return x / 2"),
    ("class A:\n    pass", "class A:\n    pass"),
    ("eps, n = 1e-5, 3", "eps, n = 1e-5, 3"),
    ("relu = lambda x: max(x, 0)", "relu = lambda x: max(x, 0)"),
    ("try:\n    import einops\nexcept ImportError:\n    einops = None", "try:\n    import einops\nexcept ImportError:\n    einops = None"),
    ("draw(50)", ""),
    ("epochs = 300", ""),
    ("net = train(300)", ""),
    ("squares = [i for i in range(10 ** 9)]", ""),
    ("while True: pass", ""),
    ("if train(): import os", ""),
    ("torch.relu = None", ""),
    ("x[0] = 1", ""),
    ("!ls", ""),
]


@pytest.mark.parametrize(("source", "run"), ADDED_TO_A_CHECK)
@pytest.mark.parametrize("below", [False, True])
def test_of_what_was_added_to_a_check_or_a_demo_only_definitions_are_run(source, run, below):
    added = additions(CHECK, f"{CHECK}\n{source}" if below else f"{source}\n{CHECK}", is_run=False)
    assert (added.before, added.after) == (("", run) if below else (run, ""))


@pytest.mark.parametrize("grade_id", ["setup", "test_relu", "demo"])
@pytest.mark.parametrize("lines", [["import os"], ["import os", "def half(x): return x / 2"]])
def test_an_addition_to_a_locked_cell_is_run_at_its_place_with_a_note(master, grade_id, lines):
    document = filled()
    by_id(document, grade_id)["source"] = "\n".join([*lines, by_id(document, grade_id)["source"]])
    found = plan(master, document)
    assert [one for one in found.cells if one.grade_id is None] == [one for one in found.cells if one.source == "\n".join(lines)]
    order = [one.source for one in found.cells]
    place = {"setup": 0, "test_relu": 2, "demo": 3}[grade_id]
    assert order.index("\n".join(lines)) == place
    assert len(found.notes) == 1
    assert found.notes[0].startswith(f"the cell {grade_id} is locked; {'a statement' if len(lines) == 1 else '2 statements'} added to it")


@pytest.mark.parametrize("source", ["(" * 3000, "a;" * 5_000, "'" * 9999, "\0", "@" * 500, "%" * 1000, "x = " + "-" * 50_000 + "1", "if 1:\n" * 90])
def test_a_locked_cell_full_of_anything_is_read_in_time(master, source):
    document = filled()
    for grade_id in ("setup", "test_relu", "demo"):
        by_id(document, grade_id)["source"] = source
    assert [one for one in planned(master, document) if one[0]] == USUAL


@pytest.mark.parametrize("kind", ["markdown", "raw", "heading"])
def test_an_answer_in_a_cell_of_another_type_is_run_as_code_with_a_note(master, kind):
    document = filled()
    by_id(document, "relu")["cell_type"] = kind
    assert planned(master, document) == USUAL
    assert "run as code" in plan(master, document).notes[0]


def test_the_students_own_cells_run_after_the_known_cell_before_them(master):
    document = filled()
    document["cells"].insert(0, cell("first = 0"))
    place = document["cells"].index(by_id(document, "relu"))
    document["cells"].insert(place + 1, cell("def helper(): pass"))
    document["cells"].insert(place + 1, cell("a note", kind="markdown"))
    document["cells"].append(cell("last = 1"))
    assert planned(master, document) == [(None, "first = 0"), *USUAL[:2], (None, "def helper(): pass"), USUAL[2], (None, "last = 1")]


BLANKS = [
    STUB.format("relu"),
    STUB.format("relu") + "\n\n",
    STUB.format("relu").replace("# YOUR CODE HERE", "# I do not know\n"),
    "\n" + STUB.format("relu").replace("    ", "  "),
]


@pytest.mark.parametrize("source", BLANKS)
def test_an_answer_that_only_differs_in_layout_or_comments_from_the_stub_is_blank(master, source):
    document = filled()
    by_id(document, "relu")["source"] = source
    assert plan(master, document).blank == {"relu"}


@pytest.mark.parametrize("source", ["", "def broken(:", "x = " + "(" * 5000, "-" * 100_000 + "1", "a" * 300_000, "[" * 90_000, "\0", "'" + "\\ud800" + "'"])
def test_an_answer_that_does_not_parse_is_an_answer(master, source):
    document = filled()
    by_id(document, "relu")["source"] = source
    assert plan(master, document).blank == set()


def test_a_source_stored_as_lines_is_joined(master):
    document = filled()
    for one in document["cells"]:
        one["source"] = one["source"].splitlines(keepends=True)
    assert planned(master, document) == USUAL


def test_an_oversized_cell_is_left_out_with_a_note(master):
    document = filled()
    document["cells"].append(cell("#" * (reader.MAX_CELL_CHARS + 1)))
    assert planned(master, document) == USUAL
    assert "was left out" in plan(master, document).notes[0]


def test_no_more_code_is_read_than_people_write(master):
    document = filled()
    document["cells"] += [cell("x = 1\n" * 60_000) for _ in range(6)]
    found = plan(master, document)
    assert sum(len(one.source) for one in found.cells) <= reader.MAX_CODE_CHARS
    assert found.notes == ["a cell of 360,000 characters was left out"]


def test_written_answers_are_kept_with_their_attachments(master):
    document = filled()
    by_id(document, "written").update(source="Because.", attachments={"a.png": {"image/png": "aaaa"}})
    assert plan(master, document).written == {"written": {"source": "Because.", "attachments": {"a.png": {"image/png": "aaaa"}}}}


WRITTEN_AT = 6


@pytest.mark.parametrize("kind", ["markdown", "raw"])
@pytest.mark.parametrize("place", [WRITTEN_AT, WRITTEN_AT + 1])
@pytest.mark.parametrize("own", ["YOUR ANSWER HERE", None, "deleted"])
def test_an_answer_beside_its_question_is_its_answer(master, kind, place, own):
    document = filled()
    document["cells"].insert(place, cell("Because.", kind=kind))
    if own == "deleted":
        document["cells"].remove(by_id(document, "written"))
    found = plan(master, document)
    assert found.written == {"written": {"source": "Because.", "attachments": None}}
    assert found.notes == ["the answer to written stood in a cell of its own"]
    assert (found.texts, found.elsewhere) == ([], set())


def test_an_answer_in_two_cells_is_joined_and_its_pictures_are_told_apart(master):
    document = filled()
    one, other = ({"a.png": {"image/png": data}} for data in ("aaaa", "bbbb"))
    by_id(document, "written").update(source="First ![](attachment:a.png)", attachments=one)
    second = {**by_id(document, "written"), "source": "Second ![](attachment:a.png)", "attachments": other}
    document["cells"].insert(WRITTEN_AT + 1, second)
    assert plan(master, document).written["written"] == {
        "source": "First ![](attachment:a.png)\n\nSecond ![](attachment:1-a.png)",
        "attachments": {"a.png": {"image/png": "aaaa"}, "1-a.png": {"image/png": "bbbb"}},
    }


def test_an_answer_written_below_the_text_of_the_question_is_its_answer(tmp_path):
    question = cell("# Why?\n\nSay it in your own words.", kind="markdown")
    document = filled()
    document["cells"].insert(WRITTEN_AT, question)
    master = master_of(tmp_path, "asked", document)
    sent = copy.deepcopy(document)
    sent["cells"][WRITTEN_AT]["source"] += "\n\nBecause."
    assert plan(master, sent).written["written"]["source"] == "Because."


@pytest.mark.parametrize(
    ("place", "own"), [(0, cell("Because.", kind="markdown")), (4, cell("Because.", kind="markdown")), (WRITTEN_AT + 1, cell("# Because."))]
)
def test_a_question_without_an_answer_goes_to_a_person_when_the_answer_may_be_elsewhere(master, place, own):
    document = filled()
    document["cells"].insert(place, own)
    found = plan(master, document)
    assert found.elsewhere == {"written"}
    assert found.written == {}


@pytest.mark.parametrize("own", [cell("## My cells", kind="markdown"), cell("# Tiny", kind="markdown"), cell("x = 1"), cell(" ", kind="markdown")])
def test_a_question_without_an_answer_and_without_text_elsewhere_needs_nobody(master, own):
    document = filled()
    document["cells"].insert(2, own)
    assert plan(master, document).elsewhere == set()


def test_text_between_the_cells_keeps_its_place(master):
    document = filled()
    by_id(document, "written")["source"] = "Because."
    document["cells"][2:2] = [cell("one", kind="markdown"), cell("x = 1"), cell("two", kind="raw")]
    document["cells"].append(cell("three", kind="markdown"))
    whole = assemble(released(), plan(master, document))["cells"]
    assert [one["source"] for one in whole[1:6]] == ["import math", "one", "x = 1", "two", ANSWER.format("relu")]
    assert (whole[-1]["cell_type"], whole[-1]["source"]) == ("markdown", "three")
    assert all("nbgrader" not in whole[number]["metadata"] for number in (2, 3, 4, -1))


def test_a_cell_left_free_by_the_course_runs_as_the_student_has_it(tmp_path):
    document = filled()
    document["cells"].insert(2, {**cell("mine = 0"), "metadata": {}})
    master = master_of(tmp_path, "free", document)
    assert planned(master, document)[1] == (None, "mine = 0")
    changed = copy.deepcopy(document)
    changed["cells"][2]["source"] = "mine = 1"
    assert planned(master, changed)[1] == (None, "mine = 1")


def test_a_strange_cell_type_does_not_reach_the_notes(master):
    document = filled()
    by_id(document, "relu")["cell_type"] = "\x1b[31m<script>" + "x" * 10_000
    assert all(note.isprintable() and "<script>" not in note and len(note) < 300 for note in plan(master, document).notes)


def test_text_that_is_not_unicode_is_repaired_so_that_it_can_be_written_again(master):
    data = json.dumps(filled()).replace("return x", "return '\\ud800'").encode()
    found = make_plan(master, data, "tiny.ipynb")
    nbformat.writes(nbformat.from_dict(assemble(released(), found))).encode()


# -- encodings and formats ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_another_encoding_is_read_with_a_note(master, encoding):
    document = filled()
    document["cells"].append(cell("print('交叉熵')"))
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    found = make_plan(master, mark + json.dumps(document, ensure_ascii=False).encode(encoding), "tiny.ipynb")
    assert found.cells[-1].source == "print('交叉熵')"
    assert "plain UTF-8" in found.notes[0]


def test_latin_1_is_read_with_a_note(master):
    document = filled()
    document["cells"].append(cell("# été"))
    found = make_plan(master, json.dumps(document, ensure_ascii=False).encode("latin-1"), "tiny.ipynb")
    assert found.cells[-1].source == "# été"
    assert found.notes == ["the file is not UTF-8; it was read as Latin-1"]


def test_notebook_format_3_is_read_with_a_note(master):
    old = [{**one, "input": one["source"], "source": ""} if one["cell_type"] == "code" else one for one in filled()["cells"]]
    document = {"worksheets": [{"cells": old[:3]}, {"cells": old[3:]}], "metadata": {}, "nbformat": 3}
    assert planned(master, document) == USUAL
    assert "old format 3" in plan(master, document).notes[0]


@pytest.mark.parametrize("fields", [{"nbformat": 99}, {"nbformat_minor": 99}, {"nbformat": "x"}, {"metadata": {"kernelspec": {"name": "ir"}}}])
def test_an_unknown_minor_version_or_kernel_does_not_matter(master, fields):
    assert planned(master, {**filled(), **fields}) == USUAL


@pytest.mark.parametrize("odd", [None, 3, "text", [], [[]], {"source": 7}, {"metadata": 5}, {"metadata": {"nbgrader": 5}}, {"cell_type": None, "source": None}])
def test_entries_that_are_no_cells_do_no_harm(master, odd):
    document = filled()
    document["cells"].insert(2, odd)
    assert [pair for pair in planned(master, document) if pair[0]] == USUAL


# -- refused -------------------------------------------------------------------------------------------------------------------

GOOD = json.dumps(filled()).encode()
BROKEN = {
    "it is empty": b"",
    "it is empty ": b" \n ",
    "its JSON is broken at line 1": GOOD[:-40],
    "its JSON is broken": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "its JSON is broken at line 2": b'{"cells":\n[}',
    "its JSON is nested too deeply": b'{"cells":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "its JSON is not an object": b"[]",
    "it has no list of cells": b'{"cells": 5}',
    "it has no list of cells ": b"{}",
    "it has 5,001 cells": json.dumps({"cells": [{}] * 5001}).encode(),
}


@pytest.mark.parametrize("words", BROKEN)
def test_what_is_no_notebook_is_refused_with_what_is_wrong_and_what_to_do(master, words):
    with pytest.raises(Unreadable, match=r"tiny.ipynb is not a notebook: .* hand in again") as refused:
        make_plan(master, BROKEN[words], "tiny.ipynb")
    assert words.strip() in str(refused.value)


def test_a_notebook_cut_off_anywhere_is_refused(master):
    for length in range(0, len(GOOD) - 1, 37):
        with pytest.raises(Unreadable):
            make_plan(master, GOOD[:length], "tiny.ipynb")


def test_another_assignments_notebook_is_refused_with_its_name(master, tmp_path):
    other = released(["gelu"])
    others = {"tiny": master, "other": master_of(tmp_path, "other", other)}
    document = {**other, "cells": [one for one in other["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") in ("gelu", "test_gelu")]}
    with pytest.raises(Unreadable, match="holds no cell of the assignment tiny; it looks like other: was another notebook handed in"):
        make_plan(master, json.dumps(document).encode(), "tiny.ipynb", others)


def test_a_notebook_of_nothing_known_is_refused(master):
    with pytest.raises(Unreadable, match="holds no cell of the assignment tiny: was another notebook handed in"):
        plan(master, {"cells": [cell("x = 1")]})


# -- files ---------------------------------------------------------------------------------------------------------------------


def test_a_regular_file_is_read(tmp_path):
    (tmp_path / "a.ipynb").write_bytes(GOOD)
    assert read_file(tmp_path / "a.ipynb") == GOOD


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(Unreadable, match=r"there is no notebook a.ipynb"):
        read_file(tmp_path / "a.ipynb")


@pytest.mark.parametrize("kind", ["fifo", "symlink", "broken link", "folder", "socket", "device"])
def test_what_is_not_a_regular_file_is_refused_at_once(tmp_path, kind):
    path = tmp_path / "a.ipynb"
    match kind:
        case "fifo":
            os.mkfifo(path)
        case "symlink":
            (tmp_path / "target").write_bytes(GOOD)
            path.symlink_to(tmp_path / "target")
        case "broken link":
            path.symlink_to("nowhere")
        case "folder":
            path.mkdir()
        case "socket":
            socket.socket(socket.AF_UNIX).bind(str(path))
        case "device":
            path = type(path)("/dev/zero")
    with pytest.raises(Unreadable, match="is not a regular file"):
        read_file(path)


def test_a_file_that_is_too_large_is_refused_without_being_read(tmp_path):
    path = tmp_path / "a.ipynb"
    with path.open("wb") as file:
        file.truncate(3 << 30)
    with pytest.raises(Unreadable, match="has 3,072 MB, more than 64 MB: clear its outputs"):
        read_file(path)


def test_a_file_name_cannot_write_control_characters_into_the_sentence(tmp_path):
    with pytest.raises(Unreadable) as refused:
        read_file(tmp_path / "a\n::error::\x1b[2J.ipynb")
    assert str(refused.value).isprintable()


# -- fuzz ------------------------------------------------------------------------------------------------------------------------

FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
ids = st.sampled_from(["setup", "relu", "scale", "test_relu", "written", "demo", "other"]) | json_values
odd_cells = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw"]) | json_values,
        "metadata": st.fixed_dictionaries({}, optional={"nbgrader": st.fixed_dictionaries({}, optional={"grade_id": ids}) | json_values}) | json_values,
        "source": st.text(max_size=20) | st.lists(st.text(max_size=5) | json_values, max_size=3) | json_values,
        "input": json_values,
        "attachments": json_values,
    },
)
odd_notebooks = st.fixed_dictionaries({}, optional={"cells": st.lists(odd_cells | json_values, max_size=6) | json_values, "worksheets": json_values})


def planned_or_refused(master, data):
    try:
        found = make_plan(master, data, "tiny.ipynb")
    except Unreadable as refused:
        return str(refused)
    document = assemble(released(), found)
    nbformat.writes(nbformat.from_dict(document)).encode()
    return " ".join(found.notes)


@FUZZ
@given(st.binary(max_size=300))
def test_random_bytes_are_refused(master, data):
    planned_or_refused(master, data)


@settings(FUZZ, max_examples=300)
@given(odd_notebooks)
def test_a_document_of_any_shape_is_planned_or_refused_in_printable_words(master, document):
    assert planned_or_refused(master, json.dumps(document).encode()).isprintable()


@settings(FUZZ, max_examples=300)
@given(
    st.lists(
        st.tuples(st.integers(0, len(GOOD) - 1), st.sampled_from(["delete", "insert", "double"]), st.binary(min_size=1, max_size=4)),
        min_size=1,
        max_size=4,
    )
)
def test_a_notebook_with_changed_bytes_is_planned_or_refused(master, changes):
    data = bytearray(GOOD)
    for place, change, extra in changes:
        place = min(place, len(data))
        if change == "delete":
            del data[place : place + 3]
        else:
            data[place:place] = extra if change == "insert" else data[place : place + 200]
    planned_or_refused(master, bytes(data))
