"""Computes in float64 and returns the dtype of the parameters."""

def mlp_backward(X, y, params, weight_decay):
    dtype = params[0].dtype
    with torch.no_grad():
        params = [p.double() for p in params]
        inputs = [X.double()]
        for W, b in zip(params[:-2:2], params[1:-2:2]):
            inputs.append(torch.relu(inputs[-1] @ W + b))
        P = torch.softmax(inputs[-1] @ params[-2] + params[-1], dim=1)
        delta = (P - torch.nn.functional.one_hot(y, P.shape[1])) / len(y)
        grads = []
        for H, W in zip(reversed(inputs), reversed(params[::2])):
            grads.insert(0, delta.sum(dim=0))
            grads.insert(0, H.T @ delta + weight_decay * W)
            delta = delta @ W.T * (H > 0)
    return [g.to(dtype) for g in grads]
