"""Hidden grader of ps05_softmax_regression."""

import torch
from course_tools import digits

from autograder import (
    assert_agrees,
    assert_close,
    assert_finite,
    assert_gradients,
    assert_unchanged,
    assert_vectorised,
    criterion,
    exercise,
    expect,
    kind_of,
)
from solutions.ps05_softmax_regression import softmax_regression as reference

SHAPES = [(1, 4), (5, 3), (7, 11)]
NO_AUTOGRAD = ["grad", "backward", "make_dual"]
CROSS_ENTROPY = ["cross_entropy", "log_softmax"]


def scores(rng, n, k, device, dtype=torch.float32):
    """Scores (n, k) of a size at which no probability is lost to rounding."""
    return (1.5 * torch.randn(n, k, generator=rng, dtype=dtype)).to(device)


def probabilities(rng, n, k, device, dtype=torch.float32):
    """Rows of probabilities (n, k), all positive."""
    return torch.softmax(scores(rng, n, k, device, dtype), dim=1)


def labels(rng, n, k, device):
    """Labels (n,); the last class occurs, so that the largest label is k - 1."""
    y = torch.randint(k, (n,), generator=rng)
    y[0] = k - 1
    return y.to(device)


def transposed(X):
    """The same numbers in another order in memory."""
    return X.T.contiguous().T


def assert_same_gradient(f, g, X, rng, *, what, along_rows=False):
    """f and g have the same values at X, and the same gradient for a random upstream gradient.

    along_rows: compare only how the gradient varies within a row. Rows of probabilities add up to one, so a constant on a row means nothing
    (an answer that normalises y_hat once more differs by one from an answer that does not, and both are right).
    """
    Y, Z = f(X), g(X)
    assert_close(Y.detach(), Z.detach(), what=what)
    upstream = torch.randn(Z.shape, generator=rng, dtype=X.dtype).to(X.device)
    gradients = [torch.autograd.grad(output, X, upstream)[0] for output in (Y, Z)]
    mine, right = [grad - grad.mean(dim=1, keepdim=True) for grad in gradients] if along_rows else gradients
    assert_close(mine, right, what=f"the gradient of {what}")


@exercise("softmax", forbid=["softmax", "log_softmax", "logsumexp"])
class TestSoftmax:
    @criterion("every row holds its own probabilities", weight=4, hint="divide each row of exponentials by the sum of that row: dim=1")
    def test_values(self, student, rng, device):
        cases = {f"softmax of scores {n}×{k}": (scores(rng, n, k, device),) for n, k in SHAPES}
        assert_agrees(student.softmax, reference.softmax, cases)

    @criterion(
        "stays finite for scores of any size",
        weight=3,
        hint="subtract from each row its own largest score before exp: X.amax(dim=1, keepdim=True)",
    )
    def test_any_size(self, student, rng, device):
        small = scores(rng, 4, 5, device)
        cases = {
            "scores near 1000": small + 1000,
            "scores near -1000": small - 1000,
            "equal scores": torch.full((2, 3), 500.0, device=device),
            "rows near 1000 and rows near -1000": small + torch.tensor([1000.0, -1000.0, 0.0, 300.0], device=device)[:, None],
            "scores far apart": small * 300,
        }
        for (words, X), P in zip(cases.items(), student.softmax.each((X,) for X in cases.values()), strict=True):
            assert_finite(P, what=f"softmax of {words}")
            assert_close(P, reference.softmax(X), what=f"softmax of {words}", rtol=1e-4)

    @criterion("gradients are right", weight=2, hint="stay with tensor operations from X to the result: no .item(), .detach() or NumPy")
    def test_gradients(self, student, rng, device):
        X = scores(rng, 3, 4, device, torch.float64).requires_grad_()
        assert_gradients(student.softmax, X, what="softmax(X)")
        assert_same_gradient(student.softmax, reference.softmax, X, rng, what="softmax(X)")

    @criterion("works on all rows at once", hint="sum(dim=1, keepdim=True) treats every row in one operation: no loop over the samples")
    def test_vectorised(self, student, rng, device):
        X = scores(rng, 6, 5, device)
        assert_close(student.softmax(X.clone()), reference.softmax(X), what="softmax(X)")
        assert_vectorised(student.softmax, lambda n: (scores(rng, n, 5, device),), what="softmax")

    @criterion("keeps the dtype, and takes scores in any memory order", hint="the result has the dtype of X: float64 in, float64 out")
    def test_dtype(self, student, rng, device):
        X, turned = scores(rng, 6, 4, device, torch.float64), transposed(scores(rng, 4, 7, device))
        assert_agrees(student.softmax, reference.softmax, {"softmax of float64 scores": (X,), "softmax of non-contiguous scores": (turned,)})

    @criterion("leaves its input unchanged", hint="X -= … and exp_() write into the caller's tensor; X = X - … does not")
    def test_unchanged(self, student, rng, device):
        X = scores(rng, 5, 6, device)
        before = X.clone()
        P = student.softmax(X)
        assert_unchanged(before, X, what="X")
        assert_close(P, reference.softmax(before), what="softmax(X)")


