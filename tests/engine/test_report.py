"""`autograder report`: mistakes, who needs help, trend and changes by hand, and a page that needs nothing, runs nothing and holds no markup of a student's."""

import json
import os
import re
import shutil
import subprocess
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from autograder.judge.criteria import Criterion
from autograder.judge.reasons import REASONS, Finding
from autograder.judge.verdict import CriterionResult, ExerciseResult, Verdict
from autograder.pytest_plugin.loop import _JudgeLoop
from autograder.reports import class_statistics as statistics
from autograder.reports.class_charts import KINDS, class_trend, histogram, outcome_bar, score_counts, sparkline
from autograder.reports.class_report import MOST_BYTES, Page, ReportPart, class_report
from autograder.reports.class_verdicts import ClassVerdicts, load_class, without_exercises
from autograder.reports.last_report import Changes, NoRecord, compared, keep_record, state_of
from autograder.reports.mistakes import mistakes_of
from autograder.reports.page_pieces import People
from autograder.reports.standing import AssignmentShares, is_asked_of_all, standings
from autograder.runs.verdicts import save_verdict

SCRIPT = "</script><script>document.title='pwned'</script><img src=x onerror=\"document.title='pwned'\"><a href='javascript:1'>x</a>"
EXERCISES = {"relu": (60, ["values", "unchanged"]), "Scale": (40, ["factor", "gradients"]), "loss": (10, ["mean"])}


def verdict(wrong: dict[str, str] | None = None, every: str = "", seconds: float = 1.0, message: str = "off by one") -> Verdict:
    """wrong: "exercise.criterion" → reason; every: the reason of all criteria."""
    wrong = wrong or {}
    exercises = []
    for name, (points, titles) in EXERCISES.items():
        reasons = [every or wrong.get(f"{name}.{title}", "passed") for title in titles]
        criteria = [CriterionResult(t, 1, r == "passed", r, "" if r == "passed" else message) for t, r in zip(titles, reasons, strict=True)]
        exercises.append(ExerciseResult(name, points, criteria))
    return Verdict("ps90_tiny", "tiny.ipynb", exercises, ["bwrap", "net"], seconds)


@pytest.fixture
def found() -> ClassVerdicts:
    """Eight submissions. Who fails relu fails the factor too; loss goes against the rest; one is blank, one unreadable."""
    both = {"relu.values": "wrong shape", "Scale.factor": "wrong value"}
    return ClassVerdicts(
        "ps90_tiny",
        {
            "a": verdict({"loss.mean": "wrong value"}), "b": verdict({"loss.mean": "wrong value"}), "c": verdict({"loss.mean": "timeout"}, seconds=9),
            "d": verdict(both), "e": verdict(both | {"relu.unchanged": "crashed"}), "f": verdict(both),
            "g": verdict(every="not attempted"), "h": verdict(every="unreadable"),
        },
    )  # fmt: skip


# -- statistics ---------------------------------------------------------------------------------------------------------------


def test_blank_and_unreadable_submissions_say_nothing_about_exercises(found):
    assert list(statistics.worked_on(found)) == list("abcdef")
    assert list(statistics.percents(found)) == pytest.approx([points / 1.1 for points in (100, 100, 100, 60, 30, 60, 0, 0)])


def test_difficulty_and_discrimination_are_those_of_a_calculation_by_hand(found):
    relu, scale, loss = statistics.exercise_statistics(found)
    points = {"relu": [60, 60, 60, 30, 0, 30], "Scale": [40, 40, 40, 20, 20, 20], "loss": [0, 0, 0, 10, 10, 10]}
    for item, name in ((relu, "relu"), (scale, "Scale"), (loss, "loss")):
        rest = np.sum([points[other] for other in points if other != name], axis=0)
        assert item.difficulty == pytest.approx(np.mean(points[name]) / EXERCISES[name][0])
        assert item.discrimination == pytest.approx(np.corrcoef(points[name], rest)[0, 1])
    assert loss.discrimination < -0.9 < 0.5 < scale.discrimination
    assert (relu.full, relu.none, relu.idle) == (3, 1, 0)


