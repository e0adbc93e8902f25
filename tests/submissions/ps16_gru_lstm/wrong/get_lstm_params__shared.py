"""[W, H, b] * 4: a list of four times the same three tensors.

Fails: each is a tensor of its own, drawn on its own
"""

def get_lstm_params(vocab_size, num_hiddens, device):
    W = (torch.randn(vocab_size, num_hiddens, device=device) * 0.01).requires_grad_()
    H = (torch.randn(num_hiddens, num_hiddens, device=device) * 0.01).requires_grad_()
    b = torch.zeros(num_hiddens, device=device, requires_grad=True)
    W_hq = (torch.randn(num_hiddens, vocab_size, device=device) * 0.01).requires_grad_()
    return [W, H, b] * 4 + [W_hq, torch.zeros(vocab_size, device=device, requires_grad=True)]
