"""A nested comprehension; randn().mul_(0.01) before requires_grad_."""

def get_lstm_params(vocab_size, num_hiddens, device):
    def make(*shape):
        if len(shape) == 1:
            return torch.zeros(*shape, device=device).requires_grad_()
        return torch.randn(*shape, device=device).mul_(0.01).requires_grad_()

    sizes = [(vocab_size, num_hiddens), (num_hiddens, num_hiddens), (num_hiddens,)]
    gates = [make(*size) for _ in range(4) for size in sizes]
    return gates + [make(num_hiddens, vocab_size), make(vocab_size)]
