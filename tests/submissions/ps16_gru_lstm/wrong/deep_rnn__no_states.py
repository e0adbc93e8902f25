"""Returns the outputs only.

Fails: each layer reads the outputs of the layer below, and the last one's are returned
Fails: returns the new states of all layers, first layer first
Fails: takes states of any kind, and leaves the list of states and the inputs as they are
Fails: gradients flow through the whole stack
"""

def deep_rnn(cells, inputs, states):
    new_states = []
    X = inputs
    for cell, state in zip(cells, states):
        X, state = cell(X, state)
        new_states.append(state)
    return X
