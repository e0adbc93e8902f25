"""relu(x1 - x2) + relu(x2 - x1), and scores that mirror each other."""

def xor_net():
    W1 = torch.tensor([[1.0, -1.0], [-1.0, 1.0]])
    b1 = torch.zeros(2)
    W2 = torch.tensor([[-1.0, 1.0], [-1.0, 1.0]])
    b2 = torch.tensor([0.5, -0.5])
    return [W1, b1, W2, b2]
