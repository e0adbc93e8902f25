"""Without detach: the slopes carry the graph of x.

Fails: leaves x and x.grad as they were, and gives plain numbers without a graph
Says: carries a graph
"""


def numerical_gradient(f, x, eps=1e-4):
    slopes = []
    for j in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype, device=x.device)
        step[j] = eps
        step = step.reshape(x.shape)
        slopes.append(torch.as_tensor((f(x + step) - f(x - step)) / (2 * eps), dtype=x.dtype).reshape(()))
    return torch.stack(slopes).reshape(x.shape) if slopes else torch.zeros_like(x)
