"""Keyword arguments, and new numbers through .data."""

def fold_batch_norm(conv, bn):
    folded = nn.Conv2d(
        in_channels=conv.in_channels, out_channels=conv.out_channels, kernel_size=conv.kernel_size, stride=conv.stride,
        padding=conv.padding, dilation=conv.dilation, groups=conv.groups, bias=True, padding_mode=conv.padding_mode,
        device=conv.weight.device, dtype=conv.weight.dtype,
    )
    std = (bn.running_var + bn.eps) ** 0.5
    folded.weight.data = conv.weight.data * (bn.weight.data / std)[:, None, None, None]
    bias = bn.bias.data - bn.weight.data * bn.running_mean / std
    if conv.bias is not None:
        bias = bias + bn.weight.data * conv.bias.data / std
    folded.bias.data = bias
    return folded
