"""Ends after the first layer: the return stands in the loop.

Fails: each layer reads the outputs of the layer below, and the last one's are returned
Fails: each layer starts from a state of its own
Fails: returns the new states of all layers, first layer first
"""

def deep_rnn(cells, inputs, states):
    new_states = []
    X = inputs
    for cell, state in zip(cells, states):
        X, state = cell(X, state)
        new_states.append(state)
        return X, new_states
