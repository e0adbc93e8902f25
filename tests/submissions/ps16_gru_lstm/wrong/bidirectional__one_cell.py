"""Uses the forward cell in both directions.

Fails: *
"""

def bidirectional(forward, backward, inputs):
    f_outputs, _ = forward(inputs, None)
    b_outputs, _ = forward(torch.flip(inputs, [0]), None)
    b_outputs = torch.flip(b_outputs, [0])
    return torch.cat((f_outputs, b_outputs), -1)
