"""Writes into the argument.

Fails: leaves its inputs unchanged
May fail: gradients are right
Says: boxes was changed
"""


def box_corner_to_center(boxes):
    boxes[:, 2:] = boxes[:, 2:] - boxes[:, :2]
    boxes[:, :2] = boxes[:, :2] + boxes[:, 2:] / 2
    return boxes