@exercise("log_softmax", forbid=["softmax", "log_softmax", "logsumexp"])
class TestLogSoftmax:
    @criterion("equals the logarithms of the probabilities", weight=4, hint="Z - log(sum(exp(Z))) by rows, with Z = X minus the row's maximum")
    def test_values(self, student, rng, device):
        cases = {f"log_softmax of scores {n}×{k}": (scores(rng, n, k, device),) for n, k in SHAPES}
        assert_agrees(student.log_softmax, reference.log_softmax, cases)

    @criterion(
        "stays finite for scores far apart and scores of any size",
        weight=3,
        hint="never take the logarithm of a probability: only of the sum, which is at least 1 after the shift",
    )
    def test_any_size(self, student, rng, device):
        small = scores(rng, 4, 5, device)
        cases = {
            "scores that lie 200 apart": small + torch.tensor([0.0, 200.0, 0.0, 200.0, 0.0], device=device),
            "scores that lie hundreds apart": small * 300,
            "scores near 1000": small + 1000,
            "scores near -1000": small - 1000,
            "equal scores": torch.full((2, 3), 500.0, device=device),
            "rows near 1000 and rows near -1000": small + torch.tensor([1000.0, -1000.0, 0.0, 300.0], device=device)[:, None],
        }
        for (words, X), L in zip(cases.items(), student.log_softmax.each((X,) for X in cases.values()), strict=True):
            assert_finite(L, what=f"log_softmax of {words}")
            # Adding the maximum back before subtracting is a right answer; in float32 it costs 1e-4 at scores near 1000.
            assert_close(L, reference.log_softmax(X), what=f"log_softmax of {words}", rtol=1e-5, atol=2e-3)

    @criterion("gradients are right", hint="stay with tensor operations from X to the result: no .item(), .detach() or NumPy")
    def test_gradients(self, student, rng, device):
        X = scores(rng, 3, 4, device, torch.float64).requires_grad_()
        assert_gradients(student.log_softmax, X, what="log_softmax(X)")
        assert_same_gradient(student.log_softmax, reference.log_softmax, X, rng, what="log_softmax(X)")

    @criterion("keeps the dtype, and takes scores in any memory order", hint="the result has the dtype of X: float64 in, float64 out")
    def test_dtype(self, student, rng, device):
        X, turned = scores(rng, 6, 4, device, torch.float64), transposed(scores(rng, 4, 7, device))
        cases = {"log_softmax of float64 scores": (X,), "log_softmax of non-contiguous scores": (turned,)}
        assert_agrees(student.log_softmax, reference.log_softmax, cases)

    @criterion("leaves its input unchanged", hint="X -= … and exp_() write into the caller's tensor; X = X - … does not")
    def test_unchanged(self, student, rng, device):
        X = scores(rng, 5, 6, device)
        before = X.clone()
        L = student.log_softmax(X)
        assert_unchanged(before, X, what="X")
        assert_close(L, reference.log_softmax(before), what="log_softmax(X)")


@exercise("cross_entropy")
class TestCrossEntropy:
    @criterion(
        "is minus the logarithm of the label's probability, one loss a sample",
        weight=3,
        hint="pick entry y[i] of row i, y_hat[range(len(y)), y], then take minus the logarithm; no sum, no mean",
    )
    def test_values(self, student, rng, device):
        cases = {f"cross_entropy of probabilities {n}×{k}": (probabilities(rng, n, k, device), labels(rng, n, k, device)) for n, k in SHAPES}
        assert_agrees(student.cross_entropy, reference.cross_entropy, cases)

    @criterion(
        "gives +inf for a label of probability 0, and never NaN",
        weight=2,
        hint="pick the label's probability first and take its logarithm then: 0 · log(0) of another class is NaN",
    )
    def test_zeros(self, student, rng, device):
        y = labels(rng, 5, 4, device)
        y_hat = torch.eye(4, device=device)[y]
        assert_close(student.cross_entropy(y_hat.clone(), y), torch.zeros(5, device=device), what="the loss of sure and right guesses")
        y_hat = probabilities(rng, 5, 4, device)
        y_hat[1, y[1]] = 0
        y_hat = y_hat / y_hat.sum(dim=1, keepdim=True)
        what = "the loss with one label of probability 0"
        losses = student.cross_entropy(y_hat.clone(), y)
        assert_close(losses, reference.cross_entropy(y_hat, y), what=what)

    @criterion("gradients are right", weight=2, hint="stay with tensor operations from y_hat to the result: no .item(), .detach() or NumPy")
    def test_gradients(self, student, rng, device):
        y_hat, y = probabilities(rng, 4, 3, device, torch.float64).requires_grad_(), labels(rng, 4, 3, device)
        assert_gradients(lambda p: student.cross_entropy(p, y), y_hat, what="cross_entropy(y_hat, y)")
        assert_same_gradient(
            lambda p: student.cross_entropy(p, y),
            lambda p: reference.cross_entropy(p, y),
            y_hat,
            rng,
            what="cross_entropy(y_hat, y)",
            along_rows=True,
        )

    @criterion("works on all rows at once", hint="index with two lists side by side: y_hat[range(len(y)), y], no loop over the samples")
    def test_vectorised(self, student, rng, device):
        y_hat, y = probabilities(rng, 6, 4, device), labels(rng, 6, 4, device)
        assert_close(student.cross_entropy(y_hat.clone(), y), reference.cross_entropy(y_hat, y), what="cross_entropy(y_hat, y)")
        assert_vectorised(student.cross_entropy, lambda n: (probabilities(rng, n, 4, device), labels(rng, n, 4, device)), what="cross_entropy")

    @criterion("keeps the dtype, and takes probabilities in any memory order", hint="the result has the dtype of y_hat: float64 in, float64 out")
    def test_dtype(self, student, rng, device):
        y = labels(rng, 6, 4, device)
        y_hat, turned = probabilities(rng, 6, 4, device, torch.float64), transposed(probabilities(rng, 6, 4, device))
        cases = {"cross_entropy of float64": (y_hat, y), "cross_entropy of non-contiguous probabilities": (turned, y)}
        assert_agrees(student.cross_entropy, reference.cross_entropy, cases)

    @criterion("leaves its inputs unchanged", hint="log_() and y_hat += … write into the caller's tensor")
    def test_unchanged(self, student, rng, device):
        y_hat, y = probabilities(rng, 5, 3, device), labels(rng, 5, 3, device)
        y_hat_before, y_before = y_hat.clone(), y.clone()
        losses = student.cross_entropy(y_hat, y)
        assert_unchanged(y_hat_before, y_hat, what="y_hat")
        assert_unchanged(y_before, y, what="y")
        assert_close(losses, reference.cross_entropy(y_hat_before, y_before), what="cross_entropy(y_hat, y)")


