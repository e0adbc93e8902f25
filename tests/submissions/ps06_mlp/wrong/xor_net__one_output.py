"""One score, and a threshold in mind.

Fails: *
"""

def xor_net():
    W1, b1 = torch.tensor([[1.0, 1.0], [1.0, 1.0]]), torch.tensor([0.0, -1.0])
    return [W1, b1, torch.tensor([[1.0], [-2.0]]), torch.tensor([-0.5])]
