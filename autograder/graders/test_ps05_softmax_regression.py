"""Hidden grader of ps05_softmax_regression."""

import torch
from course_tools import digits

from autograder import StudentFailure, assert_close, assert_finite, case, criterion, exercise, expect, kind_of, other_order, part
from solutions.ps05_softmax_regression import softmax_regression as reference

SIZES = [(1, 4), (5, 3), (7, 11)]
NO_AUTOGRAD = ["grad", "backward", "make_dual"]
CROSS_ENTROPY = ["cross_entropy", "log_softmax"]


def scores(draw, n=5, k=4):
    """Scores (n, k) of a size at which no probability is lost to rounding."""
    return (draw.normal(n, k, scale=1.5),)


def sharp(small):
    """Scores at which a softmax without the shift breaks down."""
    return {
        "scores near 1000": (small + 1000,),
        "scores near -1000": (small - 1000,),
        "equal scores": (torch.full((2, 3), 500.0, device=small.device),),
        "rows near 1000 and rows near -1000": (small + torch.tensor([1000.0, -1000.0, 0.0, 300.0], device=small.device)[:, None],),
        "scores that lie hundreds apart": (small * 300,),
    }


def sharper(small):
    return {"scores that lie 200 apart": (small + torch.tensor([0.0, 200.0, 0.0, 200.0, 0.0], device=small.device),), **sharp(small)}


def exp_by(X, dims):
    E = torch.exp(X - X.amax(dim=1, keepdim=True))
    return E / E.sum(dim=dims, keepdim=True)


softmax = case(
    reference.softmax,
    scores,
    SIZES,
    slips={
        "each column adds up to one; each row should": (lambda X: torch.softmax(X, 0), lambda X: exp_by(X, 0)),
        "all entries together add up to one; each row should": (lambda X: torch.softmax(X.flatten(), 0).view_as(X), lambda X: exp_by(X, (0, 1))),
        "the exponentials are not divided by their sum": lambda X: torch.exp(X),
        "the exponentials, shifted, are not divided by their sum": lambda X: torch.exp(X - X.amax(dim=1, keepdim=True)),
        "the scores themselves are divided by their sum, not their exponentials": lambda X: X / X.sum(dim=1, keepdim=True),
        "the scores are given back as they came": lambda X: X,
        "the logarithms of the probabilities are given back": reference.log_softmax,
    },
)


@exercise("softmax", forbid=["softmax", "log_softmax", "logsumexp"])
class TestSoftmax:
    test_values = softmax.agrees(
        "every row holds its own probabilities", weight=4, hint="divide each row of exponentials by the sum of that row: dim=1, keepdim=True"
    )
    test_any_size = softmax.stays_finite(
        "stays finite for scores of any size",
        inputs=lambda draw: sharp(*scores(draw, 4, 5)),
        weight=3,
        hint="subtract from each row its own largest score before exp: X.amax(dim=1, keepdim=True)",
        rtol=1e-4,
    )
    test_dtype = softmax.keeps_dtype(title="keeps the dtype, and takes scores in any memory order")
    test_gradients = softmax.gradients(weight=2)
    test_vectorised = softmax.at_once("n", title="works on all rows at once", hint="sum(dim=1, keepdim=True) treats every row in one operation")
    test_unchanged = softmax.leaves_inputs(title="leaves its input unchanged", hint="X -= … and exp_() write into the caller's tensor; X = X - … does not")
    test_again = softmax.again()


log_softmax = case(
    reference.log_softmax,
    scores,
    SIZES,
    slips={
        "logarithms to base 2 are taken; here they are natural ones": lambda X: reference.log_softmax(X) / 0.6931471805599453,
        "the sign is turned": lambda X: -reference.log_softmax(X),
        "each column is normalised; each row should be": lambda X: reference.log_softmax(X.T).T,
        "the largest score is subtracted inside the logarithm, and not outside": lambda X: X - (X - X.amax(1, keepdim=True)).exp().sum(1, keepdim=True).log(),
        "the probabilities are given back, not their logarithms": reference.softmax,
    },
)


