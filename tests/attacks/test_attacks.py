"""A wrong answer plus any trick scores what the wrong answer scores, and leaves nothing behind; a right answer that is merely odd scores full."""

import json
import re
from itertools import cycle, groupby

import pytest
import torch
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.judge.reasons import REASONS
from autograder.nbgrader_plugin.intake import set_aside_special_files
from autograder.notebooks.markdown import is_harmless_page
from tests.attacks.conftest import CANARY, Range, read_by_people
from tests.attacks.suite import ATTACKS, CLASSES, ODD, POINTS, TITLES, Attack, table, table_in_the_document

LAST_OF_CLASS = {list(attacks)[-1].id for _, attacks in groupby(ATTACKS, key=lambda attack: attack.number)}
ACTIVE = re.compile(r"<(script|img|svg|iframe|a|object|embed|form)\b", re.IGNORECASE)
MIME = re.compile(r'"((?:text|image|application)/[\w.+-]+)": ')
COMMAND = re.compile(r"^\s*(::|##\[)|\x1b|[\u202a-\u202e\u2066-\u2069]|\r", re.MULTILINE)


@pytest.mark.parametrize("attack", sorted(ATTACKS, key=lambda attack: attack.hangs), ids=lambda attack: attack.id)
def test_a_trick_gains_nothing_and_leaves_nothing(shooting_range: Range, attack: Attack):
    if attack.needs == "cuda" and not torch.cuda.is_available():
        pytest.skip("needs a CUDA device, and there is none")
    processes, descriptors = shooting_range.processes(), shooting_range.descriptors()
    verdict, outcomes = shooting_range.hand_in(attack)
    _check_verdict(attack, verdict, outcomes)
    _check_words(read_by_people(verdict, outcomes, shooting_range.autograded(verdict, outcomes)))
    assert shooting_range.settled(processes) == set()
    assert shooting_range.descriptors() <= descriptors
    assert shooting_range.files_left() == []
    assert shooting_range.ears.heard() == []
    if attack.id in LAST_OF_CLASS or attack.number in (9, 14, 15, 24):
        _check_the_next(shooting_range)


def _check_verdict(attack, verdict, outcomes):
    exercises = {exercise.name: exercise for exercise in verdict.exercises}
    first = exercises[attack.exercise].criteria[0]
    shown = [(e.name, c.reason, c.message) for e in verdict.exercises for c in e.criteria], verdict.about, [(o.reason, o.words, o.outputs) for o in outcomes]
    assert first.reason in attack.reason.split("|"), shown
    assert exercises[attack.exercise].points == attack.must_get, shown
    others = {name: exercises[name].points for name in POINTS if name != attack.exercise}
    if attack.bystanders == "full":
        assert others == {name: POINTS[name] for name in others}, shown
    elif attack.bystanders == "none":
        assert set(others.values()) == {0}, shown
    assert attack.words in str(shown), shown
    assert all(criterion.reason in REASONS for exercise in verdict.exercises for criterion in exercise.criteria)
    if attack.cells != "any":
        assert {outcome.reason for outcome in outcomes} <= {"ok", attack.cells}, shown
        assert attack.cells == "ok" or attack.cells in {outcome.reason for outcome in outcomes}, shown


def _check_words(read):
    for place, text in read.items():
        assert CANARY not in text, place
    for place in ("feedback", "terminal"):
        assert not COMMAND.search(read[place]), read[place]
    assert not ACTIVE.search(read["feedback"]), read["feedback"]
    for page in pages_of(read["notebook"]):
        assert is_harmless_page(page), page
    assert set(MIME.findall(read["outputs"])) <= {"text/plain", "image/png", "image/jpeg"}, read["outputs"]


def pages_of(notebook):
    """The Markdown of a notebook as formgrader and feedback show it."""
    for cell in json.loads(notebook or '{"cells": []}')["cells"]:
        if cell["cell_type"] == "markdown":
            renderer = IPythonRenderer(escape=False, attachments=cell.get("attachments", {}))
            yield MarkdownWithMath(renderer=renderer).render("".join(cell["source"]))


