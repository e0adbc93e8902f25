"""Where the convolution has no bias, the new bias is written into that of bn.

Fails: a new convolution with parameters of its own; conv and bn are left as they were
"""


def fold_batch_norm(conv, bn):
    folded = nn.Conv2d(conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding, conv.dilation, conv.groups).to(conv.weight)
    with torch.no_grad():
        scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
        folded.weight.copy_(conv.weight * scale.reshape(-1, 1, 1, 1))
        if conv.bias is None:
            folded.bias = bn.bias
            folded.bias.sub_(bn.running_mean * scale)
        else:
            folded.bias.copy_((conv.bias - bn.running_mean) * scale + bn.bias)
    return folded
