"""The library's function.

Fails: is written by hand: torchvision does not do the work
Fails: boxes without an area have 0, and no NaN
Says: calls torchvision
"""


def box_iou(boxes1, boxes2):
    import torchvision

    return torchvision.ops.box_iou(boxes1, boxes2)
