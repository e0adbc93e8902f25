"""Detaches the result: no gradient flows back.

Fails: gradients are right
"""

def softmax(X):
    E = torch.exp(X - X.amax(dim=1, keepdim=True))
    return (E / E.sum(dim=1, keepdim=True)).detach()
