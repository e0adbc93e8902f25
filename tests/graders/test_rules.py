"""What every hidden grader hands to the student's code, measured: shapes of three kinds, a batch of one, odd layouts, both dtypes, no tame numbers.

Seen are arguments of functions and of probes, and the inputs of networks. What a probe makes over there is past this view. The rules that need a look at an
answer (inputs kept, gradients, isolation, tolerances) are held by the wrong answers in tests/submissions.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.grading.course import load_course

pytestmark = pytest.mark.slow

HERE = Path(__file__).resolve().parent
COURSE = load_course()
RULES = {
    "three shapes": lambda seen: len({tuple(t["shape"]) for t in seen}) >= 3,
    "a batch of one": lambda seen: any(t["shape"][0] == 1 for t in seen),
    "not only square matrices": lambda seen: all(len(t["shape"]) < 2 for t in seen) or any(len(set(t["shape"])) > 1 for t in seen),
    "an input that is not contiguous": lambda seen: any(not t["contiguous"] for t in seen),
    "float32 and float64": lambda seen: {t["dtype"] for t in seen if t["floating"]} >= {"float32", "float64"} or not any(t["floating"] for t in seen),
    "no counted or constant numbers": lambda seen: not any(t["counting"] for t in seen) and sum(t["constant"] for t in seen) <= len(seen) / 4,
}  # fmt: skip
BATCHES = "its argument is an iterator of batches, as a loader makes them; sizes of batches vary"
MODULE = "makes or reads a module; its inputs reach it through the module"
PARTS = "takes a module, and no tensors but those in it"
WHOLE = "parameters and their gradients are whole tensors"
LARGE = "a large network of parts that are tried in both dtypes and in odd layouts on their own"
PICTURES = "takes one picture at a time"
DIVIDED = "a single sample cannot be divided"
TRAINING = "trains on real data or a fixed task"
ONE, LAYOUT, DTYPES, NUMBERS = "a batch of one", "an input that is not contiguous", "float32 and float64", "no counted or constant numbers"
SHAPES = "not only square matrices"
# Where a rule does not apply, and why: by exercise, with its assignment where two have one name. A pair that is not needed any more fails the test as well.
EXEMPTIONS = {
    "pca": ("one point has no spread, and so no directions", ONE),
    "add_in_place": ("X is made beside the student's code, a view of every second column: only there can its storage be seen", LAYOUT),
    "share_or_copy": ("the arrays are made beside the student's code, one of them a view of every second column", LAYOUT),
    "evaluate_accuracy": (BATCHES, LAYOUT, DTYPES),
    "ps05_softmax_regression.train_epoch": (BATCHES, ONE, LAYOUT, DTYPES),
    "ps05_softmax_regression.train": (BATCHES, ONE, LAYOUT),
    "synthesize_data": ("float32, as in the notes", DTYPES),
    "normal_equations": ("more samples than features", ONE),
    "train_linreg": (TRAINING, DTYPES),
    "train_concise": (TRAINING, DTYPES),
    "sgd": (WHOLE, LAYOUT),
    "grad_clipping": (WHOLE, LAYOUT),
    "fit_polynomial": ("the curve of lowest degree wants two points", ONE),
    "train_val_split": (DIVIDED, ONE),
    "get_k_fold_data": (DIVIDED, ONE),
    "k_fold": (DIVIDED, ONE),
    "sgd_decay": (WHOLE, LAYOUT),
    "train_weight_decay": ("where features are 0, what is learned shows the order of the batches and each step of the decay", NUMBERS),
    "init_deep_": (f"{MODULE}; {TRAINING}", ONE, LAYOUT, DTYPES),
    "Conv2D": (MODULE, LAYOUT),
    "lenet": (MODULE, LAYOUT, DTYPES),
    "lstm_from_torch": (MODULE, ONE, LAYOUT),
    "learn_kernel": ("one image of stripes and its edges, in float32 as in the notes", ONE, LAYOUT, DTYPES),
    "train_lenet": (TRAINING, ONE, LAYOUT, DTYPES),
    "k_step_transition": ("a step of a chain is a square matrix", "not only square matrices"),
    "k_step_ahead": ("a series has room for a window and a step", ONE),
    "laplace_bigram": ("a pair has two tokens", ONE),
    "predict": ("the network is the grader's own, in float32; one text is written, from a string", LAYOUT, DTYPES),
    "ps15_rnn.train_epoch": (TRAINING, DTYPES),
    "train_char_lm": (TRAINING, DTYPES),
    "train_seq2seq": (TRAINING, DTYPES),
    "predict_seq2seq": ("the network is the grader's own, in float32; one sentence is read, from a string", LAYOUT, DTYPES),
    **dict.fromkeys(("vgg", "alexnet", "nin", "googlenet"), (LARGE, LAYOUT)),
    "network_cost": ("takes a network and a shape; what goes through are zeros of its own", LAYOUT, NUMBERS),
    "digit_net": (TRAINING, LAYOUT, DTYPES),
    "save_checkpoint": (PARTS, ONE, LAYOUT, DTYPES, NUMBERS),
    "load_checkpoint": (PARTS, ONE, LAYOUT, DTYPES, NUMBERS),
    "fold_batch_norm": (PARTS, ONE, LAYOUT),
    "zero_init_residual": (PARTS, ONE, LAYOUT, DTYPES),
    "gradient_norms": ("takes three numbers; the images are its own", LAYOUT, DTYPES),
    "resnet18": (LARGE, LAYOUT, DTYPES),
    "second_order_step": ("a Hessian is square", SHAPES),
    "PositionalEncoding": ("zeros, to which P is added, show P", NUMBERS),
    "train_batch": (f"the network is the grader's own, in float32; {WHOLE}", LAYOUT, DTYPES),
    "ring_allreduce": ("one-dimensional, and sent by a function of the grader's", LAYOUT),
    "dist_allreduce": ("gloo sends what is contiguous", LAYOUT),
    "ddp_train_step": (f"the network is the grader's own, in float32; {WHOLE}", ONE, LAYOUT, DTYPES),
    "ParameterServer": (WHOLE, LAYOUT),
    "train_transforms": (PICTURES, ONE),
    "test_transforms": (f"{PICTURES}; one of a single colour shows how it is normalised", ONE, NUMBERS),
    "replace_head": (PARTS, ONE, LAYOUT),
    "reuse_class_weights": (PARTS, ONE, LAYOUT),
    "freeze": (PARTS, ONE, LAYOUT, DTYPES),
    "param_groups": (PARTS, ONE, LAYOUT, DTYPES),
    "load_backbone": (PARTS, ONE, LAYOUT),
    "finetune": (TRAINING, LAYOUT, DTYPES),
    "train_detector": (TRAINING, LAYOUT, DTYPES),
}
EXEMPT = {(exercise, rule): reason for exercise, (reason, *rules) in EXEMPTIONS.items() for rule in rules}


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """The tensors that the graders hand over when they run on their references, by assignment and exercise; from one process like this one."""
    target = tmp_path_factory.mktemp("seen") / "seen.json"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(COURSE.root)]), "AUTOGRADER_RECORD": str(target), "OMP_NUM_THREADS": "1"}
    graders = [str(COURSE.root / "autograder" / "graders" / f"test_{assignment}.py") for assignment in COURSE.names]
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "recording", *graders], cwd=COURSE.root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]
    return json.loads(target.read_text())


@pytest.mark.parametrize("assignment", COURSE.names)
def test_inputs_are_of_many_kinds(assignment, seen):
    problems = []
    for exercise, tensors in seen[assignment].items():
        shaped = [tensor for tensor in tensors if tensor["shape"]]
        for rule, holds in RULES.items():
            exempt = not EXEMPT.keys().isdisjoint({(exercise, rule), (f"{assignment}.{exercise}", rule)})
            if shaped and holds(shaped) == exempt:
                problems.append(f"{exercise}: {rule}" + (" is exempt, but holds: strike it from the list" if exempt else ""))
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("assignment", COURSE.names)
def test_every_exercise_has_right_and_wrong_answers(assignment):
    folder = COURSE.root / "tests" / "submissions" / assignment
    few = []
    for exercise in COURSE.master(assignment).exercises:
        right, wrong = (len(list((folder / kind).glob(f"{exercise}__*.py"))) for kind in ("right", "wrong"))
        if right < 3 or wrong < 8:
            few.append(f"{exercise}: {right} right and {wrong} wrong answers; 3 and 8 are needed")
    assert not few, "\n".join(few)
