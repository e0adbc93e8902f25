"""Hidden grader of ps14_optimizers.

Functions that are handed to the student are made over there, from their source: higher derivatives and torch.func do not cross the line. Optimizers take
their steps over there as well, with gradients drawn here.
"""

import contextlib
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any

import torch
from course_tools import digits

from autograder import Finding, assert_close, assert_finite, assert_unchanged, case, criterion, exercise, expect, goal, kind_of, part, slip_in
from solutions.ps14_optimizers import optimizers as reference

ROUNDING = {"atol": 5e-5}  # float32 sums in any order
MANY_STEPS = {"rtol": 1e-4, "atol": 1e-5}  # of numbers of any size


@contextlib.contextmanager
def following():
    """What is found in here has nothing to add where the values have been found wrong before."""
    try:
        yield
    except Finding as finding:
        finding.follows = True
        raise


# Functions of x ------------------------------------------------------------------------------------------------------


def made(student, source):
    """A function of x, over there."""
    import torch

    return eval(f"lambda x: {source}", {"torch": torch})


def over(right, sources, arguments, sizes=((),), slips=None, **options):
    """A case of a function of the reference whose first arguments are functions of x. slips: with the same signature, these functions included."""
    here = [made(None, source) for source in sources]
    bound = {
        words: tuple(partial(way, *here) for way in (ways if isinstance(ways, tuple) else (ways,))) for words, ways in (slips or {}).items()
    }  # fmt: skip
    ahead = lambda student: [student.run(made, source=source) for source in sources]
    return case(partial(right, *here), arguments, sizes, **{"name": right.__name__, "ahead": ahead, "slips": bound, **options})


def agree(title, cases, weight=1.0, hint="", follows=False, tolerances=lambda arguments: {}):
    """A criterion: each of these cases, of one function and with the same slips, gives what the reference gives. cases: {what the result is called: case}."""

    @criterion(title, weight, hint, hint_for=("wrong value", "wrong shape", "unstable"), promise="agrees")
    def test(self, student, draw):
        answers = {words: (one, one.ask(student, one.drawn(draw))) for words, one in cases.items()}
        for words, (one, asked) in answers.items():
            for pair in asked:
                what = f"{one.name} {words}"
                try:
                    replace(one, slips={}).compare([pair], [what], follows=follows, **tolerances(pair[0]))
                except Finding as finding:
                    finding.follows = follows or finding.reason == "wrong type"
                    if slip := slip_of_all(list(answers.values()), (one, [pair])):
                        finding.message, finding.named = f"{what} is what comes out when {slip}", slip
                    raise

    return test


def slip_of_all(answers, wrong):
    """The words of the slip that gives every result, "" where none does. answers: pairs of a case and what was asked; wrong: the one that is not right."""
    one, asked = wrong
    for words in one.slips:
        if slip_in(asked, {words: one.slips[words]}, one.right) and all(slip_in(pairs, {words: other.slips[words]}) for other, pairs in answers):
            return words
    return ""


def gives_plain_numbers(one, hint="begin with x = x0.detach().clone(): what happens to it is your own business"):
    """A criterion: no result carries a graph, and x0 keeps its .grad, where x0 requires a gradient."""

    @criterion("the results carry no graph, and x0 is left alone where it requires a gradient", hint=hint)
    def test(self, student, draw):
        x0, *rest = one.drawn(draw)[0]
        leaf = x0.clone().requires_grad_()
        result = one.of(student)(leaf, *rest)
        for value in result if isinstance(result, list | tuple) else [result]:
            expect(not getattr(value, "requires_grad", False), f"a result of {one.name} carries a graph; plain numbers were expected")
        expect(leaf.grad is None, f"x0.grad was None before the call of {one.name}, and is a tensor after it")
        one.compare([((x0, *rest), result)], follows=True)

    return test


# 1 · Downhill --------------------------------------------------------------------------------------------------------


def walked(f, x0, eta, num_steps, project=None, tol=0.0, step=lambda x, g, eta: x - eta * g, slope=None, small=None, early=None):
    """Gradient descent with a slip in it. slope(gradients so far): what a step goes by; small(g, tol): whether it stops; early: projects before a step."""
    x, trace, gradients = x0.clone(), [x0.clone()], []
    for _ in range(num_steps):
        x = x if early is None else early(x)
        leaf = x.clone().requires_grad_()
        gradients.append(torch.autograd.grad(f(leaf), leaf)[0])
        if small(gradients[-1], tol) if small else gradients[-1].norm() < tol:
            break
        x = step(x, slope(gradients) if slope else gradients[-1], eta)
        x = x if project is None else project(x)
        trace.append(x)
    return torch.stack(trace)


def projected_at_the_end(f, x0, eta, num_steps, project=None, tol=0.0):
    trace = walked(f, x0, eta, num_steps, None, tol)
    return trace if project is None else torch.cat([trace[:-1], project(trace[-1])[None]])


def projected_record(f, x0, eta, num_steps, project=None, tol=0.0):
    trace = walked(f, x0, eta, num_steps, None, tol)
    return trace if project is None else torch.stack([trace[0], *map(project, trace[1:])])


def projected_gradient(f, x0, eta, num_steps, project=None, tol=0.0):
    return None if project is None else walked(f, x0, eta, num_steps, None, tol, slope=lambda gradients: project(gradients[-1]))


def projected_start(f, x0, eta, num_steps, project=None, tol=0.0):
    return walked(f, x0 if project is None else project(x0), eta, num_steps, project, tol)


def projected_twice(f, x0, eta, num_steps, project=None, tol=0.0):
    return walked(f, x0, eta, num_steps, None if project is None else lambda x: project(project(x)), tol)


def projected_before(f, x0, eta, num_steps, project=None, tol=0.0):
    return None if project is None else walked(f, x0, eta, num_steps, None, tol, early=project)


def one_step_late(f, x0, eta, num_steps, project=None, tol=0.0):
    """The last step is taken although the gradient before it is small."""
    rows = len(walked(f, x0, eta, num_steps, project, tol))
    return walked(f, x0, eta, min(rows, num_steps), project)


def stopped_by_share(f, x0, eta, num_steps, project=None, tol=0.0):
    """The gradient is compared with tol times the length of x, where x is longer than 1."""
    rows = walked(f, x0, eta, num_steps, project)
    for k, x in enumerate(rows):
        if gradient_at(f, x).norm() < tol * max(1.0, float(x.norm())):
            return rows[: k + 1]
    return rows


def shifted(draw, d=3, steps=4, eta=0.15):
    """d: None for a number."""
    return draw.normal(*(() if d is None else (d,)), scale=1.5), eta, steps


def kept_low(x):
    """Of a point; twice is not once."""
    return 0.9 * x.clamp(max=0.6) - 0.05


def descent_over(source, arguments, sizes=((),)):
    return over(
        reference.gradient_descent, [source], arguments, sizes, **ROUNDING,
        slips={
            "η is left out: x - gradient": partial(walked, step=lambda x, g, eta: x - g),
            "the gradient is divided by its length: all steps are equally long": partial(walked, slope=lambda gradients: gradients[-1] / gradients[-1].norm()),
            "it goes up the gradient": partial(walked, step=lambda x, g, eta: x + eta * g),
            "all rows are one and the same tensor": lambda f, *given: walked(f, *given)[-1:].expand_as(walked(f, *given)),
            "the gradients of earlier steps are added up": partial(walked, slope=sum),
            "the gradient at x0 is used in all steps": partial(walked, slope=lambda gradients: gradients[0]),
            "the first row, x0, is missing": lambda f, *given: walked(f, *given)[1:],
            "the last point is missing": lambda f, *given: walked(f, *given)[:-1],
            "only the last point is returned": lambda f, *given: walked(f, *given)[-1],
            "one step too many is taken": lambda f, x0, eta, n, *rest: walked(f, x0, eta, n + 1, *rest),
            "the points are projected only afterwards": (projected_at_the_end, projected_record),
            "x0 is projected as well": projected_start,
            "each point is projected twice": projected_twice,
            "a point is projected before its step, not after": projected_before,
            "the gradient is projected; the new point should be": projected_gradient,
            "project is not used": lambda f, x0, eta, n, project=None, tol=0.0: walked(f, x0, eta, n, None, tol),
            "any small partial derivative stops it; the length of the whole gradient counts": partial(walked, small=lambda g, tol: bool((g.abs() < tol).any())),
            "the largest partial derivative is compared with tol, not the length of the gradient": partial(walked, small=lambda g,
                tol: bool(g.abs().max() < tol)),
            "the sum of the partial derivatives is compared with tol, not the length of the gradient": (
                partial(walked, small=lambda g, tol: bool(g.sum() < tol)), partial(walked, small=lambda g, tol: bool(g.sum().abs() < tol))),
            "the squared length of the gradient is compared with tol": partial(walked, small=lambda g, tol: bool(g.square().sum() < tol)),
            "the sum of the absolute partial derivatives is compared with tol": partial(walked, small=lambda g, tol: bool(g.abs().sum() < tol)),
            "the mean of the squares, or its root, is compared with tol": (
                partial(walked, small=lambda g, tol: bool(g.square().mean().sqrt() < tol)),
                partial(walked, small=lambda g, tol: bool(g.square().mean() < tol))),
            "the length of the step, with eta in it, is compared with tol": lambda f, x0, eta, n, project=None, tol=0.0: walked(f, x0, eta, n, project,
                tol / eta),
            "tol is taken relative to the length of x": stopped_by_share,
            "a gradient of length tol stops it; it has to be smaller": partial(walked, small=lambda g, tol: bool(g.norm() <= tol)),
            "it stops one step too late": one_step_late,
            "tol is not used": lambda f, x0, eta, n, project=None, tol=0.0: walked(f, x0, eta, n, project),
        },
    )  # fmt: skip


HILLS = "0.7 * (x * x).sum() + torch.sin(x).sum() + 0.1 * x.sum() ** 2"
plain_walk = descent_over(HILLS, shifted, [(3, 4), (1, 2), (5, 1), (None, 3)])
one_walk = replace(plain_walk, sizes=[(3, 4)])
half_squares = lambda *points: descent_over(
    "(x * x).sum() / 2", lambda draw: tuple(torch.tensor(p, device=draw.device) if isinstance(p, list) else p for p in points)
)


@exercise("gradient_descent")
class TestGradientDescent:
    test_values = plain_walk.agrees(
        "each step is x - eta · gradient, and the whole path is there", weight=4, hint="x = x - eta * gradient makes a new tensor; append it, x0 first"
    )
    test_projection = agree(
        "after each step the new point is projected, once",
        {"with a projection": descent_over(HILLS, lambda draw, d=3, steps=5: (1.5 + draw.uniform(d), 0.15, steps, kept_low), [(3, 5), (1, 3), (4, 2)])},
        weight=3, hint="x = project(x - eta * gradient) inside the loop; x0 itself is not projected", follows=True,
    )  # fmt: skip
    test_stops = agree(
        "stops before a step where the norm of the whole gradient is below tol",
        {
            "where one partial derivative is small and the gradient is not": half_squares([4.0, 1e-4, -3.0], 0.5, 6, None, 1.0),
            "where each partial derivative is smaller than tol": half_squares([0.9, -0.8, 0.7], 0.5, 4, None, 1.0),
            "where the partial derivatives add up to a negative number": half_squares([-3.0, 1.0, 0.5], 0.5, 5, None, 0.7),
            "where the norm is 5 and tol=5": half_squares([3.0, 4.0], 0.5, 4, None, 5.0),
            "with tol=0.5": half_squares([1.2, -0.9], 0.25, 9, None, 0.5), "with tol=2": half_squares([6.0, -2.5], 0.5, 4, None, 2.0),
            "of a number, with tol=1": half_squares(torch.tensor(-3.0), 0.5, 5, None, 1.0),
            "with a projection and tol": half_squares([3.0, 1.0], 0.5, 8, kept_low, 0.3),
        },
        weight=3, hint="torch.linalg.vector_norm(gradient) < tol: break, before the step", follows=True,
    )  # fmt: skip
    test_no_step = agree(
        "num_steps=0 gives one row, and tol=0 never stops",
        {"with num_steps=0": descent_over(HILLS, lambda draw, d: shifted(draw, d, 0), [(3,), (None,)]), "from the minimum": half_squares([0.0, 0.0], 0.5, 3)},
        hint="torch.stack([x0]) is a path of one row; the comparison with tol is strict",
    )  # fmt: skip
    test_plain = gives_plain_numbers(one_walk)
    test_dtype = plain_walk.keeps_dtype()
    test_unchanged = one_walk.leaves_inputs(hint="x -= … writes into x0 when x is x0 itself: begin with a clone")
    test_again = plain_walk.again(sizes=[(3, 4), (2, 3)])


# 2 · One valley, or many? --------------------------------------------------------------------------------------------


def spread_points(draw, n=4, d=3):
    return draw.normal(n, d), draw.probabilities(n, scale=0.7)


def gaps_of(source):
    return over(
        reference.jensen_gap, [source], spread_points, [(4, 3), (2, 1), (1, 2), (6, 2)], **ROUNDING,
        slips={
            "its absolute value is taken; a negative gap says that f is not convex": lambda f, X, alpha: reference.jensen_gap(f, X, alpha).abs(),
            "the sign is turned round": lambda f, X, alpha: -reference.jensen_gap(f, X, alpha),
            "plain means are taken, without the weights": lambda f, X, alpha: f(X).mean() - f(X.mean(0)),
            "the value at the plain mean of the points is subtracted": lambda f, X, alpha: alpha @ f(X) - f(X.mean(0)),
            "the plain mean of the values is taken": lambda f, X, alpha: f(X).mean() - f(alpha @ X),
            "both weighted means are divided by n once more: alpha adds up to 1": lambda f, X, alpha: (alpha * f(X)).mean() - f((alpha[:, None] * X).mean(0)),
            "a negative gap is replaced by 0": lambda f, X, alpha: reference.jensen_gap(f, X, alpha).clamp(min=0),
            "the value at the mean is not subtracted": lambda f, X, alpha: alpha @ f(X),
        },
    )  # fmt: skip


