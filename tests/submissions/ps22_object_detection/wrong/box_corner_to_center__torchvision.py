"""The library's function.

Fails: is written by hand: torchvision does not do the work
Says: calls torchvision
"""


def box_corner_to_center(boxes):
    from torchvision.ops import box_convert

    return box_convert(boxes, "xyxy", "cxcywh")
