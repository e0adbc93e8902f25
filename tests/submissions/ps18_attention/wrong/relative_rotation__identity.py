"""The identity.

Fails: moves every position forward by delta
Fails: a negative delta goes back, and 0 stays
Fails: has zeros outside its 2 × 2 blocks, and keeps all lengths
Fails: adding shifts is multiplying matrices
Says: nothing is moved
"""

def relative_rotation(delta, num_hiddens):
    return torch.eye(num_hiddens)
