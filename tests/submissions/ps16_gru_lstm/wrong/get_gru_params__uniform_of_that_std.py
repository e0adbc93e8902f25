"""A uniform distribution whose standard deviation is 0.01.

Fails: weights are drawn from a normal distribution with mean 0 and standard deviation 0.01
Says: more than two standard deviations from 0
"""


def get_gru_params(vocab_size, num_hiddens, device):
    shapes = [(vocab_size, num_hiddens), (num_hiddens, num_hiddens), (num_hiddens,)] * 3 + [(num_hiddens, vocab_size), (vocab_size,)]
    def uniform(s):
        return 0.01 * 3**0.5 * (2 * torch.rand(s, device=device) - 1)

    return [(uniform(s) if len(s) == 2 else torch.zeros(s, device=device)).requires_grad_() for s in shapes]
