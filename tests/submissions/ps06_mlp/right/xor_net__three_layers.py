"""Two hidden layers, as parameters."""

def xor_net():
    P = torch.nn.Parameter
    return (
        P(torch.tensor([[1.0, 1.0], [1.0, 1.0]])), P(torch.tensor([0.0, -1.0])),
        P(torch.tensor([[1.0], [-2.0]])), P(torch.tensor([0.0])),
        P(torch.tensor([[-2.0, 2.0]])), P(torch.tensor([1.0, -1.0])),
    )
