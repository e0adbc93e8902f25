"""Zeros of type int64.

Fails: is zero, in float32, on the device asked for
"""

def init_gru_state(batch_size, num_hiddens, device):
    return (torch.zeros((batch_size, num_hiddens), dtype=torch.int64, device=device),)