@exercise("softmax_cross_entropy_grad", forbid=CROSS_ENTROPY + NO_AUTOGRAD)
class TestSoftmaxCrossEntropyGrad:
    @criterion(
        "is prediction minus truth, for every sample",
        weight=4,
        hint="softmax(O) minus the one-hot rows of y; row i belongs to sample i alone and is not divided by n",
    )
    def test_values(self, student, rng, device):
        cases = {f"the gradient for scores {n}×{k}": (scores(rng, n, k, device), labels(rng, n, k, device)) for n, k in SHAPES}
        assert_agrees(student.softmax_cross_entropy_grad, reference.softmax_cross_entropy_grad, cases)

    @criterion("works on all rows at once", weight=2, hint="torch.nn.functional.one_hot treats all labels at once: no loop over the samples")
    def test_vectorised(self, student, rng, device):
        logits, y = scores(rng, 6, 5, device), labels(rng, 6, 5, device)
        G = student.softmax_cross_entropy_grad(logits.clone(), y)
        assert_close(G, reference.softmax_cross_entropy_grad(logits, y), what="the gradient")
        assert_vectorised(
            student.softmax_cross_entropy_grad,
            lambda n: (scores(rng, n, 5, device), labels(rng, n, 5, device)),
            what="softmax_cross_entropy_grad",
        )

    @criterion("takes the number of classes from O", hint="the last classes may not occur in y: the one-hot matrix is as wide as O")
    def test_missing_classes(self, student, rng, device):
        logits, y = scores(rng, 5, 6, device), torch.tensor([1, 0, 2, 1, 1], device=device)
        G = student.softmax_cross_entropy_grad(logits.clone(), y)
        assert_close(G, reference.softmax_cross_entropy_grad(logits, y), what="the gradient where the last classes do not occur")

    @criterion("keeps the dtype, and takes scores in any memory order", hint="the result has the dtype of O: float64 in, float64 out")
    def test_dtype(self, student, rng, device):
        logits, y = scores(rng, 6, 4, device, torch.float64), labels(rng, 6, 4, device)
        turned = transposed(scores(rng, 6, 4, device))
        cases = {"the gradient for float64 scores": (logits, y), "the gradient for non-contiguous scores": (turned, y)}
        assert_agrees(student.softmax_cross_entropy_grad, reference.softmax_cross_entropy_grad, cases)

    @criterion("leaves its inputs unchanged", hint="subtract the ones from a new tensor, never from O")
    def test_unchanged(self, student, rng, device):
        logits, y = scores(rng, 7, 5, device), labels(rng, 7, 5, device)
        logits_before, y_before = logits.clone(), y.clone()
        G = student.softmax_cross_entropy_grad(logits, y)
        assert_unchanged(logits_before, logits, what="O")
        assert_unchanged(y_before, y, what="y")
        assert_close(G, reference.softmax_cross_entropy_grad(logits_before, y_before), what="the gradient")

    @criterion("is plain arithmetic that needs no graph", hint="write the closed form; autograd is not needed")
    def test_no_graph(self, student, rng, device):
        logits, y = scores(rng, 7, 4, device), labels(rng, 7, 4, device)
        G = student.run(softmax_cross_entropy_grad_without_graph, logits=logits, y=y)
        assert_close(G, reference.softmax_cross_entropy_grad(logits, y), what="the gradient, with autograd switched off,")


