"""The bias of the convolution is taken over as it is.

Fails: the bias is (b - mean) · scale + beta
"""

def fold_batch_norm(conv, bn):
    folded = nn.Conv2d(conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding, conv.dilation, conv.groups).to(conv.weight)
    with torch.no_grad():
        scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
        bias = 0 if conv.bias is None else conv.bias
        folded.weight.copy_(conv.weight * scale.reshape(-1, 1, 1, 1))
        folded.bias.copy_(bias + torch.zeros_like(bn.bias))
    return folded