@exercise("log_softmax", forbid=["softmax", "log_softmax", "logsumexp"])
class TestLogSoftmax:
    test_values = log_softmax.agrees(
        "equals the logarithms of the probabilities", weight=4, hint="Z - log(sum(exp(Z))) by rows, with Z = X minus the row's maximum"
    )
    # Adding the maximum back before subtracting is a right answer; in float32 it costs 1e-4 at scores near 1000.
    test_any_size = log_softmax.stays_finite(
        "stays finite for scores far apart and scores of any size",
        inputs=lambda draw: sharper(*scores(draw, 4, 5)),
        weight=3,
        hint="never take the logarithm of a probability: only of the sum, which is at least 1 after the shift",
        rtol=1e-5,
        atol=2e-3,
    )
    test_dtype = log_softmax.keeps_dtype(title="keeps the dtype, and takes scores in any memory order")
    test_gradients = log_softmax.gradients()
    test_unchanged = log_softmax.leaves_inputs(title="leaves its input unchanged", hint="X -= … and exp_() write into the caller's tensor; X = X - … does not")
    test_again = log_softmax.again()


def picked(y_hat, y):
    return y_hat[range(len(y)), y]


cross_entropy = case(
    reference.cross_entropy,
    lambda draw, n=6, k=4: (draw.probabilities(n, k), draw.labels(n, k)),
    SIZES,
    slips={
        "the losses have a dimension too many: shape (n, 1)": lambda y_hat, y: reference.cross_entropy(y_hat, y)[:, None],
        "the mean over the samples is taken; here each sample keeps its loss": lambda y_hat, y: reference.cross_entropy(y_hat, y).mean(),
        "the sum over the samples is taken; here each sample keeps its loss": lambda y_hat, y: reference.cross_entropy(y_hat, y).sum(),
        "each loss is divided by the number of samples": lambda y_hat, y: reference.cross_entropy(y_hat, y) / len(y),
        "the minus is missing": lambda y_hat, y: picked(y_hat, y).log(),
        "logarithms to base 2 are taken; here they are natural ones": lambda y_hat, y: -picked(y_hat, y).log2(),
        "y_hat[:, y] pairs every sample with every label": lambda y_hat, y: -y_hat[:, y].log(),
        "the largest probability of each row is taken; that of the label is asked for": lambda y_hat, y: -y_hat.amax(1).log(),
        "softmax is taken once more; y_hat holds probabilities already": lambda y_hat, y: reference.cross_entropy(torch.softmax(y_hat, 1), y),
        "the losses of all classes are given back, not only that of the label": lambda y_hat, y: -y_hat.log(),
    },
)


@exercise("cross_entropy")
class TestCrossEntropy:
    test_values = cross_entropy.agrees(
        "is minus the logarithm of the label's probability, one loss a sample",
        weight=3,
        hint="pick entry y[i] of row i, y_hat[range(len(y)), y], then take minus the logarithm; no sum, no mean",
    )
    # Rows of probabilities add up to one, so a constant on a row of the gradient means nothing: an answer that normalises y_hat once more is right.
    test_gradients = cross_entropy.gradients(weight=2, wrt=["y_hat"], size=(4, 3), modulo=lambda gradient: gradient - gradient.mean(dim=1, keepdim=True))
    test_vectorised = cross_entropy.at_once("n", title="works on all rows at once", hint="index with two lists side by side: y_hat[range(len(y)), y]")
    test_dtype = cross_entropy.keeps_dtype(title="keeps the dtype, and takes probabilities in any memory order")
    test_unchanged = cross_entropy.leaves_inputs(hint="log_() and y_hat += … write into the caller's tensor")
    test_again = cross_entropy.again()

    @criterion(
        "gives +inf for a label of probability 0, and never NaN",
        weight=2,
        hint="pick the label's probability first and take its logarithm then: 0 · log(0) of another class is NaN, and so is its gradient",
    )
    def test_zeros(self, student, draw):
        y = draw.labels(5, 4)
        sure = torch.eye(4, device=draw.device)[y]
        rare = draw.probabilities(5, 4)
        rare[1, y[1]] = 0
        rare = rare / rare.sum(dim=1, keepdim=True)
        words = ["the loss of sure and right guesses", "the loss with one label of probability 0"]
        cross_entropy.compare(cross_entropy.ask(student, [(sure, y), (rare, y)]), words)
        leaf = sure.clone().requires_grad_()
        try:
            losses = student.cross_entropy(leaf, y)
        except StudentFailure:  # one that is written into, for instance: that has a criterion of its own
            return
        if losses.requires_grad:
            losses.sum().backward()
            assert_finite(leaf.grad, what="the gradient of y_hat, where other classes have probability 0,")


