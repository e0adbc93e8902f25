"""Through nn.Linear, whose weights are then set."""

def xor_net():
    hidden, output = torch.nn.Linear(2, 2), torch.nn.Linear(2, 2)
    with torch.no_grad():
        hidden.weight.copy_(torch.tensor([[1.0, 1.0], [1.0, 1.0]]))
        hidden.bias.copy_(torch.tensor([0.0, -1.0]))
        output.weight.copy_(torch.tensor([[0.0, 0.0], [1.0, -2.0]]))
        output.bias.copy_(torch.tensor([0.25, 0.0]))
    return [hidden.weight.T, hidden.bias, output.weight.T, output.bias]
