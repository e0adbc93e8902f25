"""The pair (H, C) of an LSTM.

Fails: *
"""

def init_gru_state(batch_size, num_hiddens, device):
    H = torch.zeros((batch_size, num_hiddens), device=device)
    return (H, H.clone())
