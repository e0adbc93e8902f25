"""A ReLU on the scores of the forward pass. (003 §8.3)

Fails: the last layer: input transposed times (softmax - onehot)
Fails: the layers before: back through W transposed, and through the ReLU that was on the way
Fails: any number of layers: one, three, four
Fails: is the mean over the samples
Fails: leaves the biases out of the decay
Fails: is worked out by the chain rule: exact, in one pass forward and one pass back
Says: there is a ReLU on the scores
"""

def mlp_backward(X, y, params, weight_decay):
    inputs = [X]
    for W, b in zip(params[:-2:2], params[1:-2:2]):
        inputs.append(torch.relu(inputs[-1] @ W + b))
    scores = torch.relu(inputs[-1] @ params[-2] + params[-1])
    delta = (torch.softmax(scores, dim=1) - torch.nn.functional.one_hot(y, scores.shape[1])) / len(y)
    grads = []
    for H, W in zip(reversed(inputs), reversed(params[::2])):
        grads = [H.T @ delta + weight_decay * W, delta.sum(dim=0), *grads]
        delta = delta @ W.T * (H > 0)
    return grads
