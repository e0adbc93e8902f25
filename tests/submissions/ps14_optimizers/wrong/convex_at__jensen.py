"""Tries a few neighbours along the axes instead of the Hessian.

Fails: sees curvature between the axes
Fails: tol is the room below zero
"""


def convex_at(f, X, tol=1e-6):
    answers = []
    for x in X:
        steps = 0.1 * torch.eye(len(x), dtype=x.dtype)
        answers.append(all(bool(f(x + s) + f(x - s) - 2 * f(x) >= -tol) for s in steps))
    return torch.tensor(answers)
