"""Three hidden units, scores against each other."""

def xor_net():
    W1 = torch.tensor([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0]])
    b1 = torch.tensor([0.0, -1.0, 1.0])
    W2 = torch.tensor([[-1.0, 1.0], [2.0, -2.0], [0.5, -0.5]])
    return [W1, b1, W2, torch.zeros(2)]
