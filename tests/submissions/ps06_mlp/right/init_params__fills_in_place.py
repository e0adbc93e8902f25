"""Empty leaves, filled by torch.nn.init; a tuple."""

def init_params(sizes, std=0.01):
    params = ()
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        W, b = torch.empty(n_in, n_out, requires_grad=True), torch.zeros(n_out, requires_grad=True)
        torch.nn.init.normal_(W, mean=0.0, std=std)
        params += (W, b)
    return params
