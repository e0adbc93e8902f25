"""Switches autograd off for the whole program.

Fails: is set by hand: the same at every call
Says: autograd is switched off
"""

def xor_net():
    torch.set_grad_enabled(False)
    W1, b1 = torch.tensor([[1.0, 1.0], [1.0, 1.0]]), torch.tensor([0.0, -1.0])
    W2, b2 = torch.tensor([[0.0, 1.0], [0.0, -2.0]]), torch.tensor([0.5, 0.0])
    return [W1, b1, W2, b2]
