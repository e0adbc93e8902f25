"""The state that one layer ends with is the one the next starts from.

Fails: each layer starts from a state of its own
"""

def deep_rnn(cells, inputs, states):
    X, state, new_states = inputs, states[0], []
    for cell in cells:
        X, state = cell(X, state)
        new_states.append(state)
    return X, new_states
