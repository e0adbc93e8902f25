"""The same tensor for all calls with the same sizes.

Fails: every call makes a new tensor, and leaves the program as it was
Says: two calls give the same tensor
"""

import functools


@functools.cache
def init_gru_state(batch_size, num_hiddens, device):
    return (torch.zeros((batch_size, num_hiddens), device=device),)
