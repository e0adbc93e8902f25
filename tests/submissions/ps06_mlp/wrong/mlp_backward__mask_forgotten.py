"""Goes back as if there were no ReLU.

Fails: the layers before: back through W transposed, and through the ReLU that was on the way
Fails: any number of layers: one, three, four
Fails: a unit at exactly 0 passes no gradient
Says: the slope of the ReLU is missing on the way back
"""

def mlp_backward(X, y, params, weight_decay):
    inputs = [X]
    for W, b in zip(params[:-2:2], params[1:-2:2]):
        inputs.append(torch.relu(inputs[-1] @ W + b))
    scores = inputs[-1] @ params[-2] + params[-1]
    delta = (torch.softmax(scores, dim=1) - torch.nn.functional.one_hot(y, scores.shape[1])) / len(y)
    grads = []
    for H, W in zip(reversed(inputs), reversed(params[::2])):
        grads = [H.T @ delta + weight_decay * W, delta.sum(dim=0), *grads]
        delta = delta @ W.T
    return grads
