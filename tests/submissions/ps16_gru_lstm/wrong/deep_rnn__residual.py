"""Adds the inputs of a layer to its outputs where the widths agree.

Fails: each layer reads the outputs of the layer below, and the last one's are returned
"""

def deep_rnn(cells, inputs, states):
    X, new_states = inputs, []
    for cell, state in zip(cells, states):
        Y, state = cell(X, state)
        X = X + Y if X.shape == Y.shape else Y
        new_states.append(state)
    return X, new_states
