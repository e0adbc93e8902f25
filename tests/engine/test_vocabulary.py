"""What graders are written in: inputs that are drawn, cases and their promises, slips, mutants that name a mistake."""

import re
from io import StringIO
from types import SimpleNamespace

import pytest
import torch
from rich.console import Console

from autograder import case, criterion, exercise
from autograder.judge.criteria import CRITERION
from autograder.judge.folding import About, fold
from autograder.judge.local import LocalStudent
from autograder.judge.reasons import Finding
from autograder.judge.verdict import CriterionResult, ExerciseResult, Verdict
from autograder.reports.feedback import exercise_html
from autograder.reports.terminal import show_verdict
from autograder.vocabulary.diagnosis import kind_of_mutant
from autograder.vocabulary.draw import Draw
from autograder.vocabulary.slip import alike, slip_in


def drawing(seed=0):
    return Draw(torch.Generator().manual_seed(seed))


# -- draw


def test_the_same_numbers_are_drawn_in_float32_in_float64_and_in_another_memory_order():
    narrow, wide, turned = drawing().normal(3, 4), drawing().float64.normal(3, 4), drawing().other_order.normal(3, 4)
    assert wide.dtype == torch.float64
    assert torch.equal(wide.float(), narrow)
    assert torch.equal(turned, narrow)
    assert not turned.is_contiguous()


def test_a_vector_in_another_memory_order_is_not_contiguous():
    assert not drawing().other_order.normal(5).is_contiguous()


@pytest.mark.parametrize("seed", range(5))
def test_labels_hold_the_last_class_lengths_both_ends_and_masks_both_values(seed):
    draw = drawing(seed)
    assert int(draw.labels(6, 300).max()) == 299
    lengths = draw.lengths(7, 2, 3)
    assert (int(lengths.min()), int(lengths.max())) == (1, 7)
    mask = draw.mask(2, 2, share=0.1)
    assert mask.any()
    assert not mask.all()


def test_probabilities_add_up_to_one_and_numbers_away_from_zero_have_both_signs():
    assert torch.allclose(drawing().probabilities(4, 3).sum(-1), torch.ones(4))
    values = drawing().away_from_zero(50, low=0.5, high=2)
    assert bool((values.abs() >= 0.5).all())
    assert bool((values > 0).any())
    assert bool((values < 0).any())


# -- slip


def test_a_slip_is_named_only_where_it_gives_every_result():
    slips = {"the sign is turned": lambda X: -X, "it is doubled": (lambda X: X + X, lambda X: 2 * X)}
    X, Z = torch.randn(3), torch.randn(4)
    assert slip_in([((X,), -X), ((Z,), -Z)], slips) == "the sign is turned"
    assert slip_in([((X,), 2 * X), ((Z,), 2 * Z)], slips) == "it is doubled"
    assert slip_in([((X,), -X), ((Z,), Z)], slips) == ""
    assert slip_in([((X,), None)], {"nothing": lambda X: None}) == ""


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (torch.tensor([1.0]), torch.tensor([1.0 + 1e-6]), True), (torch.tensor([1.0]), torch.tensor([1.1]), False), (2, torch.tensor(2), True),
        ([1, torch.ones(2)], (1.0, torch.ones(2)), True), ([1], [1, 2], False), ({"a": 1}, {"a": 1}, True), ({"a": 1}, {"b": 1}, False), ("a", "a", True),
        (torch.ones(2), torch.ones(3), False), (None, None, False),
    ],
)  # fmt: skip
def test_results_are_alike_but_for_rounding(one, other, expected):
    assert alike(one, other) is expected


# -- diagnosis


def reference_softmax(X):
    E = torch.exp(X - X.amax(dim=1, keepdim=True))
    return E / E.sum(dim=1, keepdim=True)


def test_the_only_kind_of_mutant_that_fits_is_said_in_words():
    inputs = [torch.randn(4, 3), torch.randn(6, 5)]
    asked = [((X,), torch.softmax(X, 1) * X.shape[1]) for X in inputs]
    assert kind_of_mutant(reference_softmax, asked) == "as if the mean were taken where the sum belongs"


def test_nothing_is_said_where_no_kind_fits_or_the_result_says_too_little():
    X = torch.randn(4, 3)
    assert kind_of_mutant(reference_softmax, [((X,), X + 17)]) == ""
    assert kind_of_mutant(reference_softmax, [((X,), torch.zeros(4, 3))]) == ""
    assert kind_of_mutant(reference_softmax, [((X,), 3)]) == ""
    assert kind_of_mutant(len, [((X,), torch.randn(3))]) == ""


# -- case and promises


softmax = case(
    reference_softmax, lambda draw, n=5, k=4: (draw.normal(n, k),), [(1, 4), (5, 3)], name="softmax", slips={"columns": lambda X: torch.softmax(X, 0)}
)

