"""torch.full, then tuple() of a list."""

def init_gru_state(batch_size, num_hiddens, device):
    H = torch.full((batch_size, num_hiddens), 0.0, device=device)
    return tuple([H])
