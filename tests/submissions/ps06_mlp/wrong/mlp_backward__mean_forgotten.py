"""The sum over the samples, not the mean.

Fails: is the mean over the samples
Says: it is the sum over the samples, not the mean
"""

def mlp_backward(X, y, params, weight_decay):
    inputs = [X]
    for W, b in zip(params[:-2:2], params[1:-2:2]):
        inputs.append(torch.relu(inputs[-1] @ W + b))
    scores = inputs[-1] @ params[-2] + params[-1]
    delta = (torch.softmax(scores, dim=1) - torch.nn.functional.one_hot(y, scores.shape[1])) 
    grads = []
    for H, W in zip(reversed(inputs), reversed(params[::2])):
        grads = [H.T @ delta + weight_decay * W, delta.sum(dim=0), *grads]
        delta = delta @ W.T * (H > 0)
    return grads
