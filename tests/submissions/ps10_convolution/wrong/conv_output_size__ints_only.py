"""Knows no pairs.

Fails: pairs give a pair, height first; ints count for both dimensions
"""

def conv_output_size(n, k, padding=0, stride=1):
    return (n - k + padding + stride) // stride
