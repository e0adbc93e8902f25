"""Detaches between the layers.

Fails: gradients flow through the whole stack
"""

def deep_rnn(cells, inputs, states):
    new_states = []
    X = inputs
    for cell, state in zip(cells, states):
        X, state = cell(X.detach(), state)
        new_states.append(state)
    return X, new_states
