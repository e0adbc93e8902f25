"""Turns the features round on the way in.

Fails: the second half has read from the end, and each step speaks about its own input
Fails: equals a bidirectional nn.LSTM
"""

def bidirectional(forward, backward, inputs):
    f_outputs, _ = forward(inputs, None)
    b_outputs, _ = backward(torch.flip(inputs, [2]), None)
    b_outputs = torch.flip(b_outputs, [2])
    return torch.cat((f_outputs, b_outputs), -1)
