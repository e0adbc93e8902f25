"""The graders are held against the reference, the untouched release, right and wrong answers, and mutants of the reference."""

import contextlib
from dataclasses import replace
from zlib import crc32

import pytest

from autograder.authoring.verify import MIN_SCORE, verify
from autograder.grading.course import load_course
from autograder.judge.jobs import Job
from autograder.notebooks.plan import Plan, PlannedCell
from autograder.runs.pool import Pool
from benchmarks.trainings import titles_of_trainings
from tests.shares import number_of_graders

COURSE = load_course()
# Mutants and sabotages of three assignments here, so that a run of all tests ends soon; `make verify` tries those of every assignment.
WITH_MUTANTS = {"ps00_start", "ps01_tensors", "ps05_softmax_regression"}

# Exercises with a criterion that trains something. What a training reaches is another number on another processor; the mark must be the same.
TRAINED = [
    ("ps04_linear_regression", "fit_linear"), ("ps04_linear_regression", "train_linreg"), ("ps04_linear_regression", "train_concise"),
    ("ps05_softmax_regression", "train"), ("ps06_mlp", "MLP"),
    ("ps07_generalization", "train_weight_decay"), ("ps08_initialization", "init_deep_"), ("ps10_convolution", "learn_kernel"),
    ("ps10_convolution", "train_lenet"), ("ps11_modern_cnn", "digit_net"), ("ps12_batch_norm", "lenet_bn"), ("ps14_optimizers", "train"),
    ("ps15_rnn", "train_epoch"), ("ps16_gru_lstm", "train_char_lm"), ("ps17_seq2seq", "train_seq2seq"), ("ps19_transformer", "train_lm"),
    ("ps21_finetuning", "finetune"), ("ps22_object_detection", "train_detector"),
]  # fmt: skip
OLD_PROCESSOR = {"ATEN_CPU_CAPABILITY": "default", "ONEDNN_MAX_CPU_ISA": "SSE41", "MKL_CBWR": "COMPATIBLE"}
ASKS_FOR_THE_PROCESSOR = """
import torch

from autograder import criterion, exercise, expect


def capability(student):
    import torch

    return torch.backends.cpu.get_cpu_capability()


@exercise("any")
class TestAny:
    @criterion("judge and sandbox are on the old processor")
    def test_capability(self, student):
        seen = [torch.backends.cpu.get_cpu_capability(), student.run(capability)]
        expect(seen == ["DEFAULT", "DEFAULT"], f"judge and sandbox use {seen}")
"""


@pytest.fixture(scope="session")
def pool():
    with Pool(COURSE, number_of_graders()) as pool:
        yield pool


@pytest.fixture
def old_processor(monkeypatch):
    """An environment whose processes use no newer instructions than SSE 4.1."""
    for name, value in OLD_PROCESSOR.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def old_pool():
    with contextlib.ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:  # for its start; the tests have it for a start anew
            for name, value in OLD_PROCESSOR.items():
                patch.setenv(name, value)
            pool = stack.enter_context(Pool(COURSE, number_of_graders()))
        yield pool


@pytest.fixture(scope="session")
def trainings():
    """The criteria that train something, by assignment and exercise."""
    return titles_of_trainings()


def by_what_it_should_lose(answer):
    """The criteria by which an answer is judged here: three wrong ones of four by those that they should lose, all others, and in `make verify` all, by all."""
    whole = answer.right or answer.fails == ("*",) or crc32(answer.path.name.encode()) % 4 == 0
    return () if whole else answer.fails


@pytest.mark.slow
@pytest.mark.parametrize("assignment", COURSE.names)
def test_right_answers_lose_nothing_wrong_ones_lose_what_they_should_and_mutants_are_caught(assignment, pool):
    mutants = assignment in WITH_MUTANTS
    report = verify(COURSE, assignment, pool, mutants=mutants, checks=False, sabotage=mutants, criteria=by_what_it_should_lose)
    assert report.problems() == []
    if mutants:
        assert sum(exercise.mutants for exercise in report.exercises.values()) > 0
        assert report.score >= MIN_SCORE


def test_every_exercise_that_trains_is_tried_on_another_processor(trainings):
    assert sorted(trainings) == sorted(TRAINED)