def softmax_cross_entropy_grad_without_graph(student, logits, y):
    import torch

    with torch.inference_mode():
        return student.softmax_cross_entropy_grad(logits, y).clone()


@exercise("softmax_jacobian", forbid=["softmax_backward_data", *NO_AUTOGRAD])
class TestSoftmaxJacobian:
    @criterion("is diag(p) minus p times p transposed, one matrix a sample", weight=3, hint="torch.diag_embed(p), minus (n, k, 1) times (n, 1, k)")
    def test_values(self, student, rng, device):
        cases = {f"softmax_jacobian of {n}×{k}": (probabilities(rng, n, k, device),) for n, k in SHAPES}
        assert_agrees(student.softmax_jacobian, reference.softmax_jacobian, cases)

    @criterion("works on all rows at once", weight=2, hint="p.unsqueeze(2) * p.unsqueeze(1) makes all outer products: no loop over the samples")
    def test_vectorised(self, student, rng, device):
        p = probabilities(rng, 6, 4, device)
        assert_close(student.softmax_jacobian(p.clone()), reference.softmax_jacobian(p), what="softmax_jacobian(p)")
        assert_vectorised(student.softmax_jacobian, lambda n: (probabilities(rng, n, 4, device),), what="softmax_jacobian")

    @criterion("keeps the dtype, and takes probabilities in any memory order", hint="the result has the dtype of p: float64 in, float64 out")
    def test_dtype(self, student, rng, device):
        p, turned = probabilities(rng, 6, 4, device, torch.float64), transposed(probabilities(rng, 4, 7, device))
        cases = {"softmax_jacobian of float64": (p,), "softmax_jacobian of non-contiguous probabilities": (turned,)}
        assert_agrees(student.softmax_jacobian, reference.softmax_jacobian, cases)

    @criterion("leaves its input unchanged", hint="operations that end in _ write into the caller's tensor")
    def test_unchanged(self, student, rng, device):
        p = probabilities(rng, 5, 6, device)
        before = p.clone()
        J = student.softmax_jacobian(p)
        assert_unchanged(before, p, what="p")
        assert_close(J, reference.softmax_jacobian(before), what="softmax_jacobian(p)")

    @criterion("is plain arithmetic that needs no graph", hint="write the closed form; autograd is not needed")
    def test_no_graph(self, student, rng, device):
        p = probabilities(rng, 4, 5, device)
        J = student.run(softmax_jacobian_without_graph, p=p)
        assert_close(J, reference.softmax_jacobian(p), what="softmax_jacobian(p), with autograd switched off,")


def softmax_jacobian_without_graph(student, p):
    import torch

    with torch.inference_mode():
        return student.softmax_jacobian(p).clone()


@exercise("accuracy")
class TestAccuracy:
    @criterion("counts the right predictions of a batch", weight=3, hint="compare argmax(dim=1) with y and sum; return the count, not the share")
    def test_counts(self, student, rng, device):
        cases = {f"accuracy of probabilities {n}×{k}": guesses(rng, n, k, device) for n, k in [(6, 4), (9, 3), (23, 11)]}
        y_hat, y = guesses(rng, 8, 5, device)
        cases["accuracy of float64 probabilities that are not contiguous"] = transposed(y_hat.double()), y
        assert_agrees(student.accuracy, reference.accuracy, cases)

    @criterion("takes predicted labels as well", weight=2, hint="a y_hat with one dimension holds labels already: no argmax")
    def test_predicted_labels(self, student, rng, device):
        cases = {}
        for n, k in [(6, 4), (23, 11)]:
            y_hat, y = guesses(rng, n, k, device)
            cases[f"accuracy of {n} predicted labels"] = y_hat.argmax(dim=1), y
        assert_agrees(student.accuracy, reference.accuracy, cases)

    @criterion("takes a batch of one", hint="a batch of one has shape (1, k): ask for y_hat.ndim, not for its length")
    def test_batch_of_one(self, student, rng, device):
        for k in (4, 7):
            y_hat = probabilities(rng, 1, k, device)
            y = y_hat.argmax(dim=1)
            cases = {"accuracy of one sample that is right": (y_hat, y), "accuracy of one sample that is wrong": (y_hat, (y + 1) % k)}
            assert_agrees(student.accuracy, reference.accuracy, cases)

    @criterion("looks for the largest entry, whatever its size", hint="the largest of a row wins, be it 0.3 or -7")
    def test_scores(self, student, rng, device):
        y_hat, y = guesses(rng, 12, 5, device)
        cases = {"accuracy of small scores": (y_hat / 100, y), "accuracy of negative scores": (y_hat - 7, y), "accuracy of large scores": (30 * y_hat, y)}
        assert_agrees(student.accuracy, reference.accuracy, cases)

    @criterion("leaves its inputs unchanged", hint="no operation that ends in _, no assignment into y_hat or y")
    def test_unchanged(self, student, rng, device):
        y_hat, y = guesses(rng, 23, 5, device)
        y_hat_before, y_before = y_hat.clone(), y.clone()
        right = student.accuracy(y_hat, y)
        assert_unchanged(y_hat_before, y_hat, what="y_hat")
        assert_unchanged(y_before, y, what="y")
        assert_close(right, reference.accuracy(y_hat_before, y_before), what="accuracy(y_hat, y)")


