"""Time outside, layers inside: each cell is called for one step at a time."""

def deep_rnn(cells, inputs, states):
    states = list(states)
    outputs = []
    for t in range(inputs.shape[0]):
        X = inputs[t : t + 1]
        for l, cell in enumerate(cells):
            X, states[l] = cell(X, states[l])
        outputs.append(X)
    return torch.cat(outputs), states
