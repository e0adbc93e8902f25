"""Hidden grader of ps00_start."""

import torch

from autograder import assert_close, assert_gradients, assert_unchanged, criterion, exercise
from solutions.ps00_start import start as reference

SHAPES = [(1, 4), (5, 3), (2, 3, 7)]


def pair(rng, shape, device, dtype=torch.float32):
    """Two tensors of this shape with random entries."""
    X, Y = (torch.randn(shape, generator=rng, dtype=torch.float64) for _ in range(2))
    return (10 * X).to(dtype).to(device), (10 * Y).to(dtype).to(device)


@exercise("add")
class TestAdd:
    @criterion("adds entry by entry", weight=4, hint="the answer stands above the cell: return X + Y")
    def test_values(self, student, rng, device):
        for shape in SHAPES:
            X, Y = pair(rng, shape, device)
            assert_close(student.add(X.clone(), Y.clone()), reference.add(X, Y), what=f"add of two tensors of shape {shape}")
        X, Y = pair(rng, (4, 6), device)
        assert_close(student.add(X.T.clone(), Y.T.clone()), reference.add(X, Y).T, what="add of two transposed tensors")

    @criterion("keeps the dtype of its inputs", weight=2, hint="no .float() and no .long(): X + Y has the dtype of X and Y already")
    def test_dtype(self, student, rng, device):
        for dtype in (torch.float64, torch.int64):
            X, Y = pair(rng, (3, 5), device, dtype)
            assert_close(student.add(X.clone(), Y.clone()), reference.add(X, Y), what=f"add of two {str(dtype)[6:]} tensors")

    @criterion("gradients reach both inputs", weight=2, hint="stay with tensors from the inputs to the result: no .item(), .detach() or NumPy")
    def test_gradients(self, student, rng, device):
        X, Y = (t.requires_grad_() for t in pair(rng, (2, 3), device, torch.float64))
        assert_gradients(student.add, X, Y, what="add(X, Y)")
        assert_close(student.add(X, Y).detach(), reference.add(X, Y).detach(), what="add(X, Y)")

    @criterion("leaves its inputs unchanged", weight=2, hint="X += Y and X.add_(Y) write into the caller's tensor; X + Y makes a new one")
    def test_unchanged(self, student, rng, device):
        X, Y = pair(rng, (3, 4), device)
        X_before, Y_before = X.clone(), Y.clone()
        Z = student.add(X, Y)
        assert_unchanged(X_before, X, what="X")
        assert_unchanged(Y_before, Y, what="Y")
        assert_close(Z, reference.add(X_before, Y_before), what="add(X, Y)")
