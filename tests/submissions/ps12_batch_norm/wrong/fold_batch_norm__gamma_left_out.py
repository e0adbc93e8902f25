"""gamma is left out.

Fails: the kernels of each output channel are scaled by gamma over the root
"""

def fold_batch_norm(conv, bn):
    folded = nn.Conv2d(conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding, conv.dilation, conv.groups).to(conv.weight)
    with torch.no_grad():
        scale = 1 / torch.sqrt(bn.running_var + bn.eps)
        bias = 0 if conv.bias is None else conv.bias
        folded.weight.copy_(conv.weight * scale.reshape(-1, 1, 1, 1))
        folded.bias.copy_((bias - bn.running_mean) * scale + bn.bias)
    return folded