def test_reliability_is_one_when_exercises_agree_and_none_when_it_is_undefined():
    same = ClassVerdicts("ps", {str(i): verdict(every="passed" if i % 2 else "wrong value") for i in range(6)})
    points = np.array([[60, 40, 10] if i % 2 else [0, 0, 0] for i in range(6)])
    alpha = 3 / 2 * (1 - points.var(axis=0, ddof=1).sum() / points.sum(axis=1).var(ddof=1))
    assert statistics.reliability(same) == pytest.approx(alpha)
    assert statistics.reliability(ClassVerdicts("ps", {"a": verdict()})) is None
    assert statistics.reliability(ClassVerdicts("ps", {str(i): verdict() for i in range(6)})) is None


@pytest.mark.parametrize(("x", "y"), [([1, 2, 3, 4], [1, 2, 3, 4]), ([1, 1, 1, 1, 1], [1, 2, 3, 4, 5]), ([], [])])
def test_a_correlation_that_means_nothing_is_none(x, y):
    assert statistics.correlation(np.array(x, dtype=float), np.array(y, dtype=float)) is None


def test_criteria_that_fail_together_are_counted_over_those_who_attempted(found):
    together = statistics.failing_together(found)
    assert together.keys == [("relu", "values"), ("relu", "unchanged"), ("Scale", "factor"), ("loss", "mean")]
    assert together.both.tolist() == [[3, 1, 3, 0], [1, 1, 1, 0], [3, 1, 3, 0], [0, 0, 0, 3]]
    assert together.jaccard[0, 2] == 1
    assert together.jaccard[0, 1] == pytest.approx(1 / 3)
    assert together.pairs(5, least=3) == [(("Scale", "factor"), ("relu", "values"), 3, 1.0)]
    assert statistics.failing_together(found, most=2).keys == [("relu", "values"), ("Scale", "factor")]


def test_what_was_stopped_names_students_and_exercises(found):
    table = statistics.stopped(found)
    assert table["timeout"] == {"c": ["loss"]}
    assert table["crashed"] == {"e": ["relu"]}
    assert table["unreadable"] == {"h": ["relu", "Scale", "loss"]}
    assert list(table) == ["crashed", "timeout", "unreadable"]


def test_each_exercise_counts_once_by_its_first_failing_criterion(found):
    reasons = statistics.reasons_by_exercise(found)
    assert reasons["relu"] == {"passed": 3, "wrong shape": 3, "not attempted": 1, "unreadable": 1}
    assert {counter.total() for counter in reasons.values()} == {8}


# -- mistakes -----------------------------------------------------------------------------------------------------------------


def answer(name: str, *criteria: CriterionResult, points: float = 10) -> ExerciseResult:
    return ExerciseResult(name, points, [*criteria])


def right(title: str) -> CriterionResult:
    return CriterionResult(title, 1, True, "passed")


def wrong(title: str, message: str = "off", reason: str = "wrong value", because: str = "", mistake: str = "") -> CriterionResult:
    return CriterionResult(title, 1, False, reason, message, because=because, mistake=mistake)


def class_of(**students: list[ExerciseResult]) -> ClassVerdicts:
    return ClassVerdicts("ps90_tiny", {student: Verdict("ps90_tiny", "tiny.ipynb", exercises) for student, exercises in students.items()})


def test_one_mistake_is_one_row_whatever_number_of_criteria_and_exercises_it_costs():
    slip = "the mean is taken where the sum belongs"
    found = class_of(
        ann=[answer("f", wrong("values", mistake=slip), wrong("dtype", because="values"), right("again")), answer("g", wrong("sums", mistake=slip))],
        bob=[answer("f", right("values"), right("dtype"), right("again")), answer("g", wrong("sums", mistake=slip))],
        eve=[answer("f", right("values"), right("dtype"), right("again")), answer("g", right("sums"))],
        kim=[answer("f", wrong("values", reason="not attempted")), answer("g", wrong("sums", reason="not attempted"))],
    )
    [one] = mistakes_of(found)
    assert (one.name, one.kind, one.exercises, one.students, one.worked) == (slip, "named", ("f", "g"), ("ann", "bob"), 3)
    assert one.share == pytest.approx(200 / 3)
    assert one.points == pytest.approx((20 / 3 + 10 + 10) / 2)
    assert one.follows == ("dtype",)


