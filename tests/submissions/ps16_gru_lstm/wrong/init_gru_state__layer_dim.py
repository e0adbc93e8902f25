"""A leading dimension of 1, as nn.GRU has it.

Fails: is a tuple with one entry of shape (batch_size, num_hiddens)
"""

def init_gru_state(batch_size, num_hiddens, device):
    return (torch.zeros((1, batch_size, num_hiddens), device=device),)
