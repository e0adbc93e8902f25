"""Hidden units by sequences.

Fails: is a tuple with one entry of shape (batch_size, num_hiddens)
"""

def init_gru_state(batch_size, num_hiddens, device):
    return (torch.zeros((num_hiddens, batch_size), device=device),)
