"""The backward cell starts from the state in which the forward cell ended.

Fails: both cells start from None
Fails: equals a bidirectional nn.LSTM
"""

def bidirectional(forward, backward, inputs):
    f_outputs, state = forward(inputs, None)
    b_outputs, _ = backward(torch.flip(inputs, [0]), state)
    b_outputs = torch.flip(b_outputs, [0])
    return torch.cat((f_outputs, b_outputs), -1)
