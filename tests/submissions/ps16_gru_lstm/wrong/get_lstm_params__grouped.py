"""All input weights first, then all state weights, then the biases.

Fails: all parameters are there, with the right shapes, in the right order
Fails: weights are drawn from a normal distribution with mean 0 and standard deviation 0.01
Fails: biases are zero
Fails: each is a tensor of its own, drawn on its own
"""

def get_lstm_params(vocab_size, num_hiddens, device):
    v, h = vocab_size, num_hiddens
    shapes = [(v, h)] * 4 + [(h, h)] * 4 + [(h,)] * 4 + [(h, v), (v,)]
    params = [0.01 * torch.randn(s, device=device) if len(s) == 2 else torch.zeros(s, device=device) for s in shapes]
    return [p.requires_grad_() for p in params]
