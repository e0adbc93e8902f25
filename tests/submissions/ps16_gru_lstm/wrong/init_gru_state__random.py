"""A random state.

Fails: is zero, in float32, on the device asked for
"""

def init_gru_state(batch_size, num_hiddens, device):
    return (0.01 * torch.randn((batch_size, num_hiddens), device=device),)
