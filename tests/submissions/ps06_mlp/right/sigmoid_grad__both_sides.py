"""sigmoid(x) times sigmoid(-x)."""

def sigmoid_grad(x):
    return torch.sigmoid(x) * torch.sigmoid(-x)
