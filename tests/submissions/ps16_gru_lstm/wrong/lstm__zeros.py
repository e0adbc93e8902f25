"""Right shapes, all zero.

Fails: *
"""

def lstm(inputs, state, params):
    T, n, _ = inputs.shape
    return inputs.new_zeros(T * n, len(params[-1])), (torch.zeros_like(state[0]), torch.zeros_like(state[1]))