wavy_gap = gaps_of("(x * x).sum(-1) + 0.4 * torch.sin(2 * x).sum(-1)")


@exercise("jensen_gap")
class TestJensenGap:
    test_convex = agree(
        "is the mean of the values minus the value at the mean", {"of x² + 0.4 sin 2x": wavy_gap, "of log-sum-exp": gaps_of("torch.logsumexp(x, -1)")},
        weight=3, hint="both means have the weights alpha: alpha @ f(X) and alpha @ X",
    )  # fmt: skip
    test_negative = agree(
        "is negative where f is not convex", {"of -x²": gaps_of("-(x * x).sum(-1)"), "of x1 · x2 …": gaps_of("torch.cos(x).prod(-1) - x.abs().sqrt().sum(-1)")},
        weight=2, hint="no abs and no max: the sign is what the gap is for",
    )  # fmt: skip
    test_gradients = wavy_gap.gradients()
    test_dtype = wavy_gap.keeps_dtype()
    test_unchanged = wavy_gap.leaves_inputs()
    test_again = wavy_gap.again(sizes=[(), (2, 4)])


def by_hessians(answer):
    """answer(H (n, d, d), tol) → (n,) as a function of the same arguments."""
    return lambda f, X, tol=1e-6: answer(torch.stack([torch.autograd.functional.hessian(f, x) for x in X]), tol)


def diagonal_of(H):
    return H.diagonal(dim1=1, dim2=2)


def convexity(source, points, *tol):
    """points: rows, or a function of draw."""
    return over(
        reference.convex_at, [source], lambda draw: (points(draw.float64) if callable(points) else torch.tensor(points, dtype=torch.float64), *tol),
        slips={
            "only the diagonal of the Hessian is looked at": by_hessians(lambda H, tol: (diagonal_of(H) >= -tol).all(1)),
            "determinant and trace are looked at; that is enough in two dimensions only": by_hessians(
                lambda H, tol: (torch.linalg.det(H) >= -tol) & (diagonal_of(H).sum(1) >= -tol)),
            "leading minors are looked at; they tell of positive definite matrices only": by_hessians(
                lambda H, tol: torch.stack([torch.linalg.det(H[:, :k, :k]) >= -tol for k in range(1, H.shape[1] + 1)]).all(0)),
            "tol is taken as a share of the largest eigenvalue": by_hessians(
                lambda H, tol: torch.linalg.eigvalsh(H)[:, 0] >= -tol * torch.linalg.eigvalsh(H).abs().amax(1)),
            "all eigenvalues have to be positive; zero is allowed": by_hessians(lambda H, tol: torch.linalg.eigvalsh(H)[:, 0] > 0),
            "there is no room for rounding below zero": by_hessians(lambda H, tol: torch.linalg.eigvalsh(H)[:, 0] >= 0),
            "one answer is given for all points together": by_hessians(lambda H, tol: (torch.linalg.eigvalsh(H) >= -tol).all().expand(len(H))),
            "the trace decides, or the mean of the eigenvalues": by_hessians(lambda H, tol: diagonal_of(H).sum(1) >= -tol),
            "the largest eigenvalue decides": by_hessians(lambda H, tol: torch.linalg.eigvalsh(H)[:, -1] >= -tol),
            "the room is above zero, not below": by_hessians(lambda H, tol: torch.linalg.eigvalsh(H)[:, 0] >= tol),
            "the point counts, not the curvature there": lambda f, X, tol=1e-6: torch.stack([f(x) for x in X]) >= -tol,
            "tol is 1e-6 whatever is asked for": by_hessians(lambda H, tol: torch.linalg.eigvalsh(H)[:, 0] >= -1e-6),
            "yes and no are exchanged": by_hessians(lambda H, tol: torch.linalg.eigvalsh(H)[:, 0] < -tol),
        },
    )  # fmt: skip


HIMMELBLAU = "(x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2"
VISITED = [[3.0, 2.0], [0.0, 4.5], [-3.7, -3.2], [-0.3, -0.9], [3.6, -1.8], [0.0, 0.0], [-4.5, 0.1], [2.2, 0.0]]
three = lambda draw: draw.normal(2, 3)
two = lambda draw: draw.normal(2, 2)
himmelblau_at, himmelblau_at_three = (
    convexity(HIMMELBLAU, lambda draw, n=n: torch.tensor(VISITED, dtype=draw.dtype, device=draw.device)[draw.permutation(n).to(draw.device)]) for n in (8, 3)
)
# The sign of the first coordinate decides, and no eigenvalue is near zero.
sides = lambda kind: convexity("x[0] ** 3 + 2 * x[1] ** 2 + x[0] * x[1] + x[2] ** 2", lambda draw: kind(draw).away_from_zero(4, 3))


@exercise("convex_at")
class TestConvexAt:
    test_mixed = agree(
        "says yes or no for each point",
        {
            "of cos x": convexity("torch.cos(x[0])", [[3.0], [0.5], [2.5], [-0.3], [-3.4]]), "of x³": convexity("(x ** 3).sum()", [[1.0], [-1.0], [0.4]]),
            "of Himmelblau's function": himmelblau_at, "of a bowl": convexity("(x * x).sum() + x[0] * x[2]", three),
            "of -x² at one point": convexity("-x[0] ** 2", [[0.7]]),
        }, weight=3, hint="one smallest eigenvalue for each row of X, compared with -tol: (n,) bool",
    )  # fmt: skip
    test_off_diagonal = agree(
        "sees curvature between the axes",
        {
            "of x1 x2": convexity("x[0] * x[1]", two), "of x1² + x2² + 4 x1 x2": convexity("x[0] ** 2 + x[1] ** 2 + 4 * x[0] * x[1]", two),
            "of x1² + x2² + x1 x2": convexity("x[0] ** 2 + x[1] ** 2 + x[0] * x[1]", two),
        }, weight=2, hint="eigenvalues, torch.linalg.eigvalsh, not the diagonal", follows=True,
    )  # fmt: skip
    test_three = agree(
        "is right in three dimensions and more, where the determinant does not tell",
        {
            "of 5 x1² - x2² - x3²": convexity("5 * x[0] ** 2 - x[1] ** 2 - x[2] ** 2", three),
            "of x2² - x3², in three dimensions": convexity("x[1] ** 2 - x[2] ** 2", three),
            "of a bowl in four dimensions with two directions downwards": convexity("9 * x[0] ** 2 + 8 * x[3] ** 2 - x[1] ** 2 - x[2] ** 2 + x[1] * x[2]",
                lambda draw: draw.normal(2, 4)),
        }, weight=2, hint="two negative eigenvalues have a positive product: look at the smallest", follows=True,
    )  # fmt: skip
    test_zero = agree(
        "zero curvature is convex: linear functions, directions that do not matter, log-sum-exp",
        {
            "of a linear function": convexity("3 * x[0] - x[2]", three), "of x1² alone, in three dimensions": convexity("x[0] ** 2", three),
            "of log-sum-exp": convexity("torch.logsumexp(x, 0)", lambda draw: draw.normal(8, 5, scale=1.5)),
        }, weight=3, hint="at least -tol, not larger than 0; the Hessian of a linear function is zero", follows=True,
    )  # fmt: skip
    test_tol = agree(
        "tol is the room below zero",
        {
            "where an eigenvalue is -2e-4, with tol=1e-3": convexity("0.05 * x[1] ** 2 - 1e-4 * x[0] ** 2", two, 1e-3),
            "where an eigenvalue is -2e-4, with tol=1e-5": convexity("0.05 * x[1] ** 2 - 1e-4 * x[0] ** 2", two, 1e-5),
            "where an eigenvalue is 2e-4, with tol=1e-3": convexity("0.05 * x[1] ** 2 + 1e-4 * x[0] ** 2", two, 1e-3),
            "where an eigenvalue is -8e-7, without tol": convexity("0.05 * x[1] ** 2 - 4e-7 * x[0] ** 2", two),
            "where an eigenvalue is -1.5e-6, without tol": convexity("x[1] ** 2 - 7.5e-7 * x[0] ** 2", two),
            "of a linear function, with tol=0": convexity("3 * x[0] - x[1]", two, 0.0),
        }, hint="smallest >= -tol, and tol=1e-6 where none is given", follows=True,
    )  # fmt: skip
    test_dtype = agree(
        "takes float32 and float64, in any memory order",
        {"in float32": sides(lambda draw: draw.of(torch.float32)), "in float64, not contiguous,": sides(lambda draw: draw.other_order)},
        hint="a matrix of your own has X's dtype: torch.zeros(d, d, dtype=X.dtype)", follows=True,
    )  # fmt: skip
    test_unchanged = himmelblau_at_three.leaves_inputs()
    test_again = himmelblau_at_three.again()


# 3 · Curvature, and along the line -----------------------------------------------------------------------------------


def curved(draw, d=3, method="newton", signs=True):
    """A gradient and a symmetric matrix whose eigenvalues lie between 0.6 and 2 in size; none of its diagonal is near zero."""
    while True:
        Q = torch.linalg.qr(draw.float64.normal(d, d))[0]
        eigenvalues = draw.float64.uniform(d, low=0.6, high=2.0)
        eigenvalues[0] *= -1 if signs else 1
        H = Q @ torch.diag(eigenvalues) @ Q.T
        if float(H.diagonal().abs().min()) > 0.2:
            break
    H = ((H + H.T) / 2).to(draw.dtype)
    return draw.away_from_zero(d), H.T.contiguous().T if draw.turned else H, method


def curvature_slip(**ways):
    """{method: step(g, H)} as a function of g, H and the method; None for the others."""
    return lambda g, H, method="newton": ways[method](g, H) if method in ways else None


def absolute(H):
    eigenvalues, Q = torch.linalg.eigh(H)
    return Q @ torch.diag(eigenvalues.abs()) @ Q.T


def stepping(method):
    solve = torch.linalg.solve
    turned = lambda g, H: -solve(H, g) if float(g @ solve(H, g)) > 0 else solve(H, g)
    return case(
        reference.second_order_step, lambda draw, d=3, signs=True: curved(draw, d, method, signs), [(2,), (3,), (1, False), (5, True)], atol=1e-4,
        slips={
            "the sign is turned round: the step leads uphill where H is positive": lambda g, H, method="newton": -reference.second_order_step(g, H, method),
            "the step is multiplied with H, not divided by it": curvature_slip(newton=lambda g, H: -H @ g, diagonal=lambda g, H: -H.diagonal() * g,
                absolute=lambda g, H: -absolute(H) @ g),
            "H is left out: the step is -g": lambda g, H, method="newton": -g,
            "the diagonal of the inverse is taken, not the inverse of the diagonal": curvature_slip(diagonal=lambda g, H: -torch.linalg.inv(H).diagonal() * g),
            "absolute values of the diagonal are taken": curvature_slip(diagonal=lambda g, H: -g / H.diagonal().abs()),
            "the diagonal of H is used alone": curvature_slip(newton=lambda g, H: -g / H.diagonal(), absolute=lambda g, H: -g / H.diagonal().abs()),
            "the entries of H are made positive, not its eigenvalues": curvature_slip(absolute=lambda g, H: -solve(H.abs(), g)),
            "the whole step is turned round where it leads uphill; each direction has a sign of its own": curvature_slip(absolute=turned, newton=turned),
            "absolute values are taken of the step, not of the eigenvalues": curvature_slip(
                absolute=lambda g, H: -solve(H, g).abs(), newton=lambda g, H: -solve(H, g).abs()),
            "absolute values are taken of Newton's step, which gets the signs of the gradient; of the eigenvalues they should be taken": curvature_slip(
                absolute=lambda g, H: -g.sign() * solve(H, g).abs()),
            "the gradient is not turned into the directions of the eigenvectors, Q.T @ g, before it is divided": curvature_slip(
                absolute=lambda g, H: -torch.linalg.eigh(H)[1] @ (g / torch.linalg.eigh(H)[0].abs())),
            "the eigenvalues keep their signs: that is Newton's step": curvature_slip(absolute=lambda g, H: -solve(H, g)),
            "the eigenvalues are made positive: that is the step of another method": curvature_slip(newton=lambda g, H: -solve(absolute(H), g)),
            "Q and its transpose are exchanged": curvature_slip(absolute=lambda g,
                H: -torch.linalg.eigh(H)[1].T @ ((torch.linalg.eigh(H)[1] @ g) / torch.linalg.eigh(H)[0].abs())),
            "something is added to the diagonal of H: damping": tuple(
                curvature_slip(newton=lambda g, H, by=by: -solve(H + by * torch.eye(len(H)).to(H), g), absolute=lambda g, H,
                    by=by: -solve(absolute(H) + by * torch.eye(len(H)).to(H), g))
                for by in (1e-1, 1e-2, 1.0)
            ),
        },
    )  # fmt: skip


newton, diagonal, absolute_step = (stepping(method) for method in ("newton", "diagonal", "absolute"))
# Eigenvalues of 1e-5 and 2, turned by half a right angle, so that a square root of H @ H still knows them; and a small number on the diagonal.
NEARLY_FLAT, SMALL_ON_THE_DIAGONAL = [[1.000005, 0.999995], [0.999995, 1.000005]], [[1e-5, 0.3], [0.3, -1.0]]


def over_flat(one, H, method):
    arguments = lambda draw: (draw.float64.away_from_zero(2), torch.tensor(H, dtype=torch.float64, device=draw.device), method)
    return replace(one, arguments=arguments, sizes=[()], rtol=1e-4)


