"""Right for the examples only.

Fails: moves every position forward by delta
Fails: a negative delta goes back, and 0 stays
Fails: has zeros outside its 2 × 2 blocks, and keeps all lengths
Fails: adding shifts is multiplying matrices
"""

def relative_rotation(delta, num_hiddens):
    R = torch.tensor([[0.540302, 0.841471, 0.0, 0.0], [-0.841471, 0.540302, 0.0, 0.0], [0.0, 0.0, 0.99995, 0.01], [0.0, 0.0, -0.01, 0.99995]])
    R = R if delta == 1 else R.T
    return R[:num_hiddens, :num_hiddens]