def _check_the_next(place: Range):
    verdict, outcomes = place.hand_in_right()
    assert {exercise.name: exercise.points for exercise in verdict.exercises} == POINTS
    assert outcomes[-1].outputs[0]["text"] == "found: [] 1\n"


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.name)
def test_an_odd_but_right_answer_has_full_points(shooting_range: Range, odd):
    verdict, outcomes = shooting_range.hand_in_odd(odd)
    findings = [(exercise.name, c.title, c.reason, c.message) for exercise in verdict.exercises for c in exercise.criteria if not c.passed]
    assert findings == [], [(outcome.reason, outcome.outputs) for outcome in outcomes]
    assert verdict.points == sum(POINTS.values())


@pytest.mark.parametrize("exercise", POINTS)
def test_the_wrong_answers_without_a_trick_score_what_they_score(shooting_range: Range, exercise):
    plain = Attack(0, "nothing", "", "wrong value", exercise=exercise)
    _check_verdict(plain, *shooting_range.hand_in(plain))


def test_nbgrader_finds_links_and_pipes_set_aside(shooting_range: Range):
    attack = next(attack for attack in ATTACKS if attack.made_by == "links_beside")
    shooting_range.hand_in(attack)
    folder = shooting_range.root / "submitted" / f"s{shooting_range.handed_in}" / "tiny"
    moved = set_aside_special_files(folder, shooting_range.root)
    assert sorted(path.name for path in moved) == ["course_tools.py", "data", "helper.py"]
    assert [path.name for path in folder.iterdir()] == ["tiny.ipynb"]


def test_a_link_that_was_set_aside_leads_nothing_elsewhere_when_its_sender_hands_in_again(tmp_path):
    outside, folder = tmp_path / "outside", tmp_path / "submitted" / "s" / "tiny"
    outside.mkdir()
    folder.mkdir(parents=True)
    (folder / "data").symlink_to(outside)
    set_aside_special_files(folder, tmp_path)
    (folder / "data").mkdir()
    (folder / "data" / "planted").symlink_to("/")
    set_aside_special_files(folder, tmp_path)
    assert list(outside.iterdir()) == []
    assert [path.name for path in folder.rglob("*")] == ["data"]


def test_there_are_attacks_of_every_class():
    assert set(TITLES) == set(CLASSES)
    assert len(ATTACKS) >= 75
    assert len(ODD) >= 10
    assert len({attack.id for attack in ATTACKS}) == len(ATTACKS)


def test_the_table_in_the_document_is_that_of_the_suite():
    assert table_in_the_document() == table(), "run `python -m tests.attacks.suite`"


# -- after all of them ------------------------------------------------------------------------------------------------------

MANY = 200
QUICK = [attack for attack in ATTACKS if attack.number in (1, 2, 4, 5, 6, 7, 9, 13, 14, 17, 24) and not attack.hangs]
GROWTH_BYTES = 12 << 20


def test_after_200_submissions_there_are_as_many_processes_descriptors_mounts_and_files_as_before(shooting_range: Range):
    attacks = cycle(QUICK)
    while shooting_range.handed_in < MANY:  # only when this test is run alone
        shooting_range.hand_in(next(attacks))
    shooting_range.hand_in_right()
    shooting_range.rest()
    assert shooting_range.state() == shooting_range.at_first


def test_from_the_120th_submission_on_the_judge_needs_no_more_memory(shooting_range: Range):
    """By then it has met the largest outputs, for which its heap grows once."""
    early, late = shooting_range.resident[120:130], shooting_range.resident[-10:]
    assert len(shooting_range.resident) >= MANY
    assert min(late) - max(early) < GROWTH_BYTES, " ".join(str(size >> 20) for size in shooting_range.resident)


def test_no_secret_is_in_the_log_of_the_grader(shooting_range: Range):
    log = shooting_range.log.read_text(errors="replace")
    assert CANARY not in log
    assert "Traceback" not in log
