"""Avoids the overflow by clamping the scores, which changes the answer for large ones.

Fails: stays finite for scores of any size
"""

def softmax(X):
    E = torch.exp(X.clamp(-80, 80))
    return E / E.sum(dim=1, keepdim=True)
