"""`assert_gradients` lets right gradients pass and catches small errors in any entry of the Jacobian."""

import pytest
import torch

from autograder import assert_gradients
from autograder.judge.reasons import Finding


def inputs(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64, requires_grad=True)


def softmax(X):
    exponentials = (X - X.amax(1, keepdim=True)).exp()
    return exponentials / exponentials.sum(1, keepdim=True)


class OffByALittle(torch.autograd.Function):
    """exp whose gradient is wrong by a part in a thousand in one entry."""

    @staticmethod
    def forward(ctx, X):
        result = X.exp()
        ctx.save_for_backward(result)
        return result

    @staticmethod
    def backward(ctx, upstream):
        gradient = upstream * ctx.saved_tensors[0]
        gradient[0, 0] *= 1.001
        return gradient


@pytest.mark.parametrize("shape", [(1, 4), (3, 2), (2, 7)])
def test_a_right_gradient_passes(shape):
    assert_gradients(softmax, inputs(*shape), what="softmax(X)")


def test_several_inputs_and_several_results_are_checked():
    assert_gradients(lambda A, B: (A @ B, (A * 2).sin()), inputs(2, 3), inputs(3, 4), what="f(A, B)")
    with pytest.raises(Finding, match="slope"):
        assert_gradients(lambda A, B: (A @ B.detach(), A.detach() @ B), inputs(2, 3), inputs(3, 4), what="f(A, B)")


def test_an_error_of_a_thousandth_in_one_entry_is_caught():
    with pytest.raises(Finding, match="slope measured by small steps"):
        assert_gradients(OffByALittle.apply, inputs(3, 5), what="exp(X)")


def test_a_detached_term_is_caught():
    with pytest.raises(Finding, match="slope"):
        assert_gradients(lambda X: X.exp() / X.exp().sum(1, keepdim=True).detach(), inputs(2, 3), what="softmax(X)")


def test_a_detached_result_has_no_graph():
    with pytest.raises(Finding, match="no graph") as caught:
        assert_gradients(lambda X: softmax(X).detach(), inputs(2, 3), what="softmax(X)")
    assert caught.value.reason == "no gradient"


def test_a_detour_through_float32_is_caught():
    with pytest.raises(Finding):
        assert_gradients(lambda X: softmax(X.float()).double(), inputs(2, 3), what="softmax(X)")
    with pytest.raises(Finding, match="dtype float32"):
        assert_gradients(lambda X: softmax(X.float()), inputs(2, 3), what="softmax(X)")


def test_an_infinite_gradient_is_unstable():
    X = torch.zeros(2, 2, dtype=torch.float64, requires_grad=True)
    with pytest.raises(Finding) as caught:
        assert_gradients(torch.sqrt, X, what="sqrt(X)")
    assert caught.value.reason == "unstable"
