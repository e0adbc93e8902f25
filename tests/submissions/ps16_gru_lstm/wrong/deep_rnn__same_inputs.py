"""Every layer reads the inputs.

Fails: each layer reads the outputs of the layer below, and the last one's are returned
"""

def deep_rnn(cells, inputs, states):
    new_states = []
    X = inputs
    for cell, state in zip(cells, states):
        X, state = cell(inputs, state)
        new_states.append(state)
    return X, new_states