closed_form = case(
    reference.softmax_cross_entropy_grad,
    lambda draw, n=6, k=5: (draw.normal(n, k, scale=1.5), draw.labels(n, k)),
    SIZES,
    slips={
        "the minus one at the label is missing: softmax(O) alone": lambda Z, y: torch.softmax(Z, 1),
        "it is divided by the number of samples; row i belongs to sample i alone": lambda Z, y: reference.softmax_cross_entropy_grad(Z, y) / len(y),
        "the sign is turned: truth minus prediction": lambda Z, y: -reference.softmax_cross_entropy_grad(Z, y),
        "the softmax runs over the columns": lambda Z, y: reference.softmax_cross_entropy_grad(Z, y) - torch.softmax(Z, 1) + torch.softmax(Z, 0),
        "the scores are used as if they were probabilities": lambda Z, y: Z - torch.nn.functional.one_hot(y, Z.shape[1]),
        "O[:, y] -= 1 subtracts from whole columns": lambda Z, y: torch.softmax(Z, 1) - torch.isin(torch.arange(Z.shape[1], device=y.device), y).to(Z),
    },
)


@exercise("softmax_cross_entropy_grad", forbid=CROSS_ENTROPY + NO_AUTOGRAD)
class TestSoftmaxCrossEntropyGrad:
    test_values = closed_form.agrees(
        "is prediction minus truth, for every sample",
        weight=4,
        hint="softmax(O) minus the one-hot rows of y; row i belongs to sample i alone and is not divided by n",
    )
    test_missing_classes = closed_form.agrees(
        "takes the number of classes from O",
        hint="the last classes may not occur in y: the one-hot matrix is as wide as O",
        arguments=lambda draw: {"the gradient where the last classes do not occur": (*scores(draw, 5, 6), torch.tensor([1, 0, 2, 1, 1], device=draw.device))},
    )
    test_vectorised = closed_form.at_once("n", weight=2, title="works on all rows at once", hint="torch.nn.functional.one_hot treats all labels at once")
    test_dtype = closed_form.keeps_dtype(title="keeps the dtype, and takes scores in any memory order")
    test_unchanged = closed_form.leaves_inputs(hint="subtract the ones from a new tensor, never from O")
    test_no_graph = closed_form.needs_no_graph()
    test_again = closed_form.again()


jacobian = case(
    reference.softmax_jacobian,
    lambda draw, n=6, k=4: (draw.probabilities(n, k),),
    SIZES,
    slips={
        "the outer product is missing: only the diagonal is there": lambda p: torch.diag_embed(p),
        "the diagonal is missing": lambda p: -p[:, :, None] * p[:, None, :],
        "plus stands where minus should": lambda p: torch.diag_embed(p) + p[:, :, None] * p[:, None, :],
        "the sign is turned": lambda p: -reference.softmax_jacobian(p),
        "the matrices of all samples are added up": lambda p: reference.softmax_jacobian(p).sum(0),
        "softmax is taken once more; p holds probabilities already": lambda p: reference.softmax_jacobian(torch.softmax(p, 1)),
        "the diagonal holds p squared": lambda p: torch.diag_embed(p**2) - p[:, :, None] * p[:, None, :],
    },
)


@exercise("softmax_jacobian", forbid=["softmax_backward_data", *NO_AUTOGRAD])
class TestSoftmaxJacobian:
    test_values = jacobian.agrees(
        "is diag(p) minus p times p transposed, one matrix a sample", weight=3, hint="torch.diag_embed(p), minus (n, k, 1) times (n, 1, k)"
    )
    test_vectorised = jacobian.at_once(
        "n", weight=2, title="works on all rows at once", hint="p.unsqueeze(2) * p.unsqueeze(1) makes all outer products: no loop over the samples"
    )
    test_dtype = jacobian.keeps_dtype(title="keeps the dtype, and takes probabilities in any memory order")
    test_unchanged = jacobian.leaves_inputs(title="leaves its input unchanged")
    test_no_graph = jacobian.needs_no_graph()
    test_again = jacobian.again()


