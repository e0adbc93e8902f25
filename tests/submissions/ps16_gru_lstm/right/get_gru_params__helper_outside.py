"""The helper that makes a trio stands outside, under a name with an underscore."""

def _params(rows, h, device):
    return [0.01 * torch.randn(rows, h, device=device), 0.01 * torch.randn(h, h, device=device), torch.zeros(h, device=device)]


def get_gru_params(vocab_size, num_hiddens, device):
    params = []
    for _ in range(3):
        params += _params(vocab_size, num_hiddens, device)
    params += [0.01 * torch.randn(num_hiddens, vocab_size, device=device), torch.zeros(vocab_size, device=device)]
    for param in params:
        param.requires_grad_(True)
    return params
