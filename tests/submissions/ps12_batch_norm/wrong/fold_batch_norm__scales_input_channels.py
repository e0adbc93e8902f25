"""The scale meets the input channels.

Fails: the kernels of each output channel are scaled by gamma over the root
Fails: bn.eps is added inside the root
Fails: stride, padding, dilation and groups are those of conv
Fails: keeps the dtype of conv
Fails: the bias is (b - mean) · scale + beta
Fails: a convolution without bias gets one
Fails: a new convolution with parameters of its own; conv and bn are left as they were
"""

def fold_batch_norm(conv, bn):
    folded = nn.Conv2d(conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding, conv.dilation, conv.groups).to(conv.weight)
    with torch.no_grad():
        scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
        bias = 0 if conv.bias is None else conv.bias
        folded.weight.copy_(conv.weight * scale.reshape(1, -1, 1, 1))
        folded.bias.copy_((bias - bn.running_mean) * scale + bn.bias)
    return folded
