"""A recursion that returns the gradient of its input."""

def _layer(H, y, params, weight_decay):
    W, b, *rest = params
    Z = H @ W + b
    if rest:
        grads, dH = _layer(torch.relu(Z), y, rest, weight_decay)
        delta = torch.where(Z > 0, dH, torch.zeros_like(dH))
    else:
        onehot = torch.zeros_like(Z).scatter_(1, y.reshape(-1, 1), 1.0)
        grads, delta = [], (torch.softmax(Z, dim=-1) - onehot) / len(y)
    return [torch.einsum("ni,no->io", H, delta) + weight_decay * W, delta.sum(dim=0)] + grads, delta @ W.T


def mlp_backward(X, y, params, weight_decay):
    return _layer(X, y, params, weight_decay)[0]
