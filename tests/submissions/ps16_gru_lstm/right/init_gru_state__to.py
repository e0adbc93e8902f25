"""Made on the CPU and moved."""

def init_gru_state(batch_size, num_hiddens, device):
    H = torch.zeros(batch_size, num_hiddens).to(device)
    return H,