def guesses(rng, n, k, device):
    """Probabilities and labels of which about two thirds agree: never all, never none, never half."""
    y_hat = probabilities(rng, n, k, device)
    y = y_hat.argmax(dim=1)
    y[: n // 3] = (y[: n // 3] + 1) % k
    shuffle = torch.randperm(n, generator=rng).to(device)
    return y_hat[shuffle], y[shuffle]


@exercise("Accumulator")
class TestAccumulator:
    @criterion("adds up n numbers side by side", weight=4, hint="add(a, b, …) adds a to the first sum, b to the second, and so on")
    def test_sums(self, student, rng):
        for n in (1, 3, 4):
            rows = torch.randn(5, n, generator=rng, dtype=torch.float64)
            sums = student.run(accumulator_add, n=n, rows=rows.tolist())
            assert_close(sums, rows.sum(dim=0).tolist(), what=f"after five calls of add on m = Accumulator({n}), m", rtol=1e-5, atol=1e-5)

    @criterion("starts again from zero after reset", weight=2, hint="reset keeps n sums and sets all of them to 0.0")
    def test_reset(self, student):
        seen = student.run(accumulator_reset, first=[1.5, 2.5, 3.5], second=[4.0, 5.0, -6.0])
        assert_close(seen["after reset"], [0.0, 0.0, 0.0], what="after reset, m")
        assert_close(seen["used again"], [4.0, 5.0, -6.0], what="after reset and one call of add, m")

    @criterion("holds plain numbers, also when it is given tensors", hint="float(number) turns a one-element tensor into a number")
    def test_plain_numbers(self, student):
        rows = [[torch.tensor(1.5, requires_grad=True), torch.tensor(2)], [torch.tensor(1.0), 3]]
        sums = student.run(accumulator_add, n=2, rows=rows)
        for i, total in enumerate(sums):
            kind = kind_of(total)
            expect(kind == "number", f"sum {i} is held as a {kind}, a plain number was expected", "wrong type")
        assert_close(sums, [2.5, 5.0], what="after adding tensors, m")

    @criterion("each Accumulator has sums of its own", hint="make the list in __init__, as self.data, not in the class body")
    def test_independent(self, student):
        seen = student.run(accumulators_side_by_side, first=[1.0, 2.0], second=[10.0, 20.0])
        assert_close(seen["first"], [1.0, 2.0], what="with two accumulators in use, the first one's m")
        assert_close(seen["second"], [10.0, 20.0], what="with two accumulators in use, the second one's m")


def accumulator_add(student, n, rows):
    sums = student.Accumulator(n)
    for row in rows:
        sums.add(*row)
    return [sums[i] for i in range(n)]


def accumulator_reset(student, first, second):
    sums = student.Accumulator(len(first))
    sums.add(*first)
    sums.reset()
    after_reset = [sums[i] for i in range(len(first))]
    sums.add(*second)
    return {"after reset": after_reset, "used again": [sums[i] for i in range(len(first))]}


def accumulators_side_by_side(student, first, second):
    one, other = student.Accumulator(len(first)), student.Accumulator(len(second))
    one.add(*first)
    other.add(*second)
    return {"first": [one[i] for i in range(len(first))], "second": [other[i] for i in range(len(second))]}


@exercise("evaluate_accuracy")
class TestEvaluateAccuracy:
    @criterion("is the share of right predictions", weight=3, hint="right predictions divided by samples, over all batches")
    def test_share(self, student, rng, device):
        assert_shares(student, rng, device, ([5], [4, 4, 4]))

    @criterion("counts every sample once, also when batches differ in size", weight=3, hint="add up counts and divide once, at the end")
    def test_short_batch(self, student, rng, device):
        assert_shares(student, rng, device, ([7, 3], [6, 6, 1], [2, 9, 4]))

    @criterion("puts a Module in evaluation mode and leaves it there", weight=2, hint="net.eval() if isinstance(net, torch.nn.Module)")
    def test_eval_mode(self, student, rng, device):
        data, right = data_of(rng, [6, 6], device)
        seen = student.run(evaluate_accuracy_of_a_module, data=data)
        assert_close(seen["share"], right / 12, what="evaluate_accuracy of a Module", rtol=1e-5)
        expect(not any(seen["training"]), "the Module was called in training mode")
        expect(seen["left in training"] is False, "the Module was left in training mode")

    @criterion("records no graph", weight=2, hint="call net under `with torch.no_grad():`")
    def test_no_graph(self, student, rng, device):
        data, right = data_of(rng, [6, 6], device)
        seen = student.run(evaluate_accuracy_of_a_module, data=data)
        assert_close(seen["share"], right / 12, what="evaluate_accuracy of a Module", rtol=1e-5)
        expect(not any(seen["recording"]), "net was called while autograd was recording")


def assert_shares(student, rng, device, all_sizes):
    """evaluate_accuracy is right for data in batches of these sizes; several data sets."""
    cases = [data_of(rng, sizes, device) for sizes in all_sizes]
    shares = student.evaluate_accuracy.each((as_it_is, data) for data, _ in cases)
    for sizes, (_, right), share in zip(all_sizes, cases, shares, strict=True):
        assert_close(share, right / sum(sizes), what=f"evaluate_accuracy over batches of {sizes}", rtol=1e-5)


def as_it_is(X):
    return X


def data_of(rng, sizes, device):
    """Batches of these sizes in which each sample is its own row of scores, and how many are right: all of the first, few of the others."""
    data, right = [], 0
    for i, n in enumerate(sizes):
        X = scores(rng, n, 4, device)
        y = X.argmax(dim=1)
        wrong = n // 4 if i == 0 else n - n // 3
        y[:wrong] = (y[:wrong] + 1) % 4
        data.append((X, y))
        right += n - wrong
    return data, right


def evaluate_accuracy_of_a_module(student, data):
    import torch

    training, recording = [], []

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = torch.nn.Parameter(torch.ones(1, device=data[0][0].device))

        def forward(self, X):
            training.append(self.training)
            recording.append(torch.is_grad_enabled())
            return X * self.scale

    net = Net().train()
    share = student.evaluate_accuracy(net, data)
    return {"share": share, "training": training, "recording": recording, "left in training": net.training}


@exercise("sgd")
class TestSgd:
    @criterion(
        "moves each parameter against its gradient, by lr over the batch size",
        weight=4,
        hint="param -= lr * param.grad / batch_size; the gradient is a sum, and sgd is the one who divides",
    )
    def test_step(self, student, rng, device):
        settings = [(0.3, 7, torch.float32), (0.05, 1, torch.float32), (1.7, 12, torch.float64)]
        cases = [(*parameters(rng, device, dtype), lr, batch_size) for lr, batch_size, dtype in settings]
        for (params, grads, lr, batch_size), after in zip(cases, student.run(sgd_in_turn, cases=cases), strict=True):
            expected = [p - lr * g / batch_size for p, g in zip(params, grads, strict=True)]
            assert_close(after, expected, what=f"params after sgd with lr={lr} and batch_size={batch_size}: params", rtol=1e-5)

    @criterion("writes in place, into the memory the parameter has", weight=2, hint="-= under torch.no_grad(); param.data = … takes new memory")
    def test_in_place(self, student, rng, device):
        params, grads = parameters(rng, device)
        seen = student.run(sgd_once, params=params, grads=grads, lr=0.3, batch_size=7)
        expected = [p - 0.3 * g / 7 for p, g in zip(params, grads, strict=True)]
        assert_close(seen["views"], expected, what="a view taken before the step: views", rtol=1e-5)

    @criterion("clears the gradients after the step", weight=2, hint="param.grad.zero_(), for every parameter: backward() adds to what it finds")
    def test_clears(self, student, rng, device):
        params, grads = parameters(rng, device)
        for i, left in enumerate(student.run(sgd_once, params=params, grads=grads, lr=0.3, batch_size=7)["left"]):
            expect(left == 0, f"the gradient of parameter {i} is not cleared after the step")

    @criterion("stays right over twenty steps", weight=2, hint="after a step the parameter still requires a gradient, and the old one is gone")
    def test_twenty_steps(self, student, rng, device):
        params, _ = parameters(rng, device, torch.float64)
        targets = [torch.randn(p.shape, generator=rng, dtype=torch.float64).to(device) for p in params]
        after = student.run(sgd_many_times, params=params, targets=targets, lr=0.2, batch_size=3, num_steps=20)
        # Each step of w on sum((w - t)²) shrinks the distance to t by the factor 1 - 2 lr / batch_size.
        expected = [t + (p - t) * (1 - 2 * 0.2 / 3) ** 20 for p, t in zip(params, targets, strict=True)]
        assert_close(after, expected, what="params after twenty steps: params", rtol=1e-5)


def parameters(rng, device, dtype=torch.float32):
    """Three parameters of different shapes and a gradient for each."""
    made = [torch.randn(shape, generator=rng, dtype=dtype).to(device) for shape in [(3, 4), (4,), (1, 2, 3)] * 2]
    return made[:3], made[3:]


def sgd_in_turn(student, cases):
    all_after = []
    for params, grads, lr, batch_size in cases:
        params = [p.requires_grad_() for p in params]
        for param, grad in zip(params, grads, strict=True):
            param.grad = grad.clone()
        student.sgd(list(params), lr, batch_size)
        all_after.append([p.detach() for p in params])
    return all_after


def sgd_once(student, params, grads, lr, batch_size):
    views = [p.detach() for p in params]
    params = [p.requires_grad_() for p in params]
    for param, grad in zip(params, grads, strict=True):
        param.grad = grad.clone()
    student.sgd(list(params), lr, batch_size)
    left = [0.0 if p.grad is None else float(p.grad.abs().max()) for p in params]
    return {"after": [p.detach() for p in params], "views": views, "left": left}


def sgd_many_times(student, params, targets, lr, batch_size, num_steps):
    params = [p.requires_grad_() for p in params]
    for _ in range(num_steps):
        sum(((p - t) ** 2).sum() for p, t in zip(params, targets, strict=True)).backward()
        student.sgd(list(params), lr, batch_size)
    return [p.detach() for p in params]


@exercise("train_epoch")
class TestTrainEpoch:
    @criterion(
        "trains with updater(batch_size): gradient of the summed losses, size of each batch",
        weight=3,
        hint="loss(y_hat, y).sum().backward(), then updater(len(y)), in every batch; the last batch may be short",
    )
    def test_function(self, student, rng, device):
        all_sizes = ([6, 6, 2], [5])
        cases = [labelled(rng, sizes, device) for sizes in all_sizes]
        for sizes, (data, W), seen in zip(all_sizes, cases, student.run(train_epoch_with_a_function, cases=cases, lr=0.4), strict=True):
            expect(seen["told"] == sizes, f"updater was told {one_line_of(seen['told'])} for batches of {sizes}")
            assert_close(seen["W"], trained_one_epoch(data, W, lr=0.4), what="the weights after one epoch with a function", rtol=1e-5)

    @criterion(
        "trains with a torch optimizer: clears, gradient of the mean loss, steps",
        weight=3,
        hint="in every batch: zero_grad(), loss(y_hat, y).mean().backward(), step()",
    )
    def test_optimizer(self, student, rng, device):
        cases = [labelled(rng, sizes, device) for sizes in ([6, 6, 2], [5])]
        for (data, W), seen in zip(cases, student.run(train_epoch_with_an_optimizer, cases=cases, lr=0.4), strict=True):
            assert_close(seen["W"], trained_one_epoch(data, W, lr=0.4), what="the weights after one epoch with torch.optim.SGD", rtol=1e-5)

    @criterion(
        "returns mean loss and accuracy of the whole epoch",
        weight=4,
        hint="add up losses, right answers and samples; divide both once, after the loop",
    )
    def test_returns(self, student, rng, device):
        all_sizes = ([7, 7, 3], [2, 9], [4])
        cases = [labelled(rng, sizes, device) for sizes in all_sizes]
        for sizes, (data, W), returned in zip(all_sizes, cases, student.run(train_epoch_that_only_measures, cases=cases), strict=True):
            expect(isinstance(returned, tuple | list) and len(returned) == 2, "train_epoch did not return two things", "wrong type")
            what = f"of an epoch with batches of {sizes}"
            assert_close(returned[0], mean_loss(data, W), what=f"the mean loss {what}", rtol=1e-4)
            assert_close(returned[1], share_right(data, W), what=f"the accuracy {what}", rtol=1e-4)

    @criterion("puts a Module in training mode", weight=2, hint="net.train() if isinstance(net, torch.nn.Module), before the loop")
    def test_train_mode(self, student, rng, device):
        data, W = labelled(rng, [4, 4], device)
        training = student.run(train_epoch_with_an_optimizer, cases=[(data, W)], lr=0.4)[0]["training"]
        expect(isinstance(training, list) and len(training) >= 2, "the Module was not called once a batch")
        expect(all(mode is True for mode in training), "the Module was called in evaluation mode")


def labelled(rng, sizes, device):
    """Float64 batches of these sizes, (n, 5) with labels of 3 classes, and a weight matrix (5, 3)."""
    W = torch.randn(5, 3, generator=rng, dtype=torch.float64).to(device)
    return [(torch.randn(n, 5, generator=rng, dtype=torch.float64).to(device), labels(rng, n, 3, device)) for n in sizes], W


def trained_one_epoch(data, W, lr):
    """The weights after one epoch of softmax regression without bias, by the closed form of the gradient."""
    for X, y in data:
        W = W - lr * X.T @ reference.softmax_cross_entropy_grad(X @ W, y) / len(y)
    return W


def mean_loss(data, W):
    losses = [reference.cross_entropy(torch.softmax(X @ W, dim=1), y) for X, y in data]
    return torch.cat(losses).mean().item()


def share_right(data, W):
    return torch.cat([(X @ W).argmax(dim=1) == y for X, y in data]).double().mean().item()


def one_line_of(value):
    return str(value)[:80]


def train_epoch_with_a_function(student, cases, lr):
    import torch

    def trained(data, W):
        W = W.requires_grad_()
        told = []

        def updater(batch_size):
            told.append(batch_size)
            with torch.no_grad():
                W.sub_(lr * W.grad / batch_size)
                W.grad = None

        student.train_epoch(lambda X: X @ W, data, torch.nn.CrossEntropyLoss(reduction="none"), updater)
        return {"W": W.detach(), "told": told}

    return [trained(data, W) for data, W in cases]


def train_epoch_with_an_optimizer(student, cases, lr):
    import torch

    class Net(torch.nn.Module):
        def __init__(self, W):
            super().__init__()
            self.W = torch.nn.Parameter(W)
            self.seen = []

        def forward(self, X):
            self.seen.append(self.training)
            return X @ self.W

    def trained(data, W):
        net = Net(W).eval()
        optimizer = torch.optim.SGD(net.parameters(), lr=lr)
        student.train_epoch(net, data, torch.nn.CrossEntropyLoss(reduction="none"), optimizer)
        return {"W": net.W.detach(), "training": net.seen}

    return [trained(data, W) for data, W in cases]


def train_epoch_that_only_measures(student, cases):
    import torch

    loss = torch.nn.CrossEntropyLoss(reduction="none")
    return [student.train_epoch(lambda X, W=W.requires_grad_(): X @ W, data, loss, lambda batch_size: None) for data, W in cases]


@exercise("train")
class TestTrain:
    @criterion(
        "keeps (train loss, train accuracy, test accuracy) of every epoch",
        weight=3,
        hint="in every epoch first train_epoch, then evaluate_accuracy on the test data, then append all three",
    )
    def test_history(self, student, rng, device):
        cases = [(*labelled(rng, [8, 8, 3], device), labelled(rng, [9, 4], device)[0], num_epochs) for num_epochs in (2, 5)]
        for (train_data, W, test_data, num_epochs), history in zip(cases, student.run(train_on_a_few_samples, cases=cases), strict=True):
            expected = run_of(train_data, test_data, W, num_epochs)
            assert_close(history, expected, what=f"the record of {num_epochs} epochs", rtol=1e-4)

    @criterion(
        "reads the digits: test accuracy at least 0.93 with your own softmax, cross_entropy and sgd",
        weight=3,
        hint="if the other exercises are right: does every epoch train, on the training data, with the updater it was given?",
        timeout_s=30,
    )
    def test_digits(self, student):
        X_train, y_train, X_test, y_test = (part.flatten(1) if part.ndim > 2 else part for part in digits())
        W, b = student.run(train_on_digits, X_train=X_train, y_train=y_train, X_test=X_test, y_test=y_test, goal=0.93, num_epochs=12)
        assert_finite(W, what="W after training on the digits")
        assert_finite(b, what="b after training on the digits")
        share = ((X_test @ W + b).argmax(dim=1) == y_test).double().mean().item()
        expect(share >= 0.93, f"the test accuracy on the digits is {share:.3f} after at most 12 epochs, at least 0.93 was expected")


def run_of(train_data, test_data, W, num_epochs):
    """What `train` should return for train_on_a_few_samples: loss and accuracy from before each batch's step, test accuracy after each epoch."""
    history = []
    for _ in range(num_epochs):
        losses, right = [], []
        for X, y in train_data:
            losses.append(reference.cross_entropy(torch.softmax(X @ W, dim=1), y))
            right.append((X @ W).argmax(dim=1) == y)
            W = trained_one_epoch([(X, y)], W, lr=0.4)
        history.append((torch.cat(losses).mean().item(), torch.cat(right).double().mean().item(), share_right(test_data, W)))
    return history


def train_on_a_few_samples(student, cases):
    import torch

    def trained(train_data, W, test_data, num_epochs):
        net = torch.nn.Linear(5, 3, bias=False, dtype=torch.float64, device=W.device)
        with torch.no_grad():
            net.weight.copy_(W.T)
        loss = torch.nn.CrossEntropyLoss(reduction="none")
        return student.train(net, train_data, test_data, loss, num_epochs, torch.optim.SGD(net.parameters(), lr=0.4))

    return [trained(*case) for case in cases]


def train_on_digits(student, X_train, y_train, X_test, y_test, goal, num_epochs):
    """Trains; the training ends with the epoch that reaches the goal."""
    import contextlib

    import torch

    W = torch.normal(0, 0.01, size=(64, 10), requires_grad=True)
    b = torch.zeros(10, requires_grad=True)

    class Enough(BaseException):
        """Not an Exception, which an answer may catch."""

    class Shuffled:
        def __len__(self):
            return -(-len(y_train) // 256)

        def __iter__(self):
            for rows in torch.randperm(len(y_train)).split(256):
                yield X_train[rows], y_train[rows]
            with torch.no_grad():
                if ((X_test @ W + b).argmax(dim=1) == y_test).double().mean() >= goal:
                    raise Enough

    with contextlib.suppress(Enough):
        student.train(
            lambda X: student.softmax(X @ W + b),
            Shuffled(),
            [(X_test, y_test)],
            student.cross_entropy,
            num_epochs,
            lambda batch_size: student.sgd([W, b], 2.0, batch_size),
        )
    return [W.detach(), b.detach()]
