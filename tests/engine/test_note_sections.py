"""Every section of the lecture notes has an exercise or a word why not; every exercise names sections that there are; the table says so."""

import pytest

from tools import note_sections
from tools.note_sections import document, main, names_in, problems, read_notes

DATA = """
[[note]]
number = "000"
title = "One note"
sections = [
    { level = 1, at = "§1", title = "Basics" },
    { level = 2, at = "§1.1", title = "Sums" },
    { level = 3, at = "§1.1.1", title = "Of rows", part = true },
    { level = 2, at = "§1.2", title = "History", reason = "history" },
    { level = 2, at = "§1.3", title = "Products", gap = "a product" },
    { level = 1, at = "§2", title = "Networks", coming = "ps91_later" },
    { level = 2, at = "§2.1", title = "Small ones" },
]
"""
RIGHT = {"ps90_now": {"sums": ["000 §1.1"]}}


@pytest.fixture
def notes(tmp_path):
    """notes(**changes): the notes of DATA, with words in it changed."""

    def read(*changes: tuple[str, str]):
        text = DATA
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "note_sections.toml").write_text(text)
        return read_notes(tmp_path / "note_sections.toml")

    return read


def test_the_notes_the_exercises_and_the_table_agree(capsys):
    status = main(["--check"])
    assert (status, capsys.readouterr().out) == (0, "")


def test_an_old_table_is_found_and_written_anew(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(note_sections, "DOCUMENT", str(tmp_path / "sections.md"))
    assert main(["--check"]) == 1
    assert "is not what the notebooks and docs/note_sections.toml say now: run tools/note_sections.py" in capsys.readouterr().out
    assert (main([]), main(["--check"])) == (0, 0)


def test_a_section_may_be_graded_wait_or_say_why_not(notes):
    read = notes()
    assert list(problems(read, RIGHT)) == []
    text = document(read)
    for row in [
        "Of 4 sections: 1 graded, 1 not graded, 1 without an exercise yet, 1 to come.", "| 000 One note | 4 | 1 | 1 | 1 | 1 |", "| **§1 Basics** |  |",
        "| &emsp;§1.1 Sums | ps90_now `sums` |", "| &emsp;&emsp;§1.1.1 Of rows | *part of the section above* |",
        "| &emsp;§1.2 History | *not graded: history* |",
        "| &emsp;§1.3 Products | **without an exercise yet**: a product |", "| **§2 Networks** | *to come: ps91_later* |", "| &emsp;§2.1 Small ones |  |",
    ]:  # fmt: skip
        assert row in text


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], 'ps90_now, products: no lines "Notes: …" in its Markdown'),
        (["000 §1.1", "000 §1.1"], 'ps90_now, products: 2 lines "Notes: …" in its Markdown'),
        (["?"], 'ps90_now, products: "Notes: ?" names no section yet'),
        (["000 §1.11"], "ps90_now, products: there is no section '000 §1.11' in docs/note_sections.toml; did you mean '000 §1.1.1'?"),
        (["000 §1.1 · 000 §1.1"], "ps90_now, products: names 000 §1.1 twice"),
        (["000 §1"], "ps90_now, products: names whole chapters only; name a section in one of them"),
        (["000 §1.1 · 000 §1.1.1 · 000 §1 · 000 §1.2 · 000 §2"], "ps90_now, products: names 5 sections; choose the 4 that say most about it"),
        (["000 §1.2"], "000 §1.2: is said not to be graded (reason = 'history'), and ps90_now, products names it: take the reason out"),
        (["000 §1.3"], "000 §1.3: is said to be without an exercise yet (gap = 'a product'), and ps90_now, products names it: take the gap out"),
    ],
)
def test_what_an_exercise_names_wrongly_is_said(notes, lines, words):
    found = list(problems(notes(), {"ps90_now": {**RIGHT["ps90_now"], "products": lines}}))
    assert any(words in sentence for sentence in found)


def test_a_section_without_an_exercise_is_a_hole_and_naming_a_part_is_enough(notes):
    assert list(problems(notes(), {"ps90_now": {"sums": ["000 §1.1.1"]}})) == []
    found = list(problems(notes((', reason = "history"', "")), RIGHT))
    assert found == ["000 §1.2: no exercise names it, and docs/note_sections.toml does not say why"]


def test_sections_wait_for_an_assignment_until_its_exercises_name_theirs(notes):
    assert list(problems(notes(), {**RIGHT, "ps91_later": {"small": [], "large": []}})) == []
    found = list(problems(notes(), {**RIGHT, "ps91_later": {"small": ["000 §1.1"], "large": []}}))
    assert [sentence.partition(":")[0] for sentence in found] == ["ps91_later, large", "000 §2"]


@pytest.mark.parametrize(
    ("change", "words"),
    [(("§1.2", "§1.1"), "000 §1.1 stands there twice"), (('gap = "a', 'reason = "no", gap = "a'), "000 §1.3 has more than one of reason, gap and coming")],
)
def test_a_data_file_that_contradicts_itself_is_refused(notes, change, words):
    with pytest.raises(ValueError, match=words):
        notes(change)


def test_lines_are_found_in_the_markdown_above_the_solution_only():
    cell = '# %% nbgrader={{"grade": {}, "grade_id": "{}", "locked": false, "solution": {}}}\n# Notes: no prose\n'
    text = "# %% [markdown]\n# Notes: 000 §1.1\n" + cell.format("false", "sums", "true") + cell.format("true", "test_sums", "false")
    text += "# %% [markdown]\n# Notes of a lecture\n" + cell.format("false", "rows_1", "true") + cell.format("true", "test_rows_1", "false")
    assert names_in(text) == {"sums": ["000 §1.1"], "rows_1": []}
