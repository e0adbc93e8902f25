"""Changes conv itself and returns it.

Fails: a new convolution with parameters of its own; conv and bn are left as they were
"""

def fold_batch_norm(conv, bn):
    with torch.no_grad():
        scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
        bias = torch.zeros_like(bn.bias) if conv.bias is None else conv.bias
        conv.weight.mul_(scale.reshape(-1, 1, 1, 1))
        conv.bias = nn.Parameter((bias - bn.running_mean) * scale + bn.bias)
    return conv
