"""torch.normal with requires_grad, which makes a leaf at once; a tuple is returned."""

def get_gru_params(vocab_size, num_hiddens, device):
    def W(a, b):
        return torch.normal(0.0, 0.01, size=(a, b), device=device, requires_grad=True)

    def b(a):
        return torch.zeros(a, device=device, requires_grad=True)

    return (
        W(vocab_size, num_hiddens), W(num_hiddens, num_hiddens), b(num_hiddens),
        W(vocab_size, num_hiddens), W(num_hiddens, num_hiddens), b(num_hiddens),
        W(vocab_size, num_hiddens), W(num_hiddens, num_hiddens), b(num_hiddens),
        W(num_hiddens, vocab_size), b(vocab_size),
    )