@exercise("second_order_step")
class TestSecondOrderStep:
    test_newton = newton.agrees('"newton" is -H⁻¹g', weight=2, hint="-torch.linalg.solve(H, g)")
    test_diagonal = diagonal.agrees('"diagonal" divides each slope by its own curvature', weight=2, hint="-g / H.diagonal()")
    test_absolute = absolute_step.agrees(
        '"absolute" is Newton with the absolute eigenvalues', weight=3,
            hint="eigenvalues, Q = torch.linalg.eigh(H); divide Q.T @ g by eigenvalues.abs(), then Q @ …"
    )  # fmt: skip

    @criterion('"newton" is the default')
    def test_default(self, student, draw):
        g, H, _ = curved(draw)
        newton.compare([((g, H), student.second_order_step(g.clone(), H.clone()))], ["second_order_step without a method"], follows=True)

    test_flat = agree(
        "takes a long step where the curvature is small",
        {
            "where an eigenvalue is 1e-5": over_flat(newton, NEARLY_FLAT, "newton"),
            'with method="absolute" where an eigenvalue is 1e-5': over_flat(absolute_step, NEARLY_FLAT, "absolute"),
            'with method="diagonal" where a number on the diagonal is 1e-5': over_flat(diagonal, SMALL_ON_THE_DIAGONAL, "diagonal"),
        }, hint="divide by the curvature as it is: nothing is added to it or kept away from zero", follows=True,
    )  # fmt: skip
    test_dtype = absolute_step.keeps_dtype()
    test_dtypes = diagonal.keeps_dtype(title='keeps the dtype with method="diagonal"')
    test_dtype_of_newton = newton.keeps_dtype(title='keeps the dtype with method="newton"')
    test_unchanged = absolute_step.leaves_inputs(sizes=[(), (2, False)])
    test_again = newton.again(sizes=[(3,), (4,)])


def best_rate(f, x, eta_max, num_halvings):
    return lowest(f, tuple(x.tolist()), x.dtype, eta_max)


@cache
def lowest(f, x, dtype, eta_max):
    """The same for every submission."""
    return reference.line_search(f, torch.tensor(x, dtype=dtype), eta_max, 45)


def along(f, x):
    """Gradient at x, and the slope along the line as a function of η."""
    g = gradient_at(f, x)
    return g, lambda eta: -float(gradient_at(f, x - eta * g) @ g)


def gradient_at(f, x):
    leaf = x.clone().requires_grad_()
    return torch.autograd.grad(f(leaf), leaf)[0]


def bisected(slope, eta_max, n):
    left, right = 0.0, float(eta_max)
    for _ in range(n):
        middle = (left + right) / 2
        left, right = (middle, right) if slope(middle) < 0 else (left, middle)
    return (left + right) / 2


def compared_ends(f, x, eta_max, n):
    g, _ = along(f, x)
    left, right = 0.0, float(eta_max)
    for _ in range(n):
        middle = (left + right) / 2
        left, right = (middle, right) if float(f(x - left * g)) > float(f(x - right * g)) else (left, middle)
    return (left + right) / 2


def backtracked(f, x, eta_max, n):
    g, _ = along(f, x)
    eta = float(eta_max)
    for _ in range(n):
        if float(f(x - eta * g)) < float(f(x)):
            break
        eta /= 2
    return eta


def one_partial(k):
    def search(f, x, eta_max, n):
        g = gradient_at(f, x)
        return bisected(lambda eta: -float(gradient_at(f, x - eta * g)[k] * g[k]), eta_max, n)

    return search


def unit_direction(f, x, eta_max, n):
    g = gradient_at(f, x)
    return bisected(lambda eta: -float(gradient_at(f, x - eta * g / g.norm()) @ g), eta_max, n)


def searching(source, arguments):
    """arguments(draw) → x, eta_max, num_halvings."""
    return over(
        best_rate, [source], arguments, name="line_search", rtol=0, said=("eta_max", "num_halvings"),
        slips={
            "the heights of the two ends are compared; the slope in the middle decides": compared_ends,
            "the rate is halved until the height falls: that is backtracking": backtracked,
            "the sign of one partial derivative decides, not the slope along the line": (one_partial(0), one_partial(-1)),
            "only one halving is made": (lambda f, x, eta_max, n: bisected(along(f, x)[1], eta_max, 1), lambda f, x, eta_max, n: bisected(along(f, x)[1],
                eta_max, 0)),
            "half of the right rate is returned": lambda f, x, eta_max, n: best_rate(f, x, eta_max, n) / 2,
            "twice the right rate is returned": lambda f, x, eta_max, n: 2 * best_rate(f, x, eta_max, n),
            "the wrong half of the interval is kept": lambda f, x, eta_max, n: bisected(lambda eta: -along(f, x)[1](eta), eta_max, n),
            "the direction has length 1; it should be the gradient itself": unit_direction,
            "it looks uphill: x + η · gradient": lambda f, x, eta_max, n: bisected(lambda eta: float(gradient_at(f, x + eta * gradient_at(f,
                x)) @ gradient_at(f, x)), eta_max, n),
            "the largest rate is returned": lambda f, x, eta_max, n: float(eta_max),
            "the point is returned, not the rate": lambda f, x, eta_max, n: x - best_rate(f, x, eta_max, n) * gradient_at(f, x),
        },
    )  # fmt: skip


def finds(title, cases, weight=1.0, hint="", follows=False):
    """A criterion: each rate lies within eta_max / 2^num_halvings of the best."""
    return agree(title, cases, weight, hint, follows, lambda given: {"rtol": 0, "atol": given[1] / 2 ** given[2] * (1 + 1e-6) + 1e-12})


LONG_VALLEY = "0.1 * x[0] ** 2 + 2 * x[1] ** 2 + 0.7 * x[2] ** 2"
TILTED = "x[0] ** 2 + 4 * x[1] ** 2 + 3 * x[0] * x[1]"
long_search = searching(LONG_VALLEY, lambda draw: (draw.float64.away_from_zero(3), 4.0, 20))
searched = lambda source, d, *rest: searching(source, lambda draw: (draw.float64.away_from_zero(d), *rest))


@exercise("line_search")
class TestLineSearch:
    test_parabolas = finds(
        "finds the lowest point of parabolas", {"over a long valley": long_search, "over a tilted valley": searched(TILTED, 2, 3.0, 18),
            "over 3x²": searched("3 * (x * x).sum()", 1, 1.0, 12)},
        weight=3, hint="the slope at η is -∇f(x - η∇f(x)) · ∇f(x); negative: the lowest point lies to the right; halve num_halvings times",
    )  # fmt: skip
    test_lopsided = finds(
        "finds it where the line is steep on one side and flat on the other",
        {
            "over exp(x) - 2x": searching("torch.exp(x).sum() - 2 * x.sum()", lambda draw: (draw.float64.uniform(1, low=2.5, high=3.0), 1.0, 20)),
            "over log(exp(x) + exp(-2x))": searching("torch.logaddexp(x, -2 * x).sum()", lambda draw: (draw.float64.uniform(1, low=-3.0, high=-2.0), 8.0, 20)),
            "over exp(x1) - 2 x1 + exp(x2) - 2 x2": searching("torch.exp(x).sum() - 2 * x.sum()", lambda draw: (draw.float64.uniform(2, low=-2.0, high=2.6),
                2.0, 20)),
        }, weight=2, hint="look at the sign of the slope in the middle, not at heights", follows=True,
    )  # fmt: skip
    test_accuracy = finds(
        "comes within eta_max / 2^num_halvings", {f"over a long valley ({n})": searched(LONG_VALLEY, 3, 4.0, n) for n in (1, 3, 6, 24)},
        weight=2, hint="each round halves the interval, num_halvings times; return what is left of it", follows=True,
    )  # fmt: skip
    test_end = finds(
        "goes to eta_max where it goes down to the end", {"over a long valley": searched(LONG_VALLEY, 3, 0.05, 14),
            "over a slope without end": searched("torch.exp(-x).sum() - x.sum() * 2", 2, 0.7, 16)},
        hint="the slope is negative in each middle: the left end moves to eta_max", follows=True,
    )  # fmt: skip

    @criterion("gives 0.0 where the gradient is zero, and only there", hint="if not gradient.any(): return 0.0")
    def test_zero(self, student, draw):
        for source, x in (
            ("(x * x).sum()", torch.zeros(3, dtype=torch.float64)),
            ("torch.exp(x[0]) - x[0] + 0 * x[1]", torch.tensor([0.0, 2.0], dtype=torch.float64)),
        ):
            one = searching(source, lambda draw, x=x: (x.to(draw.device), 2.0, 5))
            ((_, eta),) = one.ask(student, one.drawn(draw))
            assert_close(eta, 0.0, what="line_search where the gradient is zero", rtol=0, atol=0)
        on_the_axis = lambda draw: torch.cat([draw.float64.away_from_zero(1), torch.zeros(2, dtype=torch.float64, device=draw.device)])
        for one, words, mistake in (
            (searched("1e-10 * (x * x).sum()", 3, 4.0, 6), "over 1e-10 · (x1² + x2² + x3²)", "a small gradient is not zero"),
            (searching(LONG_VALLEY, lambda draw: (on_the_axis(draw), 4.0, 6)), "along the x1 axis", "one partial derivative of zero is not a gradient of zero"),
        ):
            asked = one.ask(student, one.drawn(draw))
            expect(asked[0][1] != 0, f"line_search {words} gave 0.0: {mistake}")
            one.compare(asked, [f"line_search {words}"], follows=True, atol=4 / 2**6 * (1 + 1e-6))

    @criterion(
        "gives a float, leaves x as it is, and gives the same at a later call", hint="float(eta); the points of the search are new tensors: x - eta * gradient"
    )
    def test_unchanged(self, student, draw):
        x, eta_max, n = long_search.drawn(draw)[0]
        for given in (x.clone(), 1.5 * x, x.clone().requires_grad_()):
            before = given.detach().clone()
            eta = long_search.of(student)(given, eta_max, n)
            expect(kind_of(eta) == "number", f"line_search gave a {kind_of(eta)}, expected a float", "wrong type")
            assert_unchanged(before, given.detach(), what="x")
            expect(given.grad is None, "x.grad was None before the call of line_search, and is a tensor after it")
            long_search.compare([((before, eta_max, n), eta)], follows=True, atol=eta_max / 2**n * (1 + 1e-6))

    @criterion("takes float32, and numbers in any memory order", hint="make no tensor with a dtype of its own")
    def test_dtype(self, student, draw):
        given = [(numbers.away_from_zero(3), 4.0, 6) for numbers in (draw, draw.other_order)]
        words = ["line_search of x in float32", "line_search of x in float32, not contiguous,"]
        long_search.compare(long_search.ask(student, given), words, follows=True, atol=4 / 2**6 * (1 + 1e-3))


# 4 · Staying where it is allowed -------------------------------------------------------------------------------------


def around_the_rim(draw, *shape, inside=0.5):
    """Points of which about this share lies inside a ball, none of them near the rim; and its radius."""
    radius = float(draw.uniform(1, low=1.2, high=2.4))
    X = draw.normal(*(shape or (6, 3)))
    lengths = draw.uniform(*X.shape[:-1], 1)
    within = draw.uniform(*X.shape[:-1], 1) < inside
    return X / X.norm(dim=-1, keepdim=True) * radius * torch.where(within, 0.2 + 0.6 * lengths, 1.3 + 2 * lengths), radius


def scaled_by(norm, always=False):
    """Projection with another norm(X)."""

    def slip(X, radius):
        size = norm(X)
        return X * torch.where((size > radius) | torch.tensor(always), radius / size, torch.ones_like(size))

    return slip


length = lambda X: X.norm(dim=-1, keepdim=True)
projection = case(
    reference.project_ball, around_the_rim, [(6, 3), (4,), (2, 3, 5), (1, 2), (8, 1)], **ROUNDING,
    slips={
        "points inside are pushed out to the rim": scaled_by(length, always=True),
        "each entry is cut at the radius: that is a box": lambda X, radius: X.clamp(-radius, radius),
        "one length is taken for all points together": scaled_by(lambda X: X.norm()),
        "the length is taken along the first dimension; a point lies along the last": scaled_by(lambda X: X.norm(dim=0, keepdim=True)),
        "the length is the sum of the absolute entries": scaled_by(lambda X: X.abs().sum(-1, keepdim=True)),
        "the length is the largest entry": scaled_by(lambda X: X.abs().amax(-1, keepdim=True)),
        "the length is not its root but the sum of squares": scaled_by(lambda X: X.square().sum(-1, keepdim=True)),
        "a small number is added to the length: points outside do not lie on the rim then": tuple(
            lambda X, radius, small=small: torch.where(length(X) > radius, X * radius / (length(X) + small), X) for small in (1e-5, 1e-6, 1e-7, 1e-8)
        ),
        "points outside are divided by the square of their length": lambda X, radius: torch.where(length(X) > radius, X * radius / length(X) ** 2, X),
        "points outside are divided by their length: the radius is missing": lambda X, radius: torch.where(length(X) > radius, X / length(X), X),
        "the radius is 1, whatever is asked for": lambda X, radius: reference.project_ball(X, 1.0),
        "points outside are set to zero": lambda X, radius: torch.where(length(X) > radius, torch.zeros_like(X), X),
        "nothing is pulled back": lambda X, radius: X,
    },
)  # fmt: skip


