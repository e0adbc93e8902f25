"""The new convolution has a bias only if the old one had.

Fails: a convolution without bias gets one
"""

def fold_batch_norm(conv, bn):
    folded = nn.Conv2d(
        conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding, conv.dilation, conv.groups, conv.bias is not None
    ).to(conv.weight)
    with torch.no_grad():
        scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
        folded.weight.copy_(conv.weight * scale.reshape(-1, 1, 1, 1))
        if conv.bias is not None:
            folded.bias.copy_((conv.bias - bn.running_mean) * scale + bn.bias)
    return folded
