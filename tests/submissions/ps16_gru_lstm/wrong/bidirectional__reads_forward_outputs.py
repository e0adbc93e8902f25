"""The backward cell reads what the forward cell has returned, as if they were stacked.

Fails: the second half has read from the end, and each step speaks about its own input
Fails: equals a bidirectional nn.LSTM
"""

def bidirectional(forward, backward, inputs):
    f_outputs, _ = forward(inputs, None)
    d = inputs.shape[2]
    read = f_outputs[..., :d] if f_outputs.shape[2] >= d else torch.nn.functional.pad(f_outputs, (0, d - f_outputs.shape[2]))
    b_outputs, _ = backward(torch.flip(read, [0]), None)
    return torch.cat((f_outputs, torch.flip(b_outputs, [0])), -1)
