"""Goes through float32.

Fails: gradients flow through the whole stack
Fails: keeps the dtype, and takes numbers in any memory order
Says: it reads float64
"""


def deep_rnn(cells, inputs, states):
    outputs, new_states = inputs.float(), []
    for cell, state in zip(cells, states):
        outputs, state = cell(outputs, state)
        new_states.append(state)
    return outputs, new_states
