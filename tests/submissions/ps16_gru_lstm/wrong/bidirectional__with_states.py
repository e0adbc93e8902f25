"""Returns the states as well.

Fails: *
"""

def bidirectional(forward, backward, inputs):
    f_outputs, f_state = forward(inputs, None)
    b_outputs, b_state = backward(torch.flip(inputs, [0]), None)
    b_outputs = torch.flip(b_outputs, [0])
    return torch.cat((f_outputs, b_outputs), -1), [f_state, b_state]