def test_a_name_is_also_found_in_the_words_of_earlier_verdicts_and_in_what_follows():
    found = class_of(
        ann=[answer("f", wrong("values", "f of X (5, 3) is what comes out when rows are columns"))],
        bob=[answer("f", wrong("values", "2 of 6 entries are off; it is as if the sum were taken where the mean belongs"))],
        eve=[answer("f", wrong("values", "off"), wrong("dtype", because="values", mistake="rows are columns"))],
    )
    assert [(one.name, one.students) for one in mistakes_of(found)] == [
        ("rows are columns", ("ann", "eve")), ("as if the sum were taken where the mean belongs", ("bob",)),
    ]  # fmt: skip


def test_failures_without_a_name_that_come_together_are_one_row_and_others_are_two():
    both, first, second = [wrong("a"), wrong("b")], [wrong("a"), right("b")], [right("a"), wrong("b")]
    together = class_of(ann=[answer("f", *both)], bob=[answer("f", *both)], eve=[answer("f", *first)])
    assert [(one.name, one.students, one.follows) for one in mistakes_of(together)] == [("a", ("ann", "bob", "eve"), ("b",))]
    apart = class_of(ann=[answer("f", *both)], bob=[answer("f", *first)], eve=[answer("f", *second)], kim=[answer("f", *first)])
    assert [(one.name, one.students) for one in mistakes_of(apart)] == [("a", ("ann", "bob", "kim")), ("b", ("ann", "eve"))]


def test_two_mistakes_with_names_stay_two_rows_for_one_answer():
    found = class_of(ann=[answer("f", wrong("a", mistake="the sign is turned"), wrong("b", mistake="eps is outside the root"))])
    assert [one.name for one in mistakes_of(found)] == ["eps is outside the root", "the sign is turned"]


def test_what_ends_an_answer_is_one_row_an_exercise():
    found = class_of(
        ann=[answer("f", wrong("a", "NameError: x", "crashed"), wrong("b", "NameError: y", "crashed"))],
        bob=[answer("f", wrong("a", "TypeError", "crashed"), right("b")), answer("g", wrong("c", "no end", "timeout"))],
    )
    assert [(one.name, one.exercises, one.students) for one in mistakes_of(found)] == [
        ("an error ends it", ("f",), ("ann", "bob")), ("it does not end in time", ("g",), ("bob",)),
    ]  # fmt: skip


def test_what_can_go_wrong_in_any_exercise_has_a_name_and_the_sentences_are_counted_but_for_numbers():
    cut = "{} carries no graph: no gradient can flow back through it (was it detached, rebuilt, or made in NumPy?)"
    found = class_of(
        ann=[answer("f", wrong("gradients", cut.format("f of X (5, 3)"), "no gradient"))],
        bob=[answer("f", wrong("gradients", cut.format("f of X (4, 3)"), "no gradient")), answer("g", wrong("slopes", cut.format("g"), "no gradient"))],
    )
    [one] = mistakes_of(found)
    assert (one.name, one.kind, one.exercises) == ("the graph is cut, so that no gradient can flow back", "general", ("f", "g"))
    assert one.messages == ((cut.format("f of X (5, 3)"), 2), (cut.format("g"), 1))


def test_the_verdict_keeps_the_name_of_a_mistake():
    loop = SimpleNamespace(_doubts=[], _about=None)
    outcome = _JudgeLoop._outcome_of(loop, Criterion("values", hint="look again"), None, Finding("off", named="the sign is turned"))
    assert (outcome.mistake, outcome.hint) == ("the sign is turned", "")


# -- who needs help -----------------------------------------------------------------------------------------------------------

