"""Calls itself for each of the two dimensions."""

def conv_output_size(n, k, padding=0, stride=1):
    if any(not isinstance(v, int) for v in (n, k, padding, stride)):
        a, b, c, d = pair(n), pair(k), pair(padding), pair(stride)
        return conv_output_size(a[0], b[0], c[0], d[0]), conv_output_size(a[1], b[1], c[1], d[1])
    return (n - k + padding) // stride + 1
