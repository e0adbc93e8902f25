"""Asks torch.func.

Fails: *
"""

def mlp_backward(X, y, params, weight_decay):
    def J(params):
        H = X
        for W, b in zip(params[:-2:2], params[1:-2:2]):
            H = torch.relu(H @ W + b)
        loss = torch.nn.functional.cross_entropy(H @ params[-2] + params[-1], y)
        return loss + weight_decay / 2 * sum((W**2).sum() for W in params[::2])
    return torch.func.grad(J)(list(params))