CLASS = [f"s{i}" for i in range(8)]


def shares(name: str, *values: float | None, **options) -> AssignmentShares:
    """Of s0, s1, …, None where nothing was handed in; quartiles as they are."""
    of = {student: float(value) for student, value in zip(CLASS, values, strict=True) if value is not None}
    low, median, high = np.quantile(list(of.values()), (0.25, 0.5, 0.75))
    return AssignmentShares(name, of, median=median, low=low, high=high, **options)


def reasons_of(*assignments: AssignmentShares) -> dict[str, tuple[str, ...]]:
    return {need.student: need.reasons for need in standings(CLASS, assignments).needs}


def test_who_missed_two_assignments_needs_help_and_who_missed_one_does_not():
    one, two = shares("ps01_a", None, None, 90, 90, 90, 90, 90, 90), shares("ps02_b", None, 90, 90, 90, 90, 90, 90, 90)
    three = shares("ps03_c", *[90] * 8)
    assert reasons_of(one, two, three) == {"s0": ("nothing handed in for ps01 and ps02",)}
    assert reasons_of(shares("ps01_a", None, *[90] * 7, counts=False), two, three) == {}
    assert reasons_of(shares("ps01_a", None, *[90] * 7, excused=frozenset({"s0"})), two, three) == {}
    assert reasons_of(shares("ps01_a", None, *[90] * 7, waiting=frozenset({"s0"})), two, three) == {}


def test_who_handed_in_nothing_at_all_is_listed_by_itself():
    found = standings(CLASS, [shares(name, None, *[90] * 7) for name in ("ps01", "ps02")])
    assert (found.needs, found.silent) == ([], ["s0"])
    assert standings(CLASS, [shares("ps01", None, *[90] * 7)]).silent == []


def test_the_lowest_quarter_twice_in_a_row_needs_help_unless_it_does_well():
    low = shares("ps01", 30, 60, 60, 70, 80, 90, 90, 90)
    assert reasons_of(low, shares("ps02", 40, 60, 60, 70, 80, 90, 90, 90)) == {"s0": ("in the lowest quarter twice in a row: 30 % in ps01 and 40 % in ps02",)}
    assert reasons_of(low, shares("ps02", 85, 60, 60, 70, 80, 90, 90, 90)) == {}
    well = [shares(name, 80, *[95] * 7) for name in ("ps01", "ps02")]
    assert reasons_of(*well) == {}
    few = [AssignmentShares(name, {"s0": 10.0, "s1": 90.0, "s2": 90.0}, median=90, low=50, high=90) for name in ("ps01", "ps02")]
    assert not standings(["s0", "s1", "s2"], few).needs


def test_falling_back_is_measured_beside_the_median():
    falls = [shares("ps01", 90, *[80] * 7), shares("ps02", 80, *[80] * 7), shares("ps03", 65, *[80] * 7)]
    assert reasons_of(*falls) == {"s0": ("falling back: 90 % → 80 % → 65 %, while the class's median is at 80 %",)}
    hard = [shares("ps01", 90, *[85] * 7), shares("ps02", 78, *[73] * 7), shares("ps03", 65, *[60] * 7)]
    assert reasons_of(*hard) == {}


def test_a_hand_in_with_nothing_in_it_is_a_reason():
    found = class_of(**{student: [answer("f", wrong("a", reason="not attempted" if student == "s0" else "wrong value"))] for student in CLASS})
    assert reasons_of(AssignmentShares.of(found, True)) == {"s0": ("nothing in ps90 that could be graded",)}


def test_an_assignment_counts_when_it_is_due_or_half_of_the_class_has_it():
    assert is_asked_of_all(1, 10, due=True)
    assert is_asked_of_all(5, 10, due=False)
    assert not is_asked_of_all(4, 10, due=False)


def test_what_is_excused_counts_nowhere():
    found = class_of(ann=[answer("f", wrong("a")), answer("g", right("b"))], bob=[answer("f", wrong("a"))])
    left = without_exercises(found, {"ann": {"f"}, "bob": {"f"}})
    assert {student: [one.name for one in verdict.exercises] for student, verdict in left.verdicts.items()} == {"ann": ["g"]}
    assert len(found.verdicts["ann"].exercises) == 2


