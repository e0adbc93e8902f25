"""Recursion over the layers."""

def deep_rnn(cells, inputs, states):
    if len(cells) == 0:
        return inputs, []
    outputs, first = cells[0](inputs, states[0])
    outputs, rest = deep_rnn(cells[1:], outputs, states[1:])
    return outputs, [first] + rest