@exercise("project_ball")
class TestProjectBall:
    test_values = projection.agrees(
        "points outside are pulled back to the rim, each by its own length",
        weight=3,
        hint="X * radius / norm with X.norm(dim=-1, keepdim=True), where norm > radius",
    )

    @criterion(
        "points inside stay bit for bit, and so do zero vectors, with radius 0 too",
        weight=2,
        hint="the factor of a point inside is exactly 1; norm > radius is false for zero",
    )
    def test_inside(self, student, draw):
        X, radius = around_the_rim(draw, 7, 3, inside=1.1)
        zeros = torch.zeros(2, 3, device=draw.device)
        given = [(X, radius), (X, 5 * radius), (X, 40), (zeros, 1.5), (zeros, 0), (torch.cat([X, zeros]), 0.0)]
        results = [result for _, result in projection.ask(student, given)]
        with following():
            assert_finite(results[4], what="project_ball of zeros with radius 0")
            assert_finite(results[5], what="project_ball with radius 0")
        words = ["points inside", "points far inside", "points far inside (radius 40)", "zero vectors", "zero vectors with radius 0", "points with radius 0"]
        projection.compare(list(zip(given, results, strict=True)), [f"project_ball of {said}" for said in words], rtol=0, atol=0)

    @criterion(
        "the gradient is finite everywhere and right inside and outside",
        weight=3,
        hint="divide by a length that is not zero, also in the branch that is not taken; keep the factor in the graph",
    )
    def test_gradients(self, student, draw):
        for shape in ((6, 3), (2, 2, 4)):
            X, radius = around_the_rim(draw.float64, *shape)
            X[0] = 0
            u = draw.float64.normal(*shape)
            mine, right = X.clone().requires_grad_(), X.clone().requires_grad_()
            result = student.project_ball(mine, radius)
            expect(isinstance(result, torch.Tensor) and result.requires_grad, "project_ball gives a result without a graph", "no gradient")
            projection.compare([((X, radius), result.detach())], follows=True)
            (found,), (wanted,) = torch.autograd.grad(result, mine, u, allow_unused=True), torch.autograd.grad(reference.project_ball(right, radius), right, u)
            expect(found is not None, "no gradient comes back from project_ball to X", "no gradient")
            with following():
                assert_finite(found, what="the gradient through project_ball of points of which some are zero")
                assert_close(found[1:], wanted[1:], what="the gradient through project_ball", rtol=1e-6, atol=1e-8)

    test_dtype = projection.keeps_dtype()
    test_unchanged = projection.leaves_inputs(hint="X[outside] = … writes into the caller's tensor")
    test_again = projection.again(sizes=[(), (4, 2)])


def priced(f, c, x0, eta, num_steps, start=0.0, price=lambda a, eta, c, old: (a + eta * c).clamp(min=0), slope=lambda f, c, x, a: f(x) + a @ c(x), sign=-1):
    """Lagrangian descent with a slip in it. price(alpha, eta, c(new x), c(old x)); slope: what is differentiated."""
    x, alpha = x0.clone(), start + torch.zeros_like(c(x0))
    for _ in range(num_steps):
        leaf, old = x.clone().requires_grad_(), c(x)
        x = x + sign * eta * torch.autograd.grad(slope(f, c, leaf, alpha), leaf)[0]
        alpha = price(alpha, eta, c(x), old)
    return x, alpha


def raised_first(f, c, x0, eta, num_steps):
    x, alpha = x0.clone(), torch.zeros_like(c(x0))
    for _ in range(num_steps):
        alpha = (alpha + eta * c(x)).clamp(min=0)
        leaf = x.clone().requires_grad_()
        x = x - eta * torch.autograd.grad(f(leaf) + alpha @ c(leaf), leaf)[0]
    return x, alpha


def bargain(f, c, sizes, arguments=lambda draw, d=2, steps=3, eta=0.1: (draw.normal(d, scale=1.5), eta, steps)):
    return over(
        reference.lagrangian_descent, [f, c], arguments, sizes, gives=("x", "alpha"), **ROUNDING,
        slips={
            "the multipliers may become negative": partial(priced, price=lambda a, eta, c, old: a + eta * c),
            "the multipliers are raised with the constraints at the old x": partial(priced, price=lambda a, eta, c, old: (a + eta * old).clamp(min=0)),
            "the multipliers are raised before x moves": raised_first,
            "the multipliers fall where they should rise": partial(priced, price=lambda a, eta, c, old: (a - eta * c).clamp(min=0)),
            "x goes uphill": partial(priced, sign=1),
            "the constraints are subtracted from f, not added": partial(priced, slope=lambda f, c, x, a: f(x) - a @ c(x)),
            "the largest violation raises all multipliers": partial(priced, price=lambda a, eta, c, old: (a + eta * c.max()).clamp(min=0)),
            "a constraint that is kept costs nothing: that is a penalty, not the Lagrangian": partial(priced, slope=lambda f, c, x,
                a: f(x) + a @ c(x).clamp(min=0)),
            "a multiplier never falls": partial(priced, price=lambda a, eta, c, old: a + eta * c.clamp(min=0)),
            "the multipliers are set anew in each step, not added up": partial(priced, price=lambda a, eta, c, old: (eta * c).clamp(min=0)),
            "the multipliers have no learning rate": partial(priced, price=lambda a, eta, c, old: (a + c).clamp(min=0)),
            "the multipliers begin at 1": partial(priced, start=1.0),
            "the constraints are left out": lambda f, c, x0, *rest: (priced(f, c, x0, *rest, price=lambda a, *_: a)[0], priced(f, c, x0, *rest)[1]),
            "one step too many is taken": lambda f, c, x0, eta, n: priced(f, c, x0, eta, n + 1),
        },
    )  # fmt: skip


BOWL, TWO_LINES = "((x - 2) ** 2).sum()", "torch.stack([x.sum() - 1, x[0] - 2 * x[1] - 1])"
lines = bargain(BOWL, TWO_LINES, [(2, 1), (2, 3), (3, 3), (2, 20)])
disc = bargain("(x ** 2 * torch.arange(1, len(x) + 1)).sum() + torch.cos(x).sum() - 3 * x.sum()", "(x * x).sum(0, keepdim=True) - 1", [(3, 3), (1, 1), (2, 20)])
boxes = bargain(BOWL, "torch.cat([x - 1, -x - 0.5])", [(3, 1), (2, 3), (1, 20)])


@exercise("lagrangian_descent")
class TestLagrangianDescent:
    test_steps = agree(
        "x and alpha are right after one step, three and twenty", {"with two straight constraints": lines, "with a disc": disc, "with a box": boxes},
        weight=5, hint="first x, by the gradient of f(x) + alpha @ c(x); then alpha, with the new x",
    )  # fmt: skip
    test_kept = agree(
        "multipliers fall where a constraint is kept, and never below zero",
        {"from inside": bargain(BOWL, TWO_LINES, [(2, 3), (2, 12)], lambda draw, d, steps: (draw.uniform(d, low=-3.0, high=-2.0), 0.2, steps)),
         "from far outside": bargain("(x * x).sum()", "x[:1] - 1", [(2, 6), (3, 12)], lambda draw, d, steps: (draw.uniform(d, low=4.0, high=5.0), 0.2, steps))},
        weight=2, hint="(alpha + eta * c(x)).clamp(min=0), with c(x) negative where the constraint is kept", follows=True,
    )  # fmt: skip
    test_converges = agree(
        "arrives at the solution", {"after fifty steps": bargain(BOWL, TWO_LINES, [(2, 50, 0.25)])}, weight=2,
            hint="the walk meets the multipliers where their pulls are equal", follows=True
    )  # fmt: skip
    test_no_step = agree(
        "no step gives x0, and multipliers of 0",
        {"with num_steps=0": bargain(BOWL, TWO_LINES, [(2, 0), (3, 0)])},
        hint="alpha begins as zeros_like(c(x))",
        follows=True,
    )
    test_plain = gives_plain_numbers(lines)
    test_dtype = lines.keeps_dtype()
    test_unchanged = lines.leaves_inputs(hint="x -= … writes into x0 when x is x0 itself: begin with a clone")
    test_again = lines.again(sizes=[(2, 12), (4, 2)])


# 5 · Remembering -----------------------------------------------------------------------------------------------------


def leaked(values, beta, corrected=False, keep=None, take=None, weight=lambda beta, t: 1 - beta**t, first=False, carried=False):
    """A leaky average with a slip in it. weight(beta, t): what is divided by; first: it starts with the first value; carried: corrected values go on."""
    keep, take = beta if keep is None else keep, 1 - beta if take is None else take
    y, rows = torch.zeros_like(values[0]) if len(values) else None, []
    for t, x in enumerate(values, start=1):
        y = x if first and t == 1 else keep * y + take * x
        rows.append(y / weight(beta, t) if corrected else y)
        y = rows[-1] if carried else y
    return torch.stack(rows) if rows else values.clone()


averaging = case(
    reference.leaky_average, lambda draw, T=5, d=3, beta=0.7, corrected=False: (draw.normal(T, *((d,) if d else ()), mean=1.0), beta, corrected),
    [(4, 3, 0.7), (3, 0, 0.4), (1, 2, 0.9), (12, 2, 0.95)], **ROUNDING,
    slips={
        "it starts with the first value, not with 0": partial(leaked, first=True),
        "the factor 1 - β is missing": lambda values, beta, corrected=False: leaked(values, beta, corrected, take=1.0),
        "β and 1 - β are exchanged": lambda values, beta, corrected=False: leaked(values, beta, corrected, keep=1 - beta, take=beta),
        "the corrected value is carried on to the next step": partial(leaked, carried=True),
        "the correction is 1 - β^(t-1)": lambda values, beta, corrected=False: leaked(values, beta, corrected, weight=lambda b,
            t: 1 - b ** (t - 1) if t > 1 else 1.0) if beta else None,
        "the correction is 1 - β in all steps": partial(leaked, weight=lambda beta, t: 1 - beta),
        "the correction is 1 - β^(t+1)": partial(leaked, weight=lambda beta, t: 1 - beta ** (t + 1)),
        "all averages get the correction of the last, 1 - β^T": lambda values, beta, corrected=False: leaked(values, beta, corrected,
            weight=lambda b, t: 1 - b ** len(values)),
        "it is multiplied by the correction": partial(leaked, weight=lambda beta, t: 1 / (1 - beta**t)),
        "the correction is made whether it is asked for or not": lambda values, beta, corrected=False: leaked(values, beta, True),
        "nothing is corrected": lambda values, beta, corrected=False: leaked(values, beta, False),
        "the last average is returned alone": lambda values, beta, corrected=False: leaked(values, beta, corrected)[-1] if len(values) else None,
        "the averages begin with y_0": lambda values, beta, corrected=False: torch.cat([torch.zeros_like(values[:1]), leaked(values, beta,
            corrected)])[: len(values)],
    },
)  # fmt: skip


@exercise("leaky_average")
class TestLeakyAverage:
    test_values = averaging.agrees("each y_t is β y_(t-1) + (1 - β) x_t, from 0", weight=3, hint="y = beta * y + (1 - beta) * x, with y = 0 at the start")
    test_corrected = averaging.agrees(
        "the correction divides y_t by 1 - β^t, and y_t itself goes on", weight=3, hint="y / (1 - beta**t) with t counted from 1; keep y for the next step",
        sizes=[(4, 3, 0.7, True), (3, 0, 0.4, True), (1, 2, 0.9, True), (12, 2, 0.95, True)],
    )  # fmt: skip
    test_ends = averaging.agrees(
        "takes no values at all, and β = 0", hint="zeros_like(values) has the right shape whatever T is; β = 0 gives the values back",
        arguments=lambda draw: {
            "leaky_average of no values (0, 3)": (draw.normal(0, 3), 0.7, False), "leaky_average of no values (0,), corrected": (draw.normal(0), 0.7, True),
            "leaky_average with beta=0": (draw.normal(4, 2), 0.0, False), "leaky_average with beta=0, corrected": (draw.normal(4, 2), 0, True),
            "leaky_average of values (3, 2, 2)": (draw.normal(3, 2, 2), 0.6, True),
        }, follows=True,
    )  # fmt: skip
    test_long = averaging.agrees(
        "is right for long series",
        hint="beta**200 is 0 in float32: carry y on from step to step",
        sizes=[(200, 2, 0.5, False), (250, 0, 0.6, True)],
        follows=True,
    )

    @criterion("corrects only where it is asked to")
    def test_default(self, student, draw):
        values = draw.normal(4, 2)
        averaging.compare([((values, 0.7), student.leaky_average(values.clone(), 0.7))], ["leaky_average without a third argument"], follows=True)

    test_dtype = averaging.keeps_dtype(sizes=[(5, 3, 0.7, True), (4, 0, 0.5, False)])
    test_unchanged = averaging.leaves_inputs(sizes=[(), (4, 2, 0.5, True)])
    test_again = averaging.again(sizes=[(), (7, 3, 0.7, True)])


# 5, 6 · Optimizers ---------------------------------------------------------------------------------------------------

SHAPES, SIZES = ((3, 4), (4,), (1, 2, 3)), (0.05, 1.0, 5.0)


def take_steps(student, name, slots, runs):
    """What student.name makes of parameters with these gradients, step by step, and what is to be seen. "lr" is cut to a tenth after ten steps."""
    import torch

    results = []
    for params, gradients, hyperparams in runs:
        torch.set_grad_enabled(True)
        params = [p.clone().requires_grad_() for p in params]
        zeros = [[torch.zeros_like(p, requires_grad=False) for _ in range(slots)] for p in params]
        states = [entry[0] if slots == 1 else tuple(entry) for entry in zeros]
        held, memory = [p.detach() for p in params], [[s.view_as(s) for s in entry] for entry in zeros]
        hyperparams, left, moved, returned = dict(hyperparams), 0.0, [], []
        for step, now in enumerate(gradients):
            if step == 10 and "lr" in hyperparams:
                hyperparams["lr"] /= 10
            for p, g in zip(params, now):
                p.grad = g.clone()
            before = dict(hyperparams)
            result = getattr(student, name)(params, states, hyperparams)
            left = max([left, *(float(p.grad.abs().max()) for p in params if p.grad is not None)])
            returned += [type(result).__name__] if result is not None else []
            moved += [key for key in {**before, **hyperparams} if (key != "t" or key not in before) and before.get(key) != hyperparams.get(key)]
        pairs = [[entry] if slots == 1 else list(entry) for entry in states]
        results.append({
            "after": [p.detach().clone() for p in params], "held": [p.clone() for p in held],
                "states": [[s.detach().clone() for s in entry] for entry in pairs],
            "memory": [[s.clone() for s in entry] for entry in memory], "left": left, "moved": moved[:1], "returned": returned[:1], "t": hyperparams.get("t"),
            "recording": torch.is_grad_enabled(),
                "learn": all(p.requires_grad and p.is_leaf for p in params) and not any(s.requires_grad for e in pairs for s in e),
        })  # fmt: skip
    return results


