"""Hidden grader of the tiny assignment that the attacks are made on, its reference included. CANARY-in-the-docstring-of-the-hidden-test"""

import torch

from autograder import assert_close, assert_gradients, assert_shape, criterion, exercise, expect, load_weights, parameters_of

HIDDEN = "CANARY-in-a-global-of-the-hidden-test"


def reference_softmax(X):
    """CANARY-in-the-docstring-of-the-reference"""
    E = torch.exp(X - X.max(dim=-1, keepdim=True).values)
    return E / E.sum(dim=-1, keepdim=True)


class ReferenceLayer(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.W = torch.nn.Parameter(torch.arange(6.0).reshape(3, 2))

    def forward(self, X):
        canary = "CANARY-in-a-local-of-the-reference"
        return X @ self.W.to(X.dtype) if canary else None


@exercise("softmax", forbid=["softmax"])
class TestSoftmax:
    @criterion("equals the reference", weight=3, hint="divide by the sum of the row")
    def test_values(self, student, rng, device):
        hidden = "CANARY-in-a-local-of-the-hidden-test"
        for shape in [(1, 3), (4, 5), (2, 3)]:
            X = torch.randn(shape, generator=rng).to(device)
            expected = reference_softmax(X)
            assert_close(student.softmax(X), expected, what="softmax(X)")
        assert hidden

    @criterion("keeps the shape", weight=1)
    def test_shape(self, student, rng, device):
        X = torch.randn(3, 4, generator=rng).to(device)
        assert_shape(student.softmax(X), X.shape, what="softmax(X)")

    @criterion("has the gradients of the function", weight=2)
    def test_gradients(self, student, rng):
        X = torch.randn(2, 3, generator=rng, dtype=torch.float64).requires_grad_()
        expected = torch.autograd.grad(reference_softmax(X)[0, 0], X)[0]
        assert_gradients(student.softmax, X, what="softmax(X)")
        assert_close(torch.autograd.grad(student.softmax(X)[0, 0], X)[0], expected, what="the gradient of softmax(X)[0, 0]")


@exercise("Layer")
class TestLayer:
    @criterion("multiplies by its weight", weight=3)
    def test_values(self, student, rng):
        net, X = student.Layer(), torch.randn(4, 3, generator=rng)
        reference = ReferenceLayer()
        load_weights(student, net, parameters_of(reference), what="the layer")
        assert_close(net(X), reference(X).detach(), what="Layer()(X)")

    @criterion("has one weight of shape (3, 2) in its state", weight=1)
    def test_state(self, student):
        state = student.run(probe_state, net=student.Layer())
        expect(isinstance(state, dict) and len(state) == 1, "the state of the layer has other than one entry", "missing")
        assert_shape(next(iter(state.values())), (3, 2), what="the weight")


@exercise("double")
class TestDouble:
    @criterion("gives twice the input", weight=1)
    def test_values(self, student, rng):
        X = torch.randn(2, 2, generator=rng)
        expected = 2 * X
        assert_close(student.double(X), expected, what="double(X)")


def probe_state(student, net):
    return dict(net.state_dict())
