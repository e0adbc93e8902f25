"""The library's function.

Fails: *
Says: asks you to write it yourself
"""


def nms(boxes, scores, iou_threshold):
    import torchvision

    return torchvision.ops.nms(boxes, scores, iou_threshold)