def played(optimizer, slots):
    """The parameters, and the states, after all steps of an optimizer of the same signature."""

    def play(params, gradients, hyperparams):
        params = [p.clone().requires_grad_() for p in params]
        states, hyperparams = reference.init_states(params, slots), dict(hyperparams)
        for step, now in enumerate(gradients):
            if step == 10 and "lr" in hyperparams:
                hyperparams["lr"] /= 10
            for p, g in zip(params, now, strict=True):
                p.grad = g.clone()
            optimizer(params, states, hyperparams)
        return [p.detach() for p in params], [[entry] if slots == 1 else list(entry) for entry in states]

    return play


def ruled(rule, slots):
    """The parameters after steps by rule(g, states, hyperparams, t), which changes the states and gives what is subtracted."""

    def optimizer(params, states, hyperparams):
        with torch.no_grad():
            for p, entry in zip(params, states, strict=True):
                p -= rule(p.grad, [entry] if slots == 1 else entry, hyperparams, hyperparams["count"])
        hyperparams["count"] += 1

    return lambda params, gradients, hyperparams: played(optimizer, slots)(params, gradients, {**hyperparams, "count": 1})[0]


@dataclass(frozen=True)
class Method:
    """An optimizer: right, how many states a parameter has, hyperparameters of the ordinary run. rules: {words: rule, or several}, known mistakes."""

    right: Callable[..., None]
    slots: int
    hyperparams: dict[str, Any]
    rules: dict[str, Any] = field(default_factory=dict)
    states: tuple[str, ...] = ("v",)

    @property
    def name(self) -> str:
        return self.right.__name__

    @property
    def case(self):
        slips = {words: tuple(ruled(rule, self.slots) for rule in (rules if isinstance(rules, tuple) else (rules,))) for words, rules in self.rules.items()}
        return case(lambda *given: played(self.right, self.slots)(*given)[0], lambda draw: (), name=self.name, slips=slips, **MANY_STEPS)

    def problem(self, draw, steps, **changed):
        """Parameters, gradients for each step, and hyperparameters."""
        gradients = [[size * draw.away_from_zero(*shape) for shape, size in zip(SHAPES, SIZES, strict=True)] for _ in range(steps)]
        return [draw.normal(*shape) for shape in SHAPES], gradients, {**self.hyperparams, **changed}

    def run(self, student, runs):
        seen = student.run(take_steps, name=self.name, slots=self.slots, runs=[list(one) for one in runs])
        known = isinstance(seen, list) and len(seen) == len(runs) and all(isinstance(one, dict) for one in seen)
        expect(known, f"{self.name} gave back something that cannot be read", "tampered")
        return seen

    def steps(self, title, counts, weight=1.0, hint="", follows=False, **changed):
        """A criterion: the parameters after so many steps."""

        @criterion(title, weight, hint, hint_for=("wrong value",))
        def test(case_itself, student, draw):
            runs = [self.problem(draw, count, **changed) for count in counts]
            asked = [(run, one["after"]) for run, one in zip(runs, self.run(student, runs), strict=True)]
            words = [f"{self.name}: the list of parameters after {count} {'step' if count == 1 else 'steps'}" for count in counts]
            self.case.compare(asked, words, follows=follows)

        return test

    def keeps_states(self, weight=2.0):
        @criterion(
            f"the states hold {' and '.join(self.states)} after one step and after five",
            weight,
            "write into the states you are given: s[:] = …, s += …, s.mul_(…)",
        )
        def test(case_itself, student, draw):
            for count in (1, 5):
                run = self.problem(draw, count)
                (seen,) = self.run(student, [run])
                right = played(self.right, self.slots)(*run)[1]
                for mine, wanted in zip(seen["states"], right, strict=True):
                    for name, one, other in zip(self.states, mine, wanted, strict=True):
                        what = f"{name} after {count} {'step' if count == 1 else 'steps'} of {self.name}"
                        zeros = bool(other.any()) and not bool(one.any())
                        expect(not zeros, f"{what} still holds zeros: was a new tensor made, and the state left as it was?", follows=True)
                        with following():
                            assert_close(one, other, what=what, **MANY_STEPS)

        return test

    def in_place(self, weight=2.0):
        @criterion(
            "writes in place, into the memory that parameters and states have",
            weight,
            "-=, +=, mul_ and s[:] = … under torch.no_grad(); p = …, p.data = … and s = … take new memory",
        )
        def test(case_itself, student, draw):
            run = self.problem(draw, 3)
            (seen,) = self.run(student, [run])
            self.case.compare([(run, seen["after"])], [f"{self.name}: the list of parameters"], follows=True)
            replace(self.case, slips={}).compare([(run, seen["held"])], [f"{self.name}: the memory that the parameters had before"])
            for mine, memory in zip(seen["states"], seen["memory"], strict=True):
                for name, one, other in zip(self.states, mine, memory, strict=True):
                    expect(torch.equal(one, other), f"{self.name}: the memory that {name} had before is left behind; a new tensor stands in its place")
                    expect(bool(other.any()), f"{self.name}: {name} is not changed", follows=True)
            expect(seen["learn"] is True, f"after a step of {self.name} a parameter does not require a gradient any more, or a state does")
            expect(seen["recording"] is True, f"after a call of {self.name} autograd is switched off")

        return test

    def clears(self, weight=1.0):
        @criterion("clears the gradients of all parameters", weight, "p.grad.zero_() for each parameter, or p.grad = None: backward() adds to what it finds")
        def test(case_itself, student, draw):
            run = self.problem(draw, 2)
            (seen,) = self.run(student, [run])
            expect(seen["left"] == 0, f"after a step of {self.name} a gradient is not cleared")
            self.case.compare([(run, seen["after"])], [f"{self.name}: the list of parameters"], follows=True)

        return test

    def leaves_hyperparams(self, counted=False):
        title = (
            'hyperparams["t"] grows by one a call, nothing else changes, and nothing is returned'
            if counted
            else "hyperparams stays as it is, and nothing is returned"
        )

        @criterion(title, hint='hyperparams["t"] += 1 once, after the loop over the parameters' if counted else "only read what is in hyperparams")
        def test(case_itself, student, draw):
            run = self.problem(draw, 4)
            (seen,) = self.run(student, [run])
            expect(not seen["moved"], f"{self.name} changes hyperparams: {seen['moved'][:1]}")
            expect(not seen["returned"], f"{self.name} returns a {(seen['returned'] or [''])[0]}; it should return nothing", "wrong type")
            if counted:
                expect(seen["t"] == 5, f'hyperparams["t"] is {seen["t"]} after four calls that began with 1', follows=True)
            self.case.compare([(run, seen["after"])], [f"{self.name}: the list of parameters"], follows=True)

        return test

    def float64(self):
        @criterion(
            "works in float64 to its last digits, in any memory order, with one parameter as with five",
            hint="make no tensor with a dtype of its own, and none of a fixed size; reshape where view wants a memory order",
        )
        def test(case_itself, student, draw):
            runs = [self.problem(draw.float64, 6)]
            params, gradients, rest = self.problem(draw, 3)
            runs.append((params[:1], [now[:1] for now in gradients], rest))
            runs.append((params + [2 * p for p in params[:2]], [now + [3 * g for g in now[:2]] for now in gradients], rest))
            runs.append(self.problem(draw.other_order, 2))
            seen = self.run(student, runs)
            words = [f"{self.name}: the list of parameters, {said}," for said in ("in float64", "one of them", "five of them", "not contiguous")]
            self.case.compare([(run, one["after"]) for run, one in zip(runs, seen, strict=True)], words, follows=True)
            replace(self.case, slips={}).compare([(runs[0], seen[0]["after"])], words[:1], rtol=1e-10, atol=1e-12)

        return test


def moved(state, keep, add):
    """state ← keep · state + add, in place; gives the state."""
    state.mul_(keep).add_(add)
    return state


def swapped(state, new):
    """state ← new, in place; gives what the state was."""
    old = state.clone()
    state.copy_(new)
    return old


momentum = Method(
    reference.sgd_momentum, 1, {"lr": 0.07, "momentum": 0.7}, states=("v",),
    rules={
        "η stands inside the velocity: old steps keep the old rate when it falls": lambda g, s, h, t: moved(s[0], h["momentum"], h["lr"] * g),
        "the gradient is multiplied by 1 - β": lambda g, s, h, t: h["lr"] * moved(s[0], h["momentum"], (1 - h["momentum"]) * g),
        "it looks ahead: that is Nesterov's momentum": lambda g, s, h, t: h["lr"] * (g + h["momentum"] * moved(s[0], h["momentum"], g)),
        "the velocity is forgotten, as if each v = … made a new tensor that states never hears of": lambda g, s, h, t: h["lr"] * g,
        "the step is taken with the velocity from before": lambda g, s, h, t: (h["lr"] * s[0].clone(), moved(s[0], h["momentum"], g))[0],
        "the step goes up the gradient": lambda g, s, h, t: -h["lr"] * moved(s[0], h["momentum"], g),
        "β multiplies the new gradient as well": lambda g, s, h, t: h["lr"] * moved(s[0], h["momentum"], h["momentum"] * g),
        "the gradient is added to the velocity once more: the step is lr · v": lambda g, s, h, t: h["lr"] * (g + moved(s[0], h["momentum"], g)),
        "only the gradient of the step before is remembered": lambda g, s, h, t: h["lr"] * (g + h["momentum"] * swapped(s[0], g)),
        "the velocity is never braked: β is left out": lambda g, s, h, t: h["lr"] * moved(s[0], 1, g),
        "β is 0.9 whatever is asked for": lambda g, s, h, t: h["lr"] * moved(s[0], 0.9, g),
    },
)  # fmt: skip


@exercise("sgd_momentum")
class TestSgdMomentum:
    test_one = momentum.steps("the first step is lr · grad", (1,), 2, "v = 0 at the start, so v becomes the gradient, without a factor")
    test_two = momentum.steps(
        "the velocity keeps the share `momentum` and adds the gradient", (2, 5), 3, "v ← momentum · v + grad, then p ← p - lr · v", follows=True
    )
    test_twenty = momentum.steps("when lr falls it falls for old gradients too", (20,), 3, "lr stands outside the velocity: p -= lr * v", follows=True)
    test_states = momentum.keeps_states()
    test_in_place = momentum.in_place()
    test_clears = momentum.clears(2)
    test_hyperparams = momentum.leaves_hyperparams()
    test_float64 = momentum.float64()


def square_root(g, s, h, lr=True):
    return (h["lr"] if lr else 1) * g / torch.sqrt(s + h["eps"])


ada = Method(
    reference.adagrad, 1, {"lr": 0.2, "eps": 0.1}, states=("s",),
    rules={
        "eps stands outside the root, as in torch.optim": lambda g, s, h, t: h["lr"] * g / (moved(s[0], 1, g * g).sqrt() + h["eps"]),
        "one sum is kept for the whole tensor; each number has its own": (
            lambda g, s, h, t: square_root(g, moved(s[0], 1, (g * g).sum()), h), lambda g, s, h, t: square_root(g, moved(s[0], 1, (g * g).mean()), h)),
        "s is the one from before the step": lambda g, s, h, t: (square_root(g, s[0].clone(), h), moved(s[0], 1, g * g))[0],
        "|g| is added, not its square": lambda g, s, h, t: square_root(g, moved(s[0], 1, g.abs()), h),
        "the root is missing": lambda g, s, h, t: h["lr"] * g / (moved(s[0], 1, g * g) + h["eps"]),
        "eps is added to s itself, anew in each step": lambda g, s, h, t: h["lr"] * g / moved(s[0], 1, g * g + h["eps"]).sqrt(),
        "the gradient is missing above the line": lambda g, s, h, t: square_root(1.0, moved(s[0], 1, g * g), h),
        "s is forgotten, as if each s = … made a new tensor that states never hears of": lambda g, s, h, t: square_root(g, g * g, h),
        "the step goes up the gradient": lambda g, s, h, t: -square_root(g, moved(s[0], 1, g * g), h),
        "eps is left out, or a constant": (
            lambda g, s, h, t: h["lr"] * g / moved(s[0], 1, g * g).sqrt(), lambda g, s, h, t: h["lr"] * g / (moved(s[0], 1, g * g) + 1e-6).sqrt()),
        "the mean of the squares is taken, not their sum": lambda g, s, h, t: square_root(g, moved(s[0], 1, g * g) / t, h),
    },
)  # fmt: skip


@exercise("adagrad")
class TestAdagrad:
    test_steps = ada.steps(
        "each number is divided by the root of its own sum of squares",
        (1, 2, 7),
        4,
        "s += p.grad**2, entry by entry; then lr * grad / sqrt(s + eps)",
        eps=1e-12,
    )
    test_twenty = ada.steps("stays right over twenty steps, with lr cut on the way", (20,), 2, "s adds up the squares of all steps", follows=True, eps=1e-12)
    test_eps = ada.steps("eps stands under the root, and is hyperparams' own", (1, 20), 3, 'torch.sqrt(s + eps), with eps = hyperparams["eps"]', follows=True)
    test_states = ada.keeps_states()
    test_in_place = ada.in_place()
    test_clears = ada.clears()
    test_hyperparams = ada.leaves_hyperparams()
    test_float64 = ada.float64()


