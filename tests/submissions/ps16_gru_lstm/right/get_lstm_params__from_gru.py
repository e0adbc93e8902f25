"""Takes the list of 1.1 and puts a fourth trio before the output layer."""

def get_lstm_params(vocab_size, num_hiddens, device):
    params = get_gru_params(vocab_size, num_hiddens, device)
    more = get_gru_params(vocab_size, num_hiddens, device)[:3]
    return params[:9] + more + params[9:]