def guesses(draw, n=23, k=5):
    """Probabilities and labels of which about two thirds agree: never all, never none, never half."""
    y_hat = draw.probabilities(n, k)
    y = y_hat.argmax(dim=1)
    y[: n // 3] = (y[: n // 3] + 1) % k
    shuffle = draw.permutation(n).to(draw.device)
    return y_hat[shuffle], y[shuffle]


accuracy = case(
    reference.accuracy,
    guesses,
    [(6, 4), (9, 3), (23, 11), (700, 300)],
    slips={
        "the share is given back; the number of right predictions is asked for": lambda y_hat, y: reference.accuracy(y_hat, y) / len(y),
        "the mistakes are counted": lambda y_hat, y: len(y) - reference.accuracy(y_hat, y),
        "all samples are counted": lambda y_hat, y: len(y),
        "the smallest entry of each row is taken for the prediction": lambda y_hat, y: reference.accuracy(-y_hat, y),
    },
)


@exercise("accuracy")
class TestAccuracy:
    test_counts = accuracy.agrees(
        "counts the right predictions of a batch", weight=3, hint="compare argmax(dim=1) with y and sum; return the count, not the share"
    )
    test_predicted_labels = accuracy.agrees(
        "takes predicted labels as well",
        weight=2,
        hint="a y_hat with one dimension holds labels already: no argmax",
        arguments=lambda draw: {
            f"accuracy of {n} predicted labels": (y_hat.argmax(dim=1), y) for n, k in [(6, 4), (23, 11)] for y_hat, y in [guesses(draw, n, k)]
        },
    )
    test_unchanged = accuracy.leaves_inputs(hint="no operation that ends in _, no assignment into y_hat or y")
    test_again = accuracy.again()

    @criterion("takes a batch of one", hint="a batch of one has shape (1, k): ask for y_hat.ndim, not for its length")
    def test_batch_of_one(self, student, draw):
        for k in (4, 7):
            y_hat = draw.probabilities(1, k)
            y = y_hat.argmax(dim=1)
            words = ["accuracy of one sample that is right", "accuracy of one sample that is wrong"]
            accuracy.compare(accuracy.ask(student, [(y_hat, y), (y_hat, (y + 1) % k)]), words)

    @criterion("looks for the largest entry, whatever its size", hint="the largest of a row wins, be it 0.3 or -7")
    def test_scores(self, student, draw):
        y_hat, y = guesses(draw, 12, 5)
        wide = other_order(guesses(draw, 8, 5)[0].double())
        words = ["small scores", "negative scores", "large scores", "float64 probabilities that are not contiguous"]
        asked = accuracy.ask(student, [(y_hat / 100, y), (y_hat - 7, y), (30 * y_hat, y), (wide, (wide.argmax(1) + draw.labels(8, 2)) % 5)])
        accuracy.compare(asked, [f"accuracy of {kind}" for kind in words])


@exercise("Accumulator")
class TestAccumulator:
    @criterion("adds up n numbers side by side", weight=4, hint="add(a, b, …) adds a to the first sum, b to the second, and so on")
    def test_sums(self, student, draw):
        for n in (1, 3, 4):
            rows = draw.float64.normal(5, n)
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
    def test_share(self, student, draw):
        assert_shares(student, draw, ([5], [4, 4, 4]))

    @criterion("counts every sample once, also when batches differ in size", weight=3, hint="add up counts and divide once, at the end")
    def test_short_batch(self, student, draw):
        assert_shares(student, draw, ([7, 3], [6, 6, 1], [2, 9, 4]))

    @criterion("puts a Module in evaluation mode and leaves it there", weight=2, hint="net.eval() if isinstance(net, torch.nn.Module)")
    def test_eval_mode(self, student, draw):
        data, right = data_of(draw, [6, 6])
        seen = student.run(evaluate_accuracy_of_a_module, data=data)
        assert_close(seen["share"], right / 12, what="evaluate_accuracy of a Module", rtol=1e-5)
        expect(not any(seen["training"]), "the Module was called in training mode")
        expect(seen["left in training"] is False, "the Module was left in training mode")

    @criterion("records no graph", weight=2, hint="call net under `with torch.no_grad():`")
    def test_no_graph(self, student, draw):
        data, right = data_of(draw, [6, 6])
        seen = student.run(evaluate_accuracy_of_a_module, data=data)
        assert_close(seen["share"], right / 12, what="evaluate_accuracy of a Module", rtol=1e-5)
        expect(not any(seen["recording"]), "net was called while autograd was recording")


def assert_shares(student, draw, all_sizes):
    """evaluate_accuracy is right for data in batches of these sizes; several data sets."""
    cases = [data_of(draw, sizes) for sizes in all_sizes]
    shares = student.evaluate_accuracy.each((as_it_is, data) for data, _ in cases)
    for sizes, (_, right), share in zip(all_sizes, cases, shares, strict=True):
        assert_close(share, right / sum(sizes), what=f"evaluate_accuracy over batches of {sizes}", rtol=1e-5)


def as_it_is(X):
    return X


def data_of(draw, sizes):
    """Batches of these sizes in which each sample is its own row of scores, and how many are right: all of the first, few of the others."""
    data, right = [], 0
    for i, n in enumerate(sizes):
        (X,) = scores(draw, n, 4)
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
    def test_step(self, student, draw):
        settings = [(0.3, 7, draw), (0.05, 1, draw), (1.7, 12, draw.float64)]
        cases = [(*parameters(drawn), lr, batch_size) for lr, batch_size, drawn in settings]
        for (params, grads, lr, batch_size), after in zip(cases, student.run(sgd_in_turn, cases=cases), strict=True):
            expected = [p - lr * g / batch_size for p, g in zip(params, grads, strict=True)]
            assert_close(after, expected, what=f"params after sgd with lr={lr} and batch_size={batch_size}: params", rtol=1e-5)

    @criterion("writes in place, into the memory the parameter has", weight=2, hint="-= under torch.no_grad(); param.data = … takes new memory")
    def test_in_place(self, student, draw):
        params, grads = parameters(draw)
        seen = student.run(sgd_once, params=params, grads=grads, lr=0.3, batch_size=7)
        expected = [p - 0.3 * g / 7 for p, g in zip(params, grads, strict=True)]
        assert_close(seen["views"], expected, what="a view taken before the step: views", rtol=1e-5)

    @criterion("clears the gradients after the step", weight=2, hint="param.grad.zero_(), for every parameter: backward() adds to what it finds")
    def test_clears(self, student, draw):
        params, grads = parameters(draw)
        for i, left in enumerate(student.run(sgd_once, params=params, grads=grads, lr=0.3, batch_size=7)["left"]):
            expect(left == 0, f"the gradient of parameter {i} is not cleared after the step")

    @criterion("stays right over twenty steps", weight=2, hint="after a step the parameter still requires a gradient, and the old one is gone")
    def test_twenty_steps(self, student, draw):
        params, _ = parameters(draw.float64)
        targets = [draw.float64.normal(*p.shape) for p in params]
        after = student.run(sgd_many_times, params=params, targets=targets, lr=0.2, batch_size=3, num_steps=20)
        # Each step of w on sum((w - t)²) shrinks the distance to t by the factor 1 - 2 lr / batch_size.
        expected = [t + (p - t) * (1 - 2 * 0.2 / 3) ** 20 for p, t in zip(params, targets, strict=True)]
        assert_close(after, expected, what="params after twenty steps: params", rtol=1e-5)


def parameters(draw):
    """Three parameters of different shapes and a gradient for each."""
    made = [draw.normal(*shape) for shape in [(3, 4), (4,), (1, 2, 3)] * 2]
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
    def test_function(self, student, draw):
        all_sizes = ([6, 6, 2], [5])
        cases = [labelled(draw, sizes) for sizes in all_sizes]
        for sizes, (data, W), seen in zip(all_sizes, cases, student.run(train_epoch_with_a_function, cases=cases, lr=0.4), strict=True):
            expect(seen["told"] == sizes, f"updater was told {one_line_of(seen['told'])} for batches of {sizes}")
            assert_close(seen["W"], trained_one_epoch(data, W, lr=0.4), what="the weights after one epoch with a function", rtol=1e-5)

    @criterion(
        "trains with a torch optimizer: clears, gradient of the mean loss, steps",
        weight=3,
        hint="in every batch: zero_grad(), loss(y_hat, y).mean().backward(), step()",
    )
    def test_optimizer(self, student, draw):
        cases = [labelled(draw, sizes) for sizes in ([6, 6, 2], [5])]
        for (data, W), seen in zip(cases, student.run(train_epoch_with_an_optimizer, cases=cases, lr=0.4), strict=True):
            assert_close(seen["W"], trained_one_epoch(data, W, lr=0.4), what="the weights after one epoch with torch.optim.SGD", rtol=1e-5)

    @criterion(
        "returns mean loss and accuracy of the whole epoch",
        weight=4,
        hint="add up losses, right answers and samples; divide both once, after the loop",
    )
    def test_returns(self, student, draw):
        all_sizes = ([7, 7, 3], [2, 9], [4])
        cases = [labelled(draw, sizes) for sizes in all_sizes]
        for sizes, (data, W), returned in zip(all_sizes, cases, student.run(train_epoch_that_only_measures, cases=cases), strict=True):
            expect(isinstance(returned, tuple | list) and len(returned) == 2, "train_epoch did not return two things", "wrong type")
            what = f"of an epoch with batches of {sizes}"
            assert_close(returned[0], mean_loss(data, W), what=f"the mean loss {what}", rtol=1e-4)
            assert_close(returned[1], share_right(data, W), what=f"the accuracy {what}", rtol=1e-4)

    @criterion("puts a Module in training mode", weight=2, hint="net.train() if isinstance(net, torch.nn.Module), before the loop")
    def test_train_mode(self, student, draw):
        data, W = labelled(draw, [4, 4])
        training = student.run(train_epoch_with_an_optimizer, cases=[(data, W)], lr=0.4)[0]["training"]
        expect(isinstance(training, list) and len(training) >= 2, "the Module was not called once a batch")
        expect(all(mode is True for mode in training), "the Module was called in evaluation mode")


def labelled(draw, sizes):
    """Float64 batches of these sizes, (n, 5) with labels of 3 classes, and a weight matrix (5, 3)."""
    W = draw.float64.normal(5, 3)
    return [(draw.float64.normal(n, 5), draw.labels(n, 3)) for n in sizes], W


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


def train_epoch_there(student, ask):
    import torch

    def train_epoch(net, train_iter, loss, updater):
        if isinstance(net, torch.nn.Module):
            net.train()
        total, right, count = 0.0, 0, 0
        for X, y in train_iter:
            y_hat = net(X)
            losses = loss(y_hat, y)
            if isinstance(updater, torch.optim.Optimizer):
                updater.zero_grad()
                losses.mean().backward()
                updater.step()
            else:
                losses.sum().backward()
                updater(len(y))
            total, right, count = total + float(losses.sum()), right + int((y_hat.argmax(dim=1) == y).sum()), count + len(y)
        return total / count, right / count

    return train_epoch


def evaluate_accuracy_there(student, ask):
    import torch

    def evaluate_accuracy(net, data_iter):
        if isinstance(net, torch.nn.Module):
            net.eval()
        with torch.no_grad():
            found = [net(X).argmax(dim=1) == y for X, y in data_iter]
        return float(torch.cat(found).double().mean())

    return evaluate_accuracy


LOOPS = [part(reference.train_epoch, there=train_epoch_there), part(reference.evaluate_accuracy, there=evaluate_accuracy_there)]


@exercise("train", parts=[*LOOPS, reference.softmax, reference.cross_entropy, reference.sgd])
class TestTrain:
    @criterion(
        "keeps (train loss, train accuracy, test accuracy) of every epoch",
        weight=3,
        hint="in every epoch first train_epoch, then evaluate_accuracy on the test data, then append all three",
    )
    def test_history(self, student, draw):
        cases = [(*labelled(draw, [8, 8, 3]), labelled(draw, [9, 4])[0], num_epochs) for num_epochs in (2, 5)]
        for (train_data, W, test_data, num_epochs), history in zip(cases, student.run(train_on_a_few_samples, cases=cases), strict=True):
            expected = run_of(train_data, test_data, W, num_epochs)
            assert_close(history, expected, what=f"the record of {num_epochs} epochs", rtol=1e-4)

    @criterion(
        "reads the digits: test accuracy at least 0.9 with your own softmax, cross_entropy and sgd",
        weight=3,
        hint="if the other exercises are right: does every epoch train, on the training data, with the updater it was given?",
        timeout_s=30,
    )
    def test_digits(self, student):
        share = share_on_digits(student, DIGITS_GOAL)
        expect(share >= DIGITS_GOAL, f"the test accuracy on the digits is {share:.3f} after at most 12 epochs, at least {DIGITS_GOAL} was expected")


DIGITS_GOAL = 0.9


def share_on_digits(student, enough):
    """The share of test digits that are read right after 12 epochs, or after the epoch that reached `enough`."""
    X_train, y_train, X_test, y_test = (part.flatten(1) if part.ndim > 2 else part for part in digits())
    W, b = student.run(train_on_digits, X_train=X_train, y_train=y_train, X_test=X_test, y_test=y_test, goal=enough, num_epochs=12)
    assert_finite(W, what="W after training on the digits")
    assert_finite(b, what="b after training on the digits")
    return ((X_test @ W + b).argmax(dim=1) == y_test).double().mean().item()


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
            [(X_test, (y_test + 1) % 10)],  # not these labels: who trains on the test data learns to misread
            student.cross_entropy,
            num_epochs,
            lambda batch_size: student.sgd([W, b], 2.0, batch_size),
        )
    return [W.detach(), b.detach()]