PROMISES = {
    "agrees": softmax.agrees("is right"),
    "stays finite": softmax.stays_finite("is finite", lambda draw: {"large scores": (draw.normal(3, 4) + 1000,)}),
    "gradients": softmax.gradients(),
    "at once": softmax.at_once("n"),
    "dtype": softmax.keeps_dtype(),
    "inputs": softmax.leaves_inputs(),
    "again": softmax.again(),
    "no graph": softmax.needs_no_graph(),
}


def detached(X):
    return torch.softmax(X, 1).detach()


def narrow(X):
    return torch.softmax(X.float(), 1)


def overwrites(X):
    result = torch.softmax(X, 1)
    with torch.no_grad():
        X += 1
    return result


def loops(X):
    return torch.stack([torch.softmax(x, 0) for x in X])


def unshifted(X):
    return X.exp() / X.exp().sum(1, keepdim=True)


def storage_order(X):
    flat = X.as_strided(X.shape, (X.shape[1], 1)) if X.storage_offset() == 0 else X
    return torch.softmax(flat, 1)


def needs_a_graph(X):
    leaf = X.detach().requires_grad_()
    (leaf * 1).sum().backward()
    return torch.softmax(X, 1)


def switches_autograd_off(X):
    result = torch.softmax(X, 1)
    torch.set_grad_enabled(False)
    return result


def one_class_less(X):
    return torch.softmax(X[:, :-1], 1)


KEPT = {}


def kept_from_the_first_call(X):
    """Right for each size, but the numbers are those of the first call with it."""
    return KEPT.setdefault(tuple(X.shape), torch.softmax(X, 1))


FAULTS = {
    detached: {"gradients": "no gradient"},
    narrow: {"gradients": "wrong type", "dtype": "wrong type"},
    overwrites: {"inputs": "wrong value"},
    loops: {"at once": "too slow"},
    unshifted: {"stays finite": "unstable"},
    storage_order: {"dtype": "wrong value"},
    needs_a_graph: {"no graph": "crashed"},
    switches_autograd_off: {"gradients": "no gradient", "again": "wrong value"},
    one_class_less: dict.fromkeys(PROMISES, "wrong shape"),
}


def outcome(promise, answer, seed=1):
    """The Finding of a criterion, None when it holds."""
    grad, forbid = torch.is_grad_enabled(), ()
    try:
        promise(SimpleNamespace(), LocalStudent({"softmax": answer}, forbid), drawing(seed))
    except Finding as finding:
        return finding
    finally:
        torch.set_grad_enabled(grad)
    return None


@pytest.mark.parametrize("name", PROMISES)
def test_a_right_answer_keeps_every_promise(name):
    assert outcome(PROMISES[name], lambda X: torch.softmax(X, dim=1)) is None


@pytest.mark.parametrize("answer", FAULTS, ids=lambda answer: answer.__name__)
def test_a_fault_breaks_the_promises_that_it_should_and_no_other(answer):
    found = {name: finding.reason for name, promise in PROMISES.items() if (finding := outcome(promise, answer))}
    assert found == FAULTS[answer]


def test_messages_speak_of_the_arguments_that_are_said():
    scaled = case(lambda X, Z, a: a * X, lambda draw, n=2, a=3: (draw.normal(n), draw.normal(n), a), name="scaled", said=("X", "a"))
    assert scaled.words(scaled.arguments(drawing())) == "scaled of X (2,), a=3"


def test_one_part_of_a_result_is_asked_again_alone():
    both = case(lambda X: (X + 1, X - 1), lambda draw, n=3: (draw.normal(n),), name="both", gives=("more", "less"))
    promise = both.only("more").again(sizes=((), (2,)))
    promise(None, LocalStudent({"both": lambda X: (X + 1, 0)}), drawing())
    kept = []
    with pytest.raises(Finding, match="more of both of X"):
        promise(None, LocalStudent({"both": lambda X: (kept.append(X + 1) or kept[0], 0)}), drawing())


def test_operations_of_a_part_are_those_of_the_whole_function():
    both = case(lambda X: (X + 1, X - 1), lambda draw, n=3: (draw.normal(n),), name="both", gives=("more", "less"))
    promise = both.only("more").at_once("n")
    promise(None, LocalStudent({"both": lambda X: (X + 1, X - 1)}), drawing())
    with pytest.raises(Finding, match="loops over the batch"):
        promise(None, LocalStudent({"both": lambda X: (X + 1, torch.stack([x - 1 for x in X]))}), drawing())


def test_a_dtype_is_kept_in_each_size():
    promise = softmax.keeps_dtype(sizes=[(4, 3), (5, 4)])
    promise(None, LocalStudent({"softmax": lambda X: torch.softmax(X, 1)}), drawing())
    with pytest.raises(Finding, match="float32, expected float64"):
        promise(None, LocalStudent({"softmax": lambda X: torch.softmax(X, 1).to(X.dtype if len(X) == 4 else torch.float32)}), drawing())


def test_what_is_kept_from_the_first_call_is_found_by_a_second_one():
    KEPT.clear()
    finding = outcome(PROMISES["again"], kept_from_the_first_call)
    assert finding is not None
    assert "at a later call" in finding.message