# -- changes ------------------------------------------------------------------------------------------------------------------


def test_changes_are_those_since_the_last_report_that_was_another(tmp_path):
    first = class_of(ann=[answer("f", wrong("a")), answer("g", right("b"))], bob=[answer("f", right("a"))], eve=[answer("f", right("a"))])
    changes, record = compared(tmp_path, state_of([first], ["ann"], "Monday"))
    assert changes == Changes()
    keep_record(tmp_path, record)
    second = class_of(ann=[answer("f", right("a")), answer("g", right("b"))], bob=[answer("f", right("a"))], kim=[answer("f", right("a"))])
    for moment in ("Tuesday", "Wednesday"):  # the second report of the same loses nothing
        changes, record = compared(tmp_path, state_of([second], ["kim"], moment))
        keep_record(tmp_path, record)
        assert changes.since == "Monday"
        assert [(c.student, c.old, c.new, c.exercises) for c in changes.changed] == [("ann", 10, 20, (("f", 0, 10),))]
        assert (changes.new, changes.gone) == ({"ps90_tiny": ["kim"]}, {"ps90_tiny": ["eve"]})
        assert (changes.in_need, changes.out_of_need) == (["kim"], ["ann"])
    assert record["now"]["at"] == "Tuesday"


@pytest.mark.parametrize("text", ["", "[]", '{"version": 2}', '{"version": 1, "now": {"at": 3, "points": {}, "in_need": []}, "before": null}',
                                  '{"version": 1, "now": {"at": "x", "points": {"ps": {"ann": {"f": "much"}}}, "in_need": []}, "before": null}'])  # fmt: skip
def test_a_record_that_cannot_be_read_is_a_sentence(tmp_path, text):
    (tmp_path / ".state").mkdir()
    (tmp_path / ".state" / "report.json").write_text(text)
    with pytest.raises(NoRecord, match=r"report\.json cannot be read"):
        compared(tmp_path, state_of([], [], "now"))


@pytest.mark.parametrize("change", [
    {"seconds": float("nan")}, {"exercises": [{"name": 3, "max_points": 1, "criteria": []}]}, {"exercises": 5}, {"sandbox": 5},
    {"exercises": [{"name": "f", "max_points": 1, "criteria": [{"title": "a", "weight": 0, "passed": True, "reason": "passed"}]}]},
])  # fmt: skip
def test_a_file_with_values_that_no_verdict_has_is_named_as_broken(tmp_path, change):
    folder = tmp_path / "verdicts" / "ps90_tiny"
    folder.mkdir(parents=True)
    (folder / "ann.json").write_text(json.dumps({**verdict().to_json(), **change}))
    assert load_class(tmp_path, "ps90_tiny") == ClassVerdicts("ps90_tiny", {}, ["ann.json"])


# -- charts -------------------------------------------------------------------------------------------------------------------


def test_every_reason_belongs_to_one_kind_and_each_kind_has_a_colour():
    members = [reason for _, reasons in KINDS.values() for reason in reasons]
    assert sorted(members) == sorted(REASONS)
    assert len({colour for colour, _ in KINDS.values()}) == len(KINDS)


def test_the_histogram_counts_every_submission_once():
    percents = np.array([0, 9.99, 10, 55, 99, 100, 100])
    assert score_counts(percents) == [2, 1, 0, 0, 0, 1, 0, 0, 0, 3]
    assert re.findall(r"<b>(\d*)</b>", histogram(percents)) == ["2", "1", "", "", "", "1", "", "", "", "3"]


def test_outcomes_fill_the_bar(found):
    for counter in statistics.reasons_by_exercise(found).values():
        assert sum(map(float, re.findall(r"width:([\d.]+)%", outcome_bar(counter)))) == pytest.approx(100, abs=0.2)