def leaking(g, s, h, power=lambda g: g * g):
    return moved(s, h["gamma"], (1 - h["gamma"]) * power(g))


rms = Method(
    reference.rmsprop, 1, {"lr": 0.1, "gamma": 0.7, "eps": 0.1}, states=("s",),
    rules={
        "eps stands outside the root, as in torch.optim": lambda g, s, h, t: h["lr"] * g / (leaking(g, s[0], h).sqrt() + h["eps"]),
        "γ and 1 - γ are exchanged": lambda g, s, h, t: square_root(g, moved(s[0], 1 - h["gamma"], h["gamma"] * g * g), h),
        "the factor 1 - γ is missing": lambda g, s, h, t: square_root(g, moved(s[0], h["gamma"], g * g), h),
        "s is corrected for its start at 0": lambda g, s, h, t: square_root(g, leaking(g, s[0], h) / (1 - h["gamma"] ** t), h),
        "nothing leaks: that is AdaGrad": lambda g, s, h, t: square_root(g, moved(s[0], 1, g * g), h),
        "the state is not updated, as if each s = … made a new tensor that states never hears of": lambda g, s, h, t: square_root(g,
            (1 - h["gamma"]) * g * g, h),
        "one average is kept for the whole tensor; each number has its own": (
            lambda g, s, h, t: square_root(g, leaking(g, s[0], h, lambda g: (g * g).sum()), h), lambda g, s, h, t: square_root(g, leaking(g, s[0], h,
                lambda g: (g * g).mean()), h)),
        "s is the one from before the step": lambda g, s, h, t: (square_root(g, s[0].clone(), h), leaking(g, s[0], h))[0],
        "|g| is averaged, not its square": lambda g, s, h, t: square_root(g, leaking(g, s[0], h, torch.abs), h),
        "the root is missing": lambda g, s, h, t: h["lr"] * g / (leaking(g, s[0], h) + h["eps"]),
        "the root goes back into the state: s is the average of the squares": lambda g, s, h, t: (
            h["lr"] * g / s[0].copy_((leaking(g, s[0], h) + h["eps"]).sqrt())),
        "the gradient is averaged and then squared": lambda g, s, h, t: square_root(g, leaking(g, s[0], h, torch.clone) ** 2, h),
        "the sign of the gradient stands above the line, not the gradient": lambda g, s, h, t: square_root(g.sign(), leaking(g, s[0], h), h),
        "the step goes up the gradient": lambda g, s, h, t: -square_root(g, leaking(g, s[0], h), h),
        "eps is left out, or a constant": (
            lambda g, s, h, t: h["lr"] * g / leaking(g, s[0], h).sqrt(), lambda g, s, h, t: h["lr"] * g / (leaking(g, s[0], h) + 1e-6).sqrt()),
        "γ is 0.9 whatever is asked for": lambda g, s, h, t: square_root(g, moved(s[0], 0.9, 0.1 * g * g), h),
    },
)  # fmt: skip


@exercise("rmsprop")
class TestRmsprop:
    test_steps = rms.steps(
        "each number is divided by the root of the leaky average of its squares",
        (1, 2, 7),
        4,
        "s ← gamma · s + (1 - gamma) · grad², then lr * grad / sqrt(s + eps)",
        eps=1e-12,
    )
    test_twenty = rms.steps(
        "stays right over twenty steps, with lr cut on the way", (20,), 2, "the new s goes into the state: s[:] = …", follows=True, eps=1e-12
    )
    test_eps = rms.steps("eps stands under the root, and is hyperparams' own", (1, 20), 3, 'torch.sqrt(s + eps), with eps = hyperparams["eps"]', follows=True)
    test_states = rms.keeps_states()
    test_in_place = rms.in_place()
    test_clears = rms.clears()
    test_hyperparams = rms.leaves_hyperparams()
    test_float64 = rms.float64()


def delta_rule(update=lambda g, s, d, eps: ((d + eps) / (s + eps)).sqrt() * g, leak=lambda u, g: u * u, times=lambda h: 1.0):
    """AdaDelta with a slip in it: the update, what Δ leaks, and a factor."""

    def rule(g, states, h, t):
        s, delta = states
        moved(s, h["rho"], (1 - h["rho"]) * g * g)
        u = update(g, s, delta, h["eps"])
        moved(delta, h["rho"], (1 - h["rho"]) * leak(u, g))
        return times(h) * u

    return rule


def delta_first(g, states, h, t):
    """Δ learns of the update before x does: the update is computed again with it."""
    s, delta = states
    moved(s, h["rho"], (1 - h["rho"]) * g * g)
    u = ((delta + h["eps"]) / (s + h["eps"])).sqrt() * g
    moved(delta, h["rho"], (1 - h["rho"]) * u * u)
    return ((delta + h["eps"]) / (s + h["eps"])).sqrt() * g


def old_s(g, states, h, t):
    s, delta = states
    u = ((delta + h["eps"]) / (s + h["eps"])).sqrt() * g
    moved(s, h["rho"], (1 - h["rho"]) * g * g)
    moved(delta, h["rho"], (1 - h["rho"]) * u * u)
    return u


def leaks_first(g, states, h, t):
    """Δ leaks g², before the step."""
    s, delta = states
    moved(s, h["rho"], (1 - h["rho"]) * g * g)
    moved(delta, h["rho"], (1 - h["rho"]) * g * g)
    return ((delta + h["eps"]) / (s + h["eps"])).sqrt() * g


delta = Method(
    reference.adadelta, 2, {"rho": 0.7, "eps": 0.1}, states=("s", "delta"),
    rules={
        "Δ leaks the squared gradients; the squared updates belong there": delta_rule(leak=lambda u, g: g * g),
        "Δ leaks the squared gradients before the step, or s is the one from before the step": (leaks_first, old_s),
        "Δ is brought up to date before the step": delta_first,
        "eps stands under one of the two roots only": (
            delta_rule(lambda g, s, d, eps: ((d + eps) / s).sqrt() * g), delta_rule(lambda g, s, d, eps: (d / (s + eps)).sqrt() * g)),
        "eps stands outside the roots": delta_rule(lambda g, s, d, eps: (d.sqrt() + eps) / (s.sqrt() + eps) * g),
        'the step is multiplied by "lr"': delta_rule(times=lambda h: h.get("lr", 1.0)),
        "Δ leaks the updates, not their squares": (delta_rule(leak=lambda u, g: u), delta_rule(leak=lambda u, g: u.abs())),
        "the roots are missing": delta_rule(lambda g, s, d, eps: (d + eps) / (s + eps) * g),
        "the fraction is upside down": delta_rule(lambda g, s, d, eps: ((s + eps) / (d + eps)).sqrt() * g),
        "Δ stays at 0": delta_rule(lambda g, s, d, eps: (eps / (s + eps)).sqrt() * g),
        "the step goes up the gradient": delta_rule(times=lambda h: -1.0),
        "ρ and 1 - ρ are exchanged": lambda g, s, h, t: delta_rule()(g, s, {**h, "rho": 1 - h["rho"]}, t),
        "eps is a constant": (lambda g, s, h, t: delta_rule()(g, s, {**h, "eps": 1e-5}, t), lambda g, s, h, t: delta_rule()(g, s, {**h, "eps": 1e-6}, t)),
        "ρ is 0.9 whatever is asked for": lambda g, s, h, t: delta_rule()(g, s, {**h, "rho": 0.9}, t),
    },
)  # fmt: skip


@exercise("adadelta")
class TestAdadelta:
    test_one = delta.steps(
        "the first step is the root of eps / (s + eps), times the gradient", (1,), 3, "Δ is still 0 in the first step: u = sqrt((Δ + eps) / (s + eps)) · grad"
    )
    test_two = delta.steps(
        "Δ is the leaky average of the squared updates", (2, 5), 4, "update = …; p -= update; then Δ ← rho · Δ + (1 - rho) · update²", follows=True
    )
    test_twenty = delta.steps(
        'stays right over twenty steps, and takes no notice of a "lr"', (20, 3), 3, "there is no learning rate in AdaDelta", follows=True, lr=0.3
    )
    test_eps = delta.steps(
        "eps and rho are hyperparams' own", (6,), 2, 'hyperparams["eps"] and hyperparams["rho"], no constants', follows=True, eps=0.02, rho=0.45
    )
    test_states = delta.keeps_states()
    test_in_place = delta.in_place()
    test_clears = delta.clears()
    test_hyperparams = delta.leaves_hyperparams()
    test_float64 = delta.float64()


def adam_rule(
    beta1="beta1", beta2="beta2", root=lambda s, eps: s.sqrt() + eps, correct=lambda b, t: 1 - b**t, back=False, sign=1, square=lambda g: g * g, **fixed
):
    """Adam with a slip in it. fixed: hyperparameters that are constants."""

    def rule(g, states, h, t):
        h = {**h, **fixed}
        (v, s), b1, b2 = states, h[beta1], h[beta2]
        moved(v, b1, (1 - b1) * g)
        moved(s, b2, (1 - b2) * square(g))
        v_hat, s_hat = v / correct(b1, t), s / correct(b2, t)
        if back:
            v.copy_(v_hat)
            s.copy_(s_hat)
        return sign * h["lr"] * v_hat / root(s_hat, h["eps"])

    return rule


def only_v_corrected(g, states, h, t):
    v, s = states
    moved(s, h["beta2"], (1 - h["beta2"]) * g * g)
    return h["lr"] * moved(v, h["beta1"], (1 - h["beta1"]) * g) / (1 - h["beta1"] ** t) / (s.sqrt() + h["eps"])


def late_correction(g, states, h, t):
    v, s = states
    moved(s, h["beta2"], (1 - h["beta2"]) * g * g)
    return h["lr"] * moved(v, h["beta1"], (1 - h["beta1"]) * g) / (1 - h["beta1"] ** t) / (s.sqrt() / (1 - h["beta2"] ** t) + h["eps"])


def eps_before_correction(g, states, h, t):
    return adam_rule()(g, states, {**h, "eps": h["eps"] / math.sqrt(1 - h["beta2"] ** t)}, t)


def counted_for_each(params, gradients, hyperparams):
    """t grows with each parameter."""

    def optimizer(params, states, hyperparams):
        with torch.no_grad():
            for p, entry in zip(params, states, strict=True):
                p -= adam_rule()(p.grad, entry, hyperparams, hyperparams["t"])
                hyperparams["t"] += 1

    return played(optimizer, 2)(params, gradients, hyperparams)[0]


adam = Method(
    reference.adam, 2, {"lr": 0.1, "beta1": 0.6, "beta2": 0.8, "eps": 0.1, "t": 1}, states=("v", "s"),
    rules={
        "one β is used for both averages": (adam_rule(beta2="beta1"), adam_rule(beta1="beta2")),
        "β1 and β2 are exchanged": adam_rule("beta2", "beta1"),
        "nothing is corrected for the start at 0": adam_rule(correct=lambda b, t: 1),
        "eps stands inside the root": adam_rule(root=lambda s, eps: (s + eps).sqrt()),
        "eps is added before the correction, not after it": eps_before_correction,
        "the corrected values are written back into the states": adam_rule(back=True),
        "t is one too small in the correction": adam_rule(correct=lambda b, t: 1 - b ** max(t - 1, 1)),
        "t is one too large in the correction": adam_rule(correct=lambda b, t: 1 - b ** (t + 1)),
        "t is 1 in all steps": adam_rule(correct=lambda b, t: 1 - b),
        "the root is missing": adam_rule(root=lambda s, eps: s + eps),
        "only v is corrected, s is not": only_v_corrected,
        "the root is taken before the correction: of s, not of s / (1 - β2^t)": late_correction,
        "the step goes up the gradient": adam_rule(sign=-1),
        "|g| is averaged, not its square": adam_rule(square=torch.abs),
        "β1 and β2 are 0.9 and 0.999 whatever is asked for": adam_rule(beta1="b1", beta2="b2", b1=0.9, b2=0.999),
        "eps is a constant": (adam_rule(eps=1e-8), adam_rule(eps=1e-6)),
        "the learning rate is a constant": (adam_rule(lr=0.001), adam_rule(lr=0.01)),
    },
)  # fmt: skip


class MethodOfAdam(Method):
    """With the slip that is about all parameters together."""

    @property
    def case(self):
        one = super().case
        return replace(one, slips={"t is counted up for each parameter; once a call is right": counted_for_each, **one.slips})


adam = MethodOfAdam(adam.right, adam.slots, adam.hyperparams, adam.rules, adam.states)


@exercise("adam")
class TestAdam:
    test_one = adam.steps(
        "the first step is lr in the direction of the gradient",
        (1,),
        3,
        "v / (1 - beta1**t) is the gradient itself in step 1, s / (1 - beta2**t) its square",
        eps=1e-12,
    )
    test_two = adam.steps(
        "both averages are corrected, each with its own beta", (2, 5), 4, "beta1 for v, beta2 for s, and beta ** t with t of this step", follows=True, eps=1e-12
    )
    test_twenty = adam.steps(
        "stays right over twenty steps, with lr cut on the way", (20,), 3, "the states go on as v and s, not corrected", follows=True, eps=1e-12
    )
    test_eps = adam.steps("eps stands outside the root, and is hyperparams' own", (1, 20), 2, "sqrt(s_hat) + eps", follows=True)
    test_settings = adam.steps(
        "beta1, beta2 and lr are hyperparams' own", (6,), 2, "no constants: everything is in hyperparams", follows=True, beta1=0.85, beta2=0.4, lr=0.33
    )
    test_states = adam.keeps_states()
    test_in_place = adam.in_place()
    test_clears = adam.clears()
    test_hyperparams = adam.leaves_hyperparams(counted=True)
    test_float64 = adam.float64()