def test_a_slip_is_named_in_the_message_and_is_no_news_to_the_other_promises():
    findings = {name: outcome(promise, lambda X: torch.softmax(X, 0)) for name, promise in PROMISES.items()}
    assert findings["agrees"].message == "softmax of X (1, 4) is what comes out when columns"
    assert not findings["agrees"].follows
    assert all(finding.follows for name, finding in findings.items() if name != "agrees")


def test_a_promise_is_called_as_the_attribute_that_it_is_assigned_to():
    @exercise("softmax")
    class TestSoftmax:
        test_values = softmax.agrees("is right", weight=3)
        test_gradients = softmax.gradients()

        @criterion("by hand")
        def test_more(self, student): ...

    assert [getattr(TestSoftmax, name).__name__ for name in ("test_values", "test_gradients", "test_more")] == ["test_values", "test_gradients", "test_more"]
    assert getattr(TestSoftmax.test_values, CRITERION).weight == 3


def add_noise(X, scale, generator):
    return X + scale * torch.randn(X.shape, generator=generator)


noise = case(add_noise, lambda draw, n=3, scale=1.0: (draw.normal(n, 2), scale, draw.new_generator()))
CALLS = []


def counted(X, scale, generator):
    """Draws by the number of the call: the generator decides nothing."""
    CALLS.append(1)
    return add_noise(X, scale, torch.Generator().manual_seed(len(CALLS) % 8))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda X, s, g: X + torch.randn(X.shape), "gave two different results: it moves on the random numbers of torch"),
        (lambda X, s, g: add_noise(X, s, g.clone_state()), "all gave the same result: the generator is not used up"),
        (counted, "generators with different seeds gave the same results"),
        (lambda X, s, g: add_noise(torch.cat([X, X]), s, g), "has shape (6, 2), expected (3, 2)"),
        (lambda X, s, g: None, "gives 0 tensors"),
    ],
)
def test_what_does_not_draw_from_the_generator_that_it_is_given_is_told_so(answer, words):
    with pytest.raises(Finding, match=re.escape(words)):
        noise.seeded()(SimpleNamespace(), LocalStudent({"add_noise": answer}), drawing())


def test_what_draws_from_its_generator_may_do_so_call_by_call():
    noise.seeded()(SimpleNamespace(), LocalStudent({"add_noise": add_noise}), drawing())


# -- one mistake, one message


def failed(title, reason="wrong value", message="wrong"):
    return CriterionResult(title, 1, False, reason, message, "a hint")


def test_the_first_criterion_speaks_and_those_that_follow_from_it_say_so_without_a_hint():
    values, dtype, slow = failed("values", message="3 of 5 entries"), failed("dtype", message="4 of 9 things"), failed("at once", "too slow", "loops")
    fold([values, dtype, slow], [About(), About(follows=True), About()])
    assert (values.because, values.hint) == ("", "a hint")
    assert (dtype.because, dtype.message, dtype.hint) == ("values", "this follows from “values”", "")
    assert (slow.because, slow.message) == ("", "loops")


def test_the_same_words_but_for_numbers_are_said_once():
    first, second = failed("a", message="off by 0.5 for (3, 4)"), failed("b", message="off by 0.25 for (7, 2)")
    fold([first, second], [About(), About()])
    assert second.because == "a"


def test_what_names_the_same_mistake_follows_and_what_has_no_cause_speaks():
    first, second, alone = failed("a", message="one"), failed("b", message="two"), failed("c", message="three")
    fold([first, second, alone], [About(named="x"), About(named="x"), About(named="y")])
    assert [criterion.because for criterion in (first, second, alone)] == ["", "a", ""]
    lonely = failed("d")
    fold([lonely], [About(follows=True)])
    assert lonely.because == ""


def test_a_hint_is_shown_where_the_reason_fits_it_and_the_message_names_no_mistake():
    @criterion("title", hint="no loop", hint_for=("too slow",))
    def test(): ...

    its = getattr(test, CRITERION)
    assert (its.hint_to("too slow"), its.hint_to("wrong value"), its.hint_to("too slow", named="a slip")) == ("no loop", "", "")


def test_each_criterion_shows_what_it_is_worth_and_what_follows_is_one_line_without_a_hint():
    first, second = failed("values", message="3 of 5"), failed("dtype", message="of another kind")
    fold([first, second], [About(), About(follows=True)])
    exercise = ExerciseResult("softmax", 10, [first, second, CriterionResult("shape", 2, True, "passed")])
    html = exercise_html(exercise)
    assert html.count("0 of 2.5") == 2
    assert "5 of 5" in html
    assert "dtype: this follows from “values”" in html
    assert html.count("a hint") == 1
    console = Console(width=120, record=True, file=StringIO())
    show_verdict(console, Verdict("ps", "a.ipynb", [exercise]))
    text = console.export_text()
    assert "one more criterion fails because of this, 2.5 points" in text
    assert "dtype" not in text
