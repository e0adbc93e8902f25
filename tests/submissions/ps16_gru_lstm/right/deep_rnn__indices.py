"""By index; the new states start as a list of None."""

def deep_rnn(cells, inputs, states):
    L = len(cells)
    after = [None] * L
    H = inputs
    for l in range(L):
        H, after[l] = cells[l](H, states[l])
    return H, after
