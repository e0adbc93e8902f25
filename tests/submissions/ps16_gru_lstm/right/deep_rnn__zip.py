"""Cells and states in pairs."""

def deep_rnn(cells, inputs, states):
    new_states = []
    X = inputs
    for cell, state in zip(cells, states):
        X, state = cell(X, state)
        new_states.append(state)
    return X, new_states
