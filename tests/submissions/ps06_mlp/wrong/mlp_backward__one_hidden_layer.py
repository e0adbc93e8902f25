"""Always one hidden layer.

Fails: the layers before: back through W transposed, and through the ReLU that was on the way
Fails: any number of layers: one, three, four
"""

def mlp_backward(X, y, params, weight_decay):
    W1, b1, W2, b2 = params
    Z = X @ W1 + b1
    H = torch.relu(Z)
    delta2 = torch.softmax(H @ W2 + b2, dim=1)
    delta2[range(len(y)), y] -= 1
    delta2 = delta2 / len(y)
    delta1 = (delta2 @ W2.T) * (Z > 0)
    return [X.T @ delta1 + weight_decay * W1, delta1.sum(0), H.T @ delta2 + weight_decay * W2, delta2.sum(0)]
