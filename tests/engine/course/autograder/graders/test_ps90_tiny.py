"""Hidden grader of ps90_tiny."""

import torch
from solutions.ps90_tiny import tiny as reference

from autograder import assert_close, assert_gradients, assert_unchanged, criterion, exercise


@exercise("relu", forbid=["relu"])
class TestRelu:
    @criterion("keeps what is positive", weight=3, hint="the larger of X and 0")
    def test_values(self, student, rng):
        for shape in [(1, 3), (4, 2), (5,)]:
            X = torch.randn(shape, generator=rng)
            assert_close(student.relu(X.clone()), reference.relu(X), what="relu(X)")

    @criterion("leaves its input unchanged")
    def test_unchanged(self, student, rng):
        X = torch.randn(3, 4, generator=rng)
        before = X.clone()
        student.relu(X)
        assert_unchanged(before, X, what="X")


@exercise("Scale")
class TestScale:
    @criterion("multiplies by its factor", weight=1)
    def test_values(self, student, rng):
        X = torch.randn(3, 4, generator=rng)
        assert_close(student.Scale()(X), X, what="Scale()(X)")

    @criterion("gradients are right", weight=1, timeout_s=8)
    def test_gradients(self, student, rng):
        X = torch.randn(3, 2, generator=rng, dtype=torch.float64).requires_grad_()
        assert_gradients(student.Scale(), X, what="Scale()(X)")
