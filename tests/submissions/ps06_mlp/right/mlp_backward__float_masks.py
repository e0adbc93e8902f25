"""Weights and biases apart, a mask of float32 whatever the dtype."""

def mlp_backward(X, y, params, weight_decay):
    L = len(params) // 2
    Ws, bs = params[0::2], params[1::2]
    H = [X]
    for l in range(L - 1):
        H.append(torch.relu(H[l] @ Ws[l] + bs[l]))
    D = torch.softmax(H[-1] @ Ws[-1] + bs[-1], 1)
    D[torch.arange(X.shape[0]), y] -= 1
    D = D / X.shape[0]
    dW, db = [None] * L, [None] * L
    for l in range(L - 1, -1, -1):
        dW[l] = H[l].T.mm(D) + weight_decay * Ws[l]
        db[l] = D.sum(0)
        if l > 0:
            D = D.mm(Ws[l].T) * (H[l] > 0).float()
    grads = []
    for l in range(L):
        grads.append(dW[l])
        grads.append(db[l])
    return grads
