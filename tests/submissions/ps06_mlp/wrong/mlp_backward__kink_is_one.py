"""The slope at exactly 0 is 1. (003 §6.3)

Fails: a unit at exactly 0 passes no gradient
"""

def mlp_backward(X, y, params, weight_decay):
    inputs, sums = [X], [X]
    for W, b in zip(params[:-2:2], params[1:-2:2]):
        sums.append(inputs[-1] @ W + b)
        inputs.append(torch.relu(sums[-1]))
    scores = inputs[-1] @ params[-2] + params[-1]
    delta = (torch.softmax(scores, dim=1) - torch.nn.functional.one_hot(y, scores.shape[1])) / len(y)
    grads = []
    for H, Z, W in zip(reversed(inputs), reversed(sums), reversed(params[::2])):
        grads = [H.T @ delta + weight_decay * W, delta.sum(dim=0), *grads]
        delta = delta @ W.T * (Z >= 0)
    return grads
