"""Unpacks the pair."""


def himmelblau(x):
    u, v = x
    first = u * u + v - 11
    second = u + v * v - 7
    return first * first + second * second
