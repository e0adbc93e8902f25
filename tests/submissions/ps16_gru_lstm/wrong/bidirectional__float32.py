"""Goes through float32, and back at the end.

Fails: gradients reach the inputs through the backward half
Fails: gradients reach the inputs through the forward half
Fails: keeps the dtype, and takes numbers in any memory order
"""


def bidirectional(forward, backward, inputs):
    from_left, _ = forward(inputs, None)
    from_right, _ = backward(inputs.flip(0), None)
    return torch.cat([from_left.float(), from_right.float().flip(0)], dim=-1).to(inputs.dtype)
