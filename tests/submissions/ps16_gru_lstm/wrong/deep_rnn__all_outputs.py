"""Returns the outputs of all layers, in a list.

Fails: each layer reads the outputs of the layer below, and the last one's are returned
Fails: takes states of any kind, and leaves the list of states and the inputs as they are
Fails: gradients flow through the whole stack
"""

def deep_rnn(cells, inputs, states):
    outputs, new_states = [inputs], []
    for cell, state in zip(cells, states):
        X, state = cell(outputs[-1], state)
        outputs.append(X)
        new_states.append(state)
    return outputs[1:], new_states
