"""(H) without a comma is H.

Fails: *
"""

def init_gru_state(batch_size, num_hiddens, device):
    return (torch.zeros((batch_size, num_hiddens), device=device))
