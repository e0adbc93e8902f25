"""Moved to the device after requires_grad_(): leaves on the CPU, results elsewhere.

Fails: all are float32 leaves that require a gradient, on the device asked for
Says: was it moved after requires_grad_()?
"""


def get_gru_params(vocab_size, num_hiddens, device):
    shapes = [(vocab_size, num_hiddens), (num_hiddens, num_hiddens), (num_hiddens,)] * 3 + [(num_hiddens, vocab_size), (vocab_size,)]
    return [(0.01 * torch.randn(s) if len(s) == 2 else torch.zeros(s)).requires_grad_().to(device) for s in shapes]
