"""Subtracts one at the labels, in its own new tensor."""

def softmax_cross_entropy_grad(O, y):
    G = torch.softmax(O, dim=1)
    G[torch.arange(len(y)), y] -= 1
    return G
