"""A loop over the number of layers."""

def mlp_forward(X, params):
    num_layers = len(params) // 2
    H = X
    for i in range(num_layers):
        H = torch.matmul(H, params[2 * i]) + params[2 * i + 1]
        if i < num_layers - 1:
            H = torch.nn.functional.relu(H)
    return H
