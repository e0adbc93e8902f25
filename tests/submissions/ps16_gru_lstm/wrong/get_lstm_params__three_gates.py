"""The parameters of a GRU: the fourth trio is missing.

Fails: *
"""

def get_lstm_params(vocab_size, num_hiddens, device):
    return get_gru_params(vocab_size, num_hiddens, device)