# 7 · The rate over time, and the loop --------------------------------------------------------------------------------


def ask_rates(student, asked):
    """Rates for each (kind, eta0, steps, options)."""
    return [[student.learning_rate(kind, eta0, t, **options) for t in steps] for kind, eta0, steps, options in asked]


def rates_of(f):
    return lambda kind, eta0, steps, options: [f(kind, eta0, t, **options) for t in steps]


def other_rates(**kinds):
    """{kind: rate(eta0, s, t, warmup, options)}, with the right warm-up; right for the other kinds."""

    def slip(kind, eta0, steps, options):
        if kind not in kinds:
            return rates_of(reference.learning_rate)(kind, eta0, steps, options)
        warmup, rest = options.get("warmup", 0), {key: value for key, value in options.items() if key != "warmup"}
        return [eta0 * t / warmup if t < warmup else kinds[kind](eta0, t - warmup, t, warmup, rest) for t in steps]

    return slip


def running_clock(kind, eta0, steps, options):
    """The schedule does not wait for the end of the warm-up."""
    warmup = options.get("warmup", 0)
    return [eta0 * t / warmup if t < warmup else reference.learning_rate(kind, eta0, t, **{**options, "warmup": 0}) for t in steps]


def both_at_once(kind, eta0, steps, options):
    """Warm-up and schedule are multiplied."""
    warmup = options.get("warmup", 0)
    return [reference.learning_rate(kind, eta0, t, **{**options, "warmup": 0}) * (min(1, t / warmup) if warmup else 1) for t in steps]


def scaled_at_once(kind, eta0, steps, options):
    """The schedule begins from the rate of the warm-up."""
    warmup = options.get("warmup", 0)
    return [reference.learning_rate(kind, eta0 * (min(1, t / warmup) if warmup else 1), t, **{**options, "warmup": 0}) for t in steps]


def cosine(e, s, span, final):
    return final + (e - final) * (1 + math.cos(math.pi * s / span)) / 2


scheduling = case(
    rates_of(reference.learning_rate), lambda draw: (), name="learning_rate", rtol=1e-6, atol=1e-9,
    slips={
        "at a milestone the old rate still holds": other_rates(piecewise=lambda e, s, t, w, o: e * o["gamma"] ** sum(m < s for m in o["milestones"])),
        "the rate is cut at the first milestone only": other_rates(piecewise=lambda e, s, t, w, o: e * o["gamma"] ** any(m <= s for m in o["milestones"])),
        "gamma is multiplied by the number of milestones": other_rates(piecewise=lambda e, s, t, w, o: e * o["gamma"] * max(1,
            sum(m <= s for m in o["milestones"])) if any(m <= s for m in o["milestones"]) else e),
        "the cosine goes on after `total` and climbs again": other_rates(cosine=lambda e, s, t, w, o: cosine(e, s, o["total"] - w, o.get("final", 0))),
        "`final` is ignored": other_rates(cosine=lambda e, s, t, w, o: cosine(e, s, o["total"] - w, 0) if t < o["total"] else 0.0),
        "`final` is only used after `total`": other_rates(cosine=lambda e, s, t, w, o: cosine(e, s, o["total"] - w,
            0) if t < o["total"] else float(o.get("final", 0))),
        "the cosine takes `total` steps after the warm-up; `total` counts the warm-up too": other_rates(cosine=lambda e, s, t, w, o: cosine(e, s,
            o["total"], o.get("final", 0)) if t < o["total"] else float(o.get("final", 0))),
        "half of the cosine is taken: the 1 or the ½ is missing": other_rates(cosine=lambda e, s, t, w, o: o.get("final", 0) + (e - o.get("final",
            0)) * math.cos(math.pi * s / (o["total"] - w)) if t < o["total"] else float(o.get("final", 0))),
        "it is (βs^α + 1), with the power inside": (
            other_rates(polynomial=lambda e, s, t, w, o: e / (o["beta"] * s ** o["alpha"] + 1)), other_rates(polynomial=lambda e, s, t, w,
                o: e * (o["beta"] * s ** -o["alpha"] + 1) if s else e)),
        "the rate grows: the minus of the exponent is missing": other_rates(
            polynomial=lambda e, s, t, w, o: e * (o["beta"] * s + 1) ** o["alpha"], exponential=lambda e, s, t, w, o: e * math.exp(o["lam"] * s)),
        "lam itself is raised to the power of s": other_rates(exponential=lambda e, s, t, w, o: e * o["lam"] ** s),
        "the schedule runs during the warm-up": running_clock,
        "warm-up and schedule are multiplied": (both_at_once, scaled_at_once),
        "the warm-up begins at 1/warmup, not at 0": lambda kind, eta0, steps, o: [eta0 * (t + 1) / o["warmup"] if t < o.get("warmup",
            0) else reference.learning_rate(kind, eta0, t, **o) for t in steps],
        "there is no warm-up": lambda kind, eta0, steps, o: [reference.learning_rate(kind, eta0, t, **{**o, "warmup": 0}) for t in steps],
    },
)  # fmt: skip


def rates(title, asked, weight=1.0, hint="", follows=False):
    """A criterion. asked: (kind, eta0, steps, options)."""

    @criterion(title, weight, hint, hint_for=("wrong value",))
    def test(self, student, draw):
        found = student.run(ask_rates, asked=[list(one) for one in asked])
        for (kind, *_), row in zip(asked, found, strict=True):
            for rate in row:
                expect(kind_of(rate) == "number", f"learning_rate of kind {kind!r} gave a {kind_of(rate)}, expected a float", "wrong type", follows=True)
        words = [
            f"learning_rate {kind!r} with eta0={eta0} and {options}, at the steps {', '.join(map(str, steps))}: the list of rates"
            for kind, eta0, steps, options in asked
        ]
        scheduling.compare([(tuple(one), mine) for one, mine in zip(asked, found, strict=True)], words, follows=follows)

    return test


@exercise("learning_rate")
class TestLearningRate:
    test_piecewise = rates(
        '"piecewise": at a milestone the new rate holds', [
            ("piecewise", 0.7, [0, 3, 4, 5, 8, 9, 10, 30], {"milestones": [4, 9], "gamma": 0.3}), ("piecewise", 1.3, [0, 1, 2, 3, 7, 8, 100],
                {"milestones": [0, 2, 3, 8], "gamma": 0.5}),
            ("piecewise", 0.4, [0, 6], {"milestones": [], "gamma": 0.1})], 3, "gamma to the power of the number of milestones <= s")  # fmt: skip
    test_smooth = rates(
        '"exponential" and "polynomial" fall as the formulas say', [
            ("exponential", 0.7, [0, 1, 5, 40], {"lam": 0.13}), ("exponential", 1.6, [0, 2], {"lam": 1.5}), ("polynomial", 0.7, [0, 1, 5, 40], {"beta": 0.3,
                "alpha": 0.5}),
            ("polynomial", 1.6, [0, 2, 9], {"beta": 1.7, "alpha": 2.0})], 3, "eta0 · exp(-lam · s) and eta0 · (beta · s + 1) ** -alpha")  # fmt: skip
    test_cosine = rates(
        '"cosine" falls to final at total, and stays there', [
            ("cosine", 0.9, [0, 1, 6, 11, 12, 13, 20, 24], {"total": 12}), ("cosine", 0.9, [0, 3, 9, 10, 11, 20], {"total": 10, "final": 0.2}), ("cosine",
                0.1, [1, 5, 7, 8], {"total": 7, "final": 0.3})],
        3, "final + (eta0 - final) · (1 + cos(π s / (total - warmup))) / 2 while t < total, then final")  # fmt: skip
    test_warmup = rates(
        "the rate climbs from 0 to eta0 in `warmup` steps, of every kind", [
            (kind, 0.6, [0, 1, 3, 4], {"warmup": 4, **options}) for kind, options in
            [("constant", {}), ("piecewise", {"milestones": [3, 5], "gamma": 0.5}), ("exponential", {"lam": 0.4}), ("polynomial", {"beta": 0.7,
                "alpha": 1.5}), ("cosine", {"total": 20, "final": 0.1})]],
        2, "eta0 · t / warmup while t < warmup", follows=True)  # fmt: skip
    test_clock = rates(
        "the schedule begins after the warm-up", [
            ("piecewise", 0.6, [5, 6, 7, 8, 9, 30], {"warmup": 5, "milestones": [2, 4], "gamma": 0.5}), ("exponential", 0.6, [3, 4, 9], {"warmup": 3,
                "lam": 0.2}),
            ("polynomial", 0.6, [3, 4, 9], {"warmup": 3, "beta": 0.7, "alpha": 1.5}), ("cosine", 0.6, [4, 5, 9, 13, 14, 15, 40], {"warmup": 4, "total": 14,
                "final": 0.1}), ("constant", 0.6, [4, 99], {"warmup": 4})],
        3, "s = t - warmup, from the end of the warm-up on; total counts the warm-up", follows=True)  # fmt: skip
    test_constant = rates(
        '"constant" is eta0, and a whole number is taken for a rate',
        [("constant", 0.25, [0, 1, 1000], {}), ("piecewise", 2, [0, 5], {"milestones": [3], "gamma": 0.5}), ("cosine", 1, [0, 2, 4], {"total": 4})],
    )


def watch_losses(student, runs):
    """Rates that objects give, which take turns: (made with, losses) for each; and the attribute lr afterwards."""
    made = [student.ReduceOnPlateau(*arguments) for arguments, _ in runs]
    rows = [[] for _ in runs]
    for i in range(max(len(losses) for _, losses in runs)):
        for watcher, row, (_, losses) in zip(made, rows, runs):
            if i < len(losses):
                row.append(watcher.step(losses[i]))
    return [[row, watcher.lr] for row, watcher in zip(rows, made)]


def watched(
    losses,
    lr,
    factor=0.1,
    patience=10,
    better=lambda loss, best, last: loss < best,
    enough=lambda count, patience: count > patience,
    after_cut=0,
    after_gain=lambda count: 0,
    cut_best=False,
    cut=None,
):
    """The rates, with a slip."""
    best, last, count, rows = math.inf, math.inf, 0, []
    for loss in losses:
        if better(loss, best, last):
            best, count = min(loss, best) if loss == loss else best, after_gain(count)
        else:
            count += 1
        last = loss
        if enough(count, patience):
            lr, count = cut(lr, factor) if cut else lr * factor, after_cut if after_cut is not None else count
            best = math.inf if cut_best else best
        rows.append(lr)
    return rows, rows[-1] if rows else lr


def plateau_slip(**ways):
    return lambda made_with, losses: watched(losses, *made_with, **ways)


def right_rates(made_with, losses):
    return watched(losses, *made_with)


plateau = case(
    right_rates, lambda draw: (), name="ReduceOnPlateau", gives=("the list of rates", "the attribute lr in the end"), rtol=1e-6, atol=1e-12,
    slips={
        "the rate is cut when the count reaches patience; it has to be larger": plateau_slip(enough=lambda count, patience: count >= patience),
        "a loss is compared with the last one, not with the best": plateau_slip(better=lambda loss, best, last: loss < last),
        "the count is not set back after a cut": plateau_slip(after_cut=None),
        "the count is not set back by an improvement": plateau_slip(after_gain=lambda count: count),
        "an improvement takes one off the count; it goes back to 0": plateau_slip(after_gain=lambda count: max(count - 1, 0)),
        "an equal loss counts as an improvement": plateau_slip(better=lambda loss, best, last: loss <= best),
        "NaN counts as an improvement": plateau_slip(better=lambda loss, best, last: not loss >= best),
        "the best is forgotten after a cut": plateau_slip(cut_best=True),
        "the best at the start is a large number, not infinity": tuple(
            plateau_slip(better=lambda loss, best, last, start=start: loss < min(best, start)) for start in (1e3, 1e6, 1e9)),
        "a loss has to be smaller by more than a threshold": (
            plateau_slip(better=lambda loss, best, last: loss < best * (1 - 1e-4)), plateau_slip(better=lambda loss, best, last: loss < best - 1e-4)),
        "the rate is divided by factor": plateau_slip(cut=lambda lr, factor: lr / factor),
        "factor is subtracted": plateau_slip(cut=lambda lr, factor: lr - factor),
        "a larger loss counts as an improvement": plateau_slip(better=lambda loss, best, last: loss > best or best == math.inf),
        "the rate from before the cut is returned": lambda made_with, losses: (
            [made_with[0], *watched(losses, *made_with)[0][:-1]], watched(losses, *made_with)[1]),
        "the rate is never cut": plateau_slip(enough=lambda count, patience: False),
    },
)  # fmt: skip


def plateaus(title, runs, weight=1.0, hint="", follows=False):
    @criterion(title, weight, hint, hint_for=("wrong value",))
    def test(self, student, draw):
        found = student.run(watch_losses, runs=[list(map(list, run)) for run in runs])
        words = [f"ReduceOnPlateau({', '.join(map(str, made_with))}) with the losses {', '.join(f'{loss:g}' for loss in losses)}" for made_with, losses in runs]
        plateau.compare(list(zip(runs, found, strict=True)), words, follows=follows)

    return test


nan = math.nan


