"""All layers start from the state of the first.

Fails: each layer starts from a state of its own
"""

def deep_rnn(cells, inputs, states):
    new_states = []
    X = inputs
    for cell in cells:
        X, state = cell(X, states[0])
        new_states.append(state)
    return X, new_states
