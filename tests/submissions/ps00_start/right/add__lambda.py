"""A lambda, with other names."""

add = lambda a, b: a - (-b)
