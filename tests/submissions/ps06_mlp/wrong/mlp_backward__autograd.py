"""Asks autograd.

Fails: *
"""

def mlp_backward(X, y, params, weight_decay):
    params = [p.detach().clone().requires_grad_() for p in params]
    H = X
    for W, b in zip(params[:-2:2], params[1:-2:2]):
        H = torch.relu(H @ W + b)
    J = torch.nn.functional.cross_entropy(H @ params[-2] + params[-1], y)
    J = J + weight_decay / 2 * sum((W**2).sum() for W in params[::2])
    J.backward()
    return [p.grad for p in params]
