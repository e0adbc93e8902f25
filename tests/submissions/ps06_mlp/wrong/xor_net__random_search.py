"""Drawn until it fits: another network at every call.

Fails: is set by hand: the same at every call
"""

def xor_net():
    X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = torch.tensor([0, 1, 1, 0])
    while True:
        params = [torch.randn(2, 8), torch.randn(8), torch.randn(8, 2), torch.randn(2)]
        scores = torch.relu(X @ params[0] + params[1]) @ params[2] + params[3]
        if bool((scores.argmax(dim=1) == y).all()):
            return params
