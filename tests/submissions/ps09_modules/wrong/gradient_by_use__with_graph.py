"""The shares carry a graph.

Fails: takes a Parameter, leaves its .grad alone, and gives shares without a graph
Says: the shares carry a graph
"""


def gradient_by_use(W, X, G, num_uses):
    uses = [W.detach().clone().requires_grad_() for _ in range(num_uses)]
    H = X.detach()
    for use in uses:
        H = torch.tanh(H @ use)
    return list(torch.autograd.grad((H * G).sum(), uses, create_graph=True)) if uses else []
