"""The library's function.

Fails: is written by hand: torchvision does not do the work
Says: calls torchvision
"""


def box_center_to_corner(boxes):
    import torchvision

    return torchvision.ops.box_convert(boxes, in_fmt="cxcywh", out_fmt="xyxy")
