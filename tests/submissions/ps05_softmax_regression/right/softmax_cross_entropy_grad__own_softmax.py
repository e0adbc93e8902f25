"""Calls the softmax of exercise 1.1 and an identity matrix for the one-hot rows."""

def softmax_cross_entropy_grad(O, y):
    return softmax(O) - torch.eye(O.shape[1], dtype=O.dtype, device=O.device)[y]