@exercise("ReduceOnPlateau")
class TestReduceOnPlateau:
    test_patience = plateaus(
        "cuts the rate after more than `patience` bad epochs in a row", [((0.8, 0.5, 2), [3.0, 4.0, 5.0, 4.5, 6.0]), ((0.6, 0.3, 0), [2.0, 1.0, 3.0, 0.5]),
            ((0.9, 0.1, 3), [5.0, 6.0, 6.0, 5.5, 5.2, 7.0])],
        3, "count > patience: with patience 2 the third bad epoch cuts")  # fmt: skip
    test_best = plateaus(
        "progress is measured against the best so far", [((0.8, 0.5, 1), [3.0, 1.0, 2.5, 2.0, 1.5, 1.2, 0.9]), ((1.2, 0.5, 2), [2.0, 4.0, 3.9, 3.8, 3.7,
            1.9, 3.0])],
        2, "if loss < self.best, and self.best becomes that loss; the best stays after a cut", follows=True)  # fmt: skip
    test_back = plateaus(
        "the count goes back to 0 after an improvement and after a cut", [((0.8, 0.5, 1), [3.0, 4.0, 2.0, 3.0, 1.0, 2.0, 0.5]), ((0.8, 0.5, 2),
            [1.0] + [2.0] * 10), ((0.8, 0.5, 2), [3.0, 4.0, 5.0, 2.0, 3.0, 2.5, 1.0])],
        3, "self.count = 0 in both places", follows=True)  # fmt: skip
    test_ties = plateaus(
        "an equal loss is no progress, nor is NaN", [((0.8, 0.5, 1), [2.0, 2.0, 2.0, 2.0, 2.0]), ((0.8, 0.5, 1), [nan, 3.0, nan, nan, 2.0, nan, 1.0]),
            ((0.5, 0.2, 1), [nan, nan, 1.0, -1.0, -1.0, -0.5])],
        2, "strictly smaller: NaN is smaller than nothing", follows=True)  # fmt: skip
    test_small = plateaus(
        "every improvement counts, however small or large the losses", [((0.8, 0.5, 1), [2.0, 1.99999, 1.99998, 1.99997, 1.99996, 3.0]),
            ((0.6, 0.5, 0), [1e-6, 9e-7, 8e-7]), ((0.6, 0.5, 0), [5e30, 4e30, 3e30])],
        hint="loss < self.best, without a threshold; self.best is math.inf at the start", follows=True)  # fmt: skip
    test_defaults = plateaus("factor is 0.1 and patience 10 where nothing is said", [((0.5,), [1.0] * 24), ((0.5, 0.3), [1.0] * 13)], follows=True)


def train_here(student, asked):
    """What student.train does for each (weights, batches, whether as an iterator, lr, rates of the schedule or None, epochs), and what it hands to others."""
    import torch
    from torch import nn

    def trained_once(weights, batches, once, lr, schedule, epochs):
        torch.set_grad_enabled(True)
        net = nn.Sequential(nn.Linear(3, 2), nn.Tanh(), nn.Linear(2, 1)).to(weights[0].dtype)
        with torch.no_grad():
            for p, w in zip(net.parameters(), weights):
                p.copy_(w)
        seen = {"lr": [], "asked": [], "same": True, "kinds": [], "state": True}
        given, settings = [torch.zeros_like(p, requires_grad=False) for p in net.parameters()], {"lr": lr, "other": 5}
        own = [id(p) for p in net.parameters()]

        def optimizer(params, states, hyperparams):
            seen["lr"].append(hyperparams.get("lr"))
            seen["kinds"].append(type(params).__name__)
            seen["same"] = seen["same"] and [id(p) for p in params] == own
            seen["state"] = seen["state"] and states is given and hyperparams is settings
            with torch.no_grad():
                for p, s in zip(params, states):
                    s.mul_(0.5).add_(p.grad)
                    p -= hyperparams["lr"] * s
                    p.grad = None

        def rate(t):
            seen["asked"].append(t)
            return schedule[t] if 0 <= t < len(schedule) else 0.0

        def loss(y_hat, y):
            return ((y_hat - y) ** 2).reshape(len(y), -1).sum(dim=1)

        net.eval()
        data = iter(batches) if once else batches
        returned = (
            student.train(net, data, loss, optimizer, given, settings, epochs, rate)
            if schedule
            else student.train(net, data, loss, optimizer, given, settings, epochs)
        )
        return {
            "losses": returned, "weights": [p.detach().clone() for p in net.parameters()], **seen, "hyperparams": settings, "training": net.training,
            "recording": torch.is_grad_enabled(),
        }  # fmt: skip

    return [trained_once(*one) for one in asked]


def trained(weights, batches, once, lr, schedule, epochs, late=False, restart=False, by_epoch=False, total=False, waits=False):
    """Losses and weights, with a slip. late: the rate is set after the step. total: the sum of the losses is differentiated. waits: one step an epoch."""
    weights = [w.clone().requires_grad_() for w in weights]
    velocity, losses, steps = [torch.zeros_like(w) for w in weights], [], 0
    for epoch in range(epochs):
        waiting = [torch.zeros_like(w) for w in weights]
        for number, (X, y) in enumerate(batches):
            W1, b1, W2, b2 = weights
            each = ((torch.tanh(X @ W1.T + b1) @ W2.T + b2 - y) ** 2).sum(1)
            value = each.sum() if total else each.mean()
            gradients = torch.autograd.grad(value, weights)
            if waits:
                gradients = waiting = [old + new for old, new in zip(waiting, gradients, strict=True)]
                if number < len(batches) - 1:
                    losses.append(float(value.detach()))
                    steps += 1
                    continue
            t = epoch if by_epoch else number if restart else steps
            if schedule and not late:
                lr = schedule[t]
            with torch.no_grad():
                for w, v, g in zip(weights, velocity, gradients, strict=True):
                    v.mul_(0.5).add_(g)
                    w -= lr * v
            if schedule and late:
                lr = schedule[t]
            steps += 1
            losses.append(float(value.detach()))
    return losses, [w.detach() for w in weights]


def train_slip(**ways):
    return lambda *given: trained(*given, **ways)


def one_an_epoch(pick):
    def slip(weights, batches, once, lr, schedule, epochs):
        losses, after = trained(weights, batches, once, lr, schedule, epochs)
        n = len(batches)
        return [pick(losses[i : i + n]) for i in range(0, len(losses), n)], after

    return slip


looping = case(
    trained, lambda draw: (), name="train", gives=("the list of losses", "the list of weights afterwards"), **MANY_STEPS,
    slips={
        "the rate is set after the step: each step has the rate of the one before": train_slip(late=True),
        "the counter begins again with each epoch": train_slip(restart=True),
        "epochs are counted, not steps": train_slip(by_epoch=True),
        "the sum of the losses is differentiated, not their mean": (
            train_slip(total=True), lambda *given: ([loss / len(X) for loss, (X, _) in zip(trained(*given, total=True)[0], list(given[1]) * given[-1],
                strict=True)], trained(*given, total=True)[1])),
        "one loss an epoch is returned, not one a step": (one_an_epoch(lambda losses: losses[-1]), one_an_epoch(lambda losses: sum(losses) / len(losses)),
            one_an_epoch(sum)),
        "the schedule is not used": lambda weights, batches, once, lr, schedule, epochs: trained(weights, batches, once, lr, None, epochs),
        "the optimizer is called once an epoch, after the loop over the batches": train_slip(waits=True),
        "only one epoch is trained": lambda weights, batches, once, lr, schedule, epochs: trained(weights, batches, once, lr, schedule, 1),
        "the last batch is left out": lambda weights, batches, once, lr, schedule, epochs: trained(weights, batches[:-1], once, lr, schedule, epochs),
    },
)  # fmt: skip


def lesson(draw, sizes=(4, 4, 3), epochs=2, schedule=True, once=False):
    """Weights, batches of these sizes, and a schedule of rates that differ."""
    weights = [draw.normal(2, 3, scale=0.5), draw.normal(2, scale=0.5), draw.normal(1, 2, scale=0.5), draw.normal(1, scale=0.5)]
    batches = [(draw.normal(n, 3), draw.normal(n, 1)) for n in sizes]
    return weights, batches, once, 0.05, draw.uniform(len(sizes) * epochs, low=0.02, high=0.2).tolist() if schedule else None, epochs


def lessons(student, asked):
    seen = student.run(train_here, asked=[list(one) for one in asked])
    for one in seen:
        own = one["same"] is True and set(one["kinds"]) <= {"list"}
        expect(own, "the optimizer should be given the parameters of the net, all of them, in a list", "wrong type")
        losses = one["losses"]
        expect(kind_of(losses) == "list", f"train should return a list of floats, not a {kind_of(losses)}", "wrong type")
        for value in losses:
            expect(kind_of(value) == "number", f"the list that train returns holds a {kind_of(value)}; plain numbers were expected", "wrong type")
    return seen


def compare_lessons(asked, seen, follows=False, **tolerances):
    words = [
        f"train with {len(given[1])} batches and {given[-1]} {'epoch' if given[-1] == 1 else 'epochs'}{'' if given[4] else ', without a schedule'}"
        for given in asked
    ]
    looping.compare([(given, [one["losses"], one["weights"]]) for given, one in zip(asked, seen, strict=True)], words, follows=follows, **tolerances)


def train_on_digits(student, ending, enough, X, y, X_test, y_test):
    import torch
    from torch import nn

    class Batches:
        def __len__(self):
            return 23

        def __iter__(self):
            for rows in torch.randperm(len(y)).split(64):
                yield X[rows], y[rows]

    net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    states = [(torch.zeros_like(p, requires_grad=False), torch.zeros_like(p, requires_grad=False)) for p in net.parameters()]
    hyperparams = {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "eps": 1e-6, "t": 1}
    schedule = lambda t: student.learning_rate("cosine", 0.01, t, warmup=10, total=115)
    with ending(Batches(), lambda: (net(X_test).argmax(dim=1) == y_test).float().mean(), enough) as data:
        student.train(net, data, nn.CrossEntropyLoss(reduction="none"), student.adam, states, hyperparams, 5, schedule)
    return net(X_test).detach()


def flat_digits():
    X, y, X_test, y_test = digits()
    return {"X": X.flatten(1), "y": y, "X_test": X_test.flatten(1), "y_test": y_test}


def share_right(data, scores):
    right = isinstance(scores, torch.Tensor) and scores.shape == (len(data["y_test"]), 10)
    expect(right, "train left a network that cannot be asked", "wrong shape")
    return float((scores.argmax(dim=1) == data["y_test"]).float().mean())


reads_digits = goal(
    "the test accuracy on the digits", at_least=0.88, margin=0.04, within="5 epochs", share=True, data=flat_digits, recipe=train_on_digits, reached=share_right,
    wrong={"clears no gradients": 0.75, "goes uphill": 0.1, "has a rate of 1e-5": 0.21, "has a rate of 1": 0.3},
)  # fmt: skip


def adam_there(student, ask):
    """A dict is a copy where it is asked: the count is kept over there."""

    def adam(params, states, hyperparams):
        ask(params, states, hyperparams)
        hyperparams["t"] += 1

    return adam


@exercise("train", parts=[part(reference.adam, there=adam_there), reference.learning_rate])
class TestTrain:
    @criterion(
        "each step goes by the mean of the batch's losses, and returns it",
        weight=3,
        hint="loss(net(X), y).mean(), backward(), optimizer(params, states, hyperparams)",
    )
    def test_steps(self, student, draw):
        asked = [lesson(draw, schedule=False), lesson(draw, (5, 2), 3, schedule=False), lesson(draw, (3,), 1, schedule=False)]
        compare_lessons(asked, lessons(student, asked))

    @criterion(
        "before step t, counted through all epochs, lr is schedule(t)",
        weight=4,
        hint='hyperparams["lr"] = schedule(t) before the optimizer is called; t goes on in the next epoch',
    )
    def test_schedule(self, student, draw):
        asked = [lesson(draw), lesson(draw, (2, 5), 3), lesson(draw, (4, 4, 4, 1), 1)]
        seen = lessons(student, asked)
        for given, one in zip(asked, seen, strict=True):
            n = len(given[1]) * given[-1]
            unasked = sorted(set(one["asked"]) - set(range(n)))
            expect(not unasked, f"the schedule is asked for step {(unasked or [0])[0]}, where there are the steps 0 to {n - 1}", follows=False)
        compare_lessons(asked, seen, follows=True)

    @criterion("without a schedule lr stays, and nothing else in hyperparams is changed", hint="if schedule is not None")
    def test_settings(self, student, draw):
        asked = [lesson(draw, schedule=False), lesson(draw)]
        seen = lessons(student, asked)
        expect(set(seen[0]["lr"]) == {0.05}, "without a schedule the optimizer is given another rate than was in hyperparams")
        for given, one in zip(asked, seen, strict=True):
            expect(one["state"] is True, "the optimizer is not given the states and hyperparams that train was given")
            rest = {key: value for key, value in one["hyperparams"].items() if key != "lr"}
            expect(rest == {"other": 5}, "train changes something else in hyperparams than lr")
            kept = one["hyperparams"].get("lr") == (given[4][-1] if given[4] else 0.05)
            expect(kept, 'after train hyperparams["lr"] is not the rate of the last step', follows=True)
            expect(one["training"] is False, "train switches the mode of the net")
            expect(one["recording"] is True, "after a call of train autograd is switched off")
        compare_lessons(asked, seen, follows=True)

    @criterion("walks through the data once an epoch", hint="for X, y in data_iter: one pass is all that an iterator allows")
    def test_once(self, student, draw):
        asked = [lesson(draw, epochs=1, once=True)]
        compare_lessons(asked, lessons(student, asked), follows=True)

    @criterion("takes batches in float64, and in any memory order", hint="X and y go to the net and the loss as they come")
    def test_dtype(self, student, draw):
        for numbers, tolerances in ((draw.other_order, {}), (draw.float64, {"rtol": 1e-9, "atol": 1e-11})):
            asked = [lesson(numbers, (4, 1))]
            compare_lessons(asked, lessons(student, asked), follows=True, **tolerances)

    test_digits = reads_digits.is_reached(
        "reads the digits with your own adam and learning_rate: test accuracy at least 88 %", weight=2,
            hint="look at the loss: does it fall from step to step?", timeout_s=30
    )  # fmt: skip
