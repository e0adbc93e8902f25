"""Keeps the arguments of the ReLUs and masks with them."""

def mlp_backward(X, y, params, weight_decay):
    L = len(params) // 2
    n = X.shape[0]
    H, Z = [X], []
    for i in range(L):
        Z.append(H[-1] @ params[2 * i] + params[2 * i + 1])
        H.append(torch.relu(Z[-1]) if i < L - 1 else Z[-1])
    E = torch.exp(Z[-1] - Z[-1].max(dim=1, keepdim=True).values)
    delta = E / E.sum(dim=1, keepdim=True)
    delta[torch.arange(n), y] -= 1
    delta /= n
    grads = [None] * (2 * L)
    for i in range(L - 1, -1, -1):
        grads[2 * i] = H[i].T @ delta + weight_decay * params[2 * i]
        grads[2 * i + 1] = delta.sum(0)
        if i > 0:
            delta = (delta @ params[2 * i].T) * relu_grad(Z[i - 1])
    return grads