@pytest.mark.slow
@pytest.mark.parametrize(("assignment", "exercise"), TRAINED)
def test_what_trains_gets_the_same_marks_on_another_processor(assignment, exercise, old_processor, old_pool, trainings):
    trained = tuple(trainings[assignment, exercise])
    assert verify(COURSE, assignment, old_pool, exercise, mutants=False, checks=False, sabotage=False, criteria=lambda _: trained).problems() == []


def test_an_answer_that_is_other_than_its_file_says_on_some_criteria_is_judged_by_all(pool):
    judged = []
    report = verify(
        COURSE, "ps00_start", pool, "add", mutants=False, checks=False, sabotage=False,
        criteria=lambda answer: () if answer.fails == ("*",) else ("there is no such criterion",), progress=lambda done, total: judged.append((done, total)),
    )  # fmt: skip
    assert report.problems() == []
    assert judged[0][1] < judged[-1][1] == judged[-1][0]


def test_an_answer_may_be_judged_by_some_criteria(pool):
    judged = []
    report = verify(
        COURSE, "ps00_start", pool, "add", mutants=False, checks=False, sabotage=False,
        criteria=lambda answer: () if answer.fails == ("*",) else answer.fails, progress=lambda done, total: judged.append((done, total)),
    )  # fmt: skip
    assert report.problems() == []
    assert judged[0][1] == judged[-1][1] == judged[-1][0]


@pytest.mark.slow
def test_judge_and_sandbox_of_a_pool_are_on_the_other_processor(old_processor, tmp_path):
    grader = tmp_path / "autograder" / "graders" / "test_ps00_start.py"
    grader.parent.mkdir(parents=True)
    grader.write_text(ASKS_FOR_THE_PROCESSOR)
    plan = Plan([PlannedCell("def any():\n    return 1", "any")], {})
    verdicts = []
    with Pool(replace(COURSE, root=tmp_path), 1) as pool:
        pool.judge([Job("ps00_start", "ps00_start", {"any": 1.0}, plan)], lambda _job, verdict, _outcomes: verdicts.append(verdict))
    assert [criterion.message for criterion in verdicts[0].exercises[0].criteria if not criterion.passed] == []


def test_an_exercise_that_loses_points_for_what_another_one_lacks_is_reported(tmp_path):
    for name in ("source", "solutions", "tests"):
        (tmp_path / name).symlink_to(COURSE.root / name)
    grader = tmp_path / "autograder" / "graders" / "test_ps07_generalization.py"
    grader.parent.mkdir(parents=True)
    text = (COURSE.root / "autograder" / "graders" / grader.name).read_text()
    grader.write_text(text.replace(", parts=[reference.dropout_layer]", ""))
    course = replace(COURSE, root=tmp_path)
    with Pool(course, 1) as pool:
        report = verify(course, "ps07_generalization", pool, "Dropout", mutants=False, checks=False, sabotage=False)
    (problem,) = report.problems()
    assert problem.startswith("Dropout: where no other exercise is solved, the reference loses “in training mode it drops")
    assert "Dropout calls dropout_layer, which still raises NotImplementedError" in problem


@pytest.mark.parametrize(("stem", "exercise", "slug"), [("softmax__two_steps", "softmax", "two_steps"), ("fill___rebinds", "fill_", "rebinds")])
def test_the_name_of_an_answer_file_says_which_exercise_it_answers(tmp_path, stem, exercise, slug):
    from autograder.notebooks.reference import Answer

    file = tmp_path / "right" / f"{stem}.py"
    file.parent.mkdir()
    file.write_text('"""Right."""\n')
    answer = Answer.load(file)
    assert (answer.exercise, answer.slug) == (exercise, slug)


def test_a_grader_that_lets_a_wrong_answer_pass_is_reported(pool, tmp_path):
    """The check itself is checked: an answer that claims to fail, and does not, is a problem."""
    from autograder.authoring.verify import ExerciseReport, _enter_answer
    from autograder.judge.verdict import CriterionResult, ExerciseResult
    from autograder.notebooks.reference import Answer

    answer = Answer("softmax", "x", "", "", ("is right",), tmp_path / "wrong" / "softmax__x.py")
    entry = ExerciseReport("softmax")
    _enter_answer(entry, answer, ExerciseResult("softmax", 1, [CriterionResult("is right", 1, True, "passed")]))
    assert entry.accepted_wrong == ["wrong/softmax__x.py keeps “is right”"]