def test_a_sparkline_has_a_gap_and_a_ring_where_nothing_was_handed_in():
    assignments = [shares("ps01", 50, *[80] * 7), shares("ps02", None, *[80] * 7), shares("ps03", 100, *[80] * 7), shares("ps04", 0, *[80] * 7)]
    line = sparkline("s0", assignments)
    assert '<path class="l" d="M3 13h0M63 3L93 23"/>' in line
    assert line.count('class="o"') == 1
    assert '<path class="m" d="M3 7L33 7L63 7L93 7"/>' in line
    assert 'class="o"' not in sparkline("s0", [shares("ps02", None, *[80] * 7, excused=frozenset({"s0"}))])


def test_the_trend_shows_the_median_of_each_assignment():
    html = class_trend([shares("ps01_a", *[80] * 8), shares("ps02_b", *[60] * 8)])
    assert re.findall(r"<b>(\d+)</b>", html) == ["80", "60"]
    assert 'd="M25 20L75 40"' in html


# -- the page -----------------------------------------------------------------------------------------------------------------


class _Page(HTMLParser):
    """Elements and attributes of a page."""

    def __init__(self, html: str):
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


def page_of(*parts: ReportPart, **options) -> str:
    students = sorted({student for part in parts for student in part.found.verdicts})
    return class_report(Page("A course", parts, standings(students, [AssignmentShares.of(part.found, True) for part in parts]), **options))


def words_of(html: str) -> str:
    return " ".join("".join(_Page(html).text).split())


@pytest.fixture(scope="module")
def hostile() -> str:
    """The page of a class whose names, messages, titles, notes and reasons try to be markup."""
    found = ClassVerdicts("ps90_tiny", {f"{SCRIPT}{i}": verdict({"relu.values": "wrong shape", "loss.mean": "crashed"}, message=SCRIPT) for i in range(9)})
    found.verdicts["plain"] = verdict(seconds=3)
    for one in found.verdicts.values():
        one.exercises[0].name = f"relu{SCRIPT}"
        one.exercises[0].criteria[0].title = f"values {SCRIPT}"
        one.exercises[2].criteria[0].mistake = "" if one.exercises[2].passed else SCRIPT
    found.assignment = SCRIPT
    found.broken = [SCRIPT]
    people = [SCRIPT, *found.verdicts]
    of = standings(people, [AssignmentShares.of(found, True)] * 3)
    state = state_of([found], [], SCRIPT)
    before = json.loads(json.dumps(state).replace("60.0", "59.0"))
    changes = Changes(SCRIPT, new={SCRIPT: people}, gone={SCRIPT: [SCRIPT]}, in_need=people, out_of_need=[SCRIPT])
    changes.changed = compared_by_hand(before, state)
    part = ReportPart(SCRIPT, found, [SCRIPT], {f"relu{SCRIPT}": SCRIPT})
    return class_report(Page(SCRIPT, [part, part], of, changes, {SCRIPT: SCRIPT}, SCRIPT, [SCRIPT]))


def compared_by_hand(before: dict, after: dict) -> list:
    from autograder.reports.last_report import _changes

    return _changes(before, after).changed


