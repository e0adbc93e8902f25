"""One row, whatever the batch.

Fails: is a tuple with one entry of shape (batch_size, num_hiddens)
"""

def init_gru_state(batch_size, num_hiddens, device):
    return (torch.zeros((1, num_hiddens), device=device),)
