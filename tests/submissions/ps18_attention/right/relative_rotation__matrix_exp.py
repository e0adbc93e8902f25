"""The exponential of a generator."""

def relative_rotation(delta, num_hiddens):
    omega = 1 / torch.pow(10000, torch.arange(0, num_hiddens, 2, dtype=torch.float64) / num_hiddens)
    turn = torch.tensor([[0.0, 1.0], [-1.0, 0.0]], dtype=torch.float64)
    return torch.linalg.matrix_exp(delta * torch.kron(torch.diag(omega), turn)).float()