def test_nothing_of_a_submission_becomes_an_element_and_nothing_is_loaded_or_run(hostile):
    page = _Page(hostile)
    tags = [tag for tag, _ in page.elements]
    assert not {"img", "link", "script", "iframe", "form"} & set(tags)
    assert not any(name in ("src", "srcset") or name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert {attributes["href"] for tag, attributes in page.elements if tag == "a"} == {"#teach", "#help", "#trend", "#changes", "#details"}
    policy = next(attributes["content"] for tag, attributes in page.elements if attributes.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"
    assert "url(" not in hostile
    assert SCRIPT in "".join(page.text)


def test_every_element_that_is_opened_is_closed_in_its_place(hostile):
    open_elements: list[str] = []

    class Balance(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag not in ("meta", "path", "circle"):
                open_elements.append(tag)

        def handle_endtag(self, tag):
            assert open_elements.pop() == tag

    Balance().feed(re.sub(r"<(path|circle)([^>]*)/>", r"<\1\2>", hostile))
    assert open_elements == []


def test_the_page_says_in_short_what_to_teach_and_who_needs_help(found):
    words = words_of(page_of(ReportPart("Two functions", found))).replace("\u00a0", " ")
    assert "ps90, Two functions: 8 of 8 students handed in; the median is 55 %." in words
    assert "Teach again50 %Fails: values relu50 %Fails: factor Scale" in words
    assert "3 of 6" in words
    assert "d, e, f" in words
    assert "This is the first report of this course." in words


def test_what_ends_an_answer_names_its_exercise_once():
    found = class_of(**{student: [answer("f", wrong("a", "NameError: x", "crashed"))] for student in ("ann", "bob")})
    assert "Teach again100 %f: an error ends it" in words_of(page_of(ReportPart("t", found))).replace("\u00a0", " ")
    assert "ends it f" not in words_of(page_of(ReportPart("t", found)))


def test_a_mistake_that_an_earlier_assignment_had_too_says_so():
    def one(name: str) -> ClassVerdicts:
        made = class_of(ann=[answer("f", wrong("a", mistake="rows are columns"))], bob=[answer("f", right("a"))])
        made.assignment = name
        return made

    words = words_of(page_of(ReportPart("t", one("ps01_a")), ReportPart("t", one("ps02_b"))))
    assert "also in ps01 (50" in words
    assert words.index("ps02, t: 2 of 2") < words.index("ps01 t 1 mistake")


def test_students_are_called_by_name_with_the_id_where_two_share_it():
    people = People({"a1": "Ann Lee", "a2": "Ann Lee", "b": "Bo <i>"})
    assert people.listed(["a1", "b", "c", "a2"]) == "Ann Lee (a1), Ann Lee (a2), Bo &lt;i&gt;, c"
    assert People(most=1).listed("ab") == "a and 1 more"


def large(students: int, assignments: int, width: int) -> str:
    parts = []
    for k in range(assignments):
        made = {
            f"{'student-' * width}{i}": verdict({"relu.values": "wrong shape"} if (i + k) % 3 else {"loss.mean": "crashed"}, seconds=i) for i in range(students)
        }
        parts.append(ReportPart("t", ClassVerdicts(f"ps{k:02}_tiny", made)))
    return page_of(*parts)


def test_a_class_of_300_with_eight_assignments_is_far_below_a_megabyte():
    html = large(300, 8, width=1)
    assert len(html.encode()) < MOST_BYTES
    assert "The class is large" not in html


def test_a_page_that_would_be_larger_than_a_megabyte_leaves_names_out_and_says_so():
    html = large(500, 6, width=40)
    assert len(html.encode()) < MOST_BYTES
    assert "to keep this page small, lists name" in html


CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium or chrome on this machine")
@pytest.mark.parametrize("width", [1280, 400])
def test_in_a_browser_nothing_is_wider_than_the_page_and_nothing_of_a_students_runs(found, hostile, tmp_path, width):
    """The page lies in a frame of the width; by how much it is wider becomes the title of what is around it."""
    frames = "".join(f'<iframe style="width:{width}px;border:0" srcdoc="{escape(html)}"></iframe>' for html in (hostile, page_of(ReportPart("t", found))))
    wider = "[0, 1].map(i => frames[i].document.documentElement).map(e => e.scrollWidth - e.clientWidth).join(' ')"
    script = f"onload = () => document.title = {wider}"
    page = tmp_path / "frame.html"
    page.write_text(f'<!DOCTYPE html><meta charset="utf-8"><title>none</title>{frames}<script>{script}</script>')
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    options = ["--headless", "--no-sandbox", "--disable-gpu", profile, "--virtual-time-budget=10000", "--dump-dom", page.as_uri()]
    done = subprocess.run([CHROMIUM, *options], capture_output=True, text=True, timeout=120, env={**os.environ, "HOME": str(tmp_path)})
    assert re.search(r"<title>(.*?)</title>", done.stdout)[1] == "0 0"


# -- the command ----------------------------------------------------------------------------------------------------------------


def save_all(course, found) -> None:
    for student, one in found.verdicts.items():
        save_verdict(course.root, "ps90_tiny", student, one)


def test_the_report_is_made_from_the_stored_verdicts(in_course, course, found):
    save_all(course, found)
    (course.root / "submitted" / "late-comer" / "ps90_tiny").mkdir(parents=True)
    (course.root / "verdicts" / "ps90_tiny" / "cut.json").write_text("{")
    status, out, _ = in_course("report", "ps90_tiny", "ps90_tiny", "--out", "class.html")
    assert (status, out) == (0, "wrote class.html: ps90_tiny, 8 submissions\n")
    words = words_of(Path("class.html").read_text())
    assert "8 of 9 students handed in" in words
    assert "Handed in, no verdict yet: 1late-comer" in words
    assert "Files that hold no verdict: 1cut.json" in words
    assert "ps90: 1 student handed in and has no verdict yet: grade first." in words
    assert "ps90, loss: the better students lose here: look at the exercise and its grader." in words
    assert "timeout1closs" in words


def test_without_a_name_all_that_is_graded_is_looked_at_and_the_next_report_says_what_changed(in_course, course, found):
    save_all(course, found)
    assert in_course("report")[1] == "wrote report.html: ps90_tiny, 8 submissions\n"
    save_verdict(course.root, "ps90_tiny", "d", verdict())
    save_verdict(course.root, "ps90_tiny", "z", verdict())
    assert in_course("report")[0] == 0
    words = words_of(Path("report.html").read_text())
    assert "New verdictsps90_tinyz" in words
    assert "dps90relu 30 → 60, Scale 20 → 4060110+50" in words


def test_excuses_are_heeded(in_course, course, found):
    save_all(course, found)
    Path(course.root, "exceptions.csv").write_text("student,assignment,exercise,kind\n*,ps90_tiny,relu,excuse\n")
    assert in_course("report")[0] == 0
    assert "Fails: values" not in words_of(Path("report.html").read_text())
    Path(course.root, "exceptions.csv").write_text("student,assignment,exercise,kind\n*,ps90_tiny,,excuse\n")
    assert in_course("report")[0] == 2


def test_a_broken_record_and_a_folder_that_cannot_be_written_are_sentences(in_course, course, found):
    save_all(course, found)
    (course.root / ".state").mkdir(exist_ok=True)
    (course.root / ".state" / "report.json").write_text("{")
    status, out, err = in_course("report")
    assert (status, err) == (0, "")
    assert ".state/report.json cannot be read as the record of a report" in out
    assert ".state/report.json cannot be read" in Path("report.html").read_text()
    shutil.rmtree(course.root / ".state")
    (course.root / ".state").write_text("a file")
    status, out, err = in_course("report")
    assert (status, err) == (0, "")
    assert "What this report shows cannot be kept in .state/: " in out


def test_a_class_of_one_and_a_class_without_mistakes_have_reports_too():
    one = page_of(ReportPart("t", ClassVerdicts("ps", {"a": verdict()})))
    blank = page_of(ReportPart("t", ClassVerdicts("ps", {"a": verdict(every="not attempted")})), ReportPart("t", ClassVerdicts("qs", {"a": verdict()})))
    assert "No mistakes." in one
    assert "Nobody needs help" in one
    assert "0 mistakes, none" in blank


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ps99"], "the course has no assignment 'ps99'"),
        (["ps90_tiny"], "no verdicts of ps90_tiny in verdicts/: grade first"),
        ([], "no verdicts in verdicts/: grade first"),
        (["ps90_tiny", "--out", "no/such.html"], "cannot write no/such.html: No such file or directory"),
        (["--wrong"], "No such option"),
    ],
)
def test_bad_use_ends_with_2_and_a_sentence(in_course, arguments, words):
    status, out, err = in_course("report", *arguments)
    assert (status, out) == (2, "")
    assert words in " ".join(err.split())
