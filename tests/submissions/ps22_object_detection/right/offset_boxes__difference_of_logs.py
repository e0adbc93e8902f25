"""A named tuple of centre and size; the difference of two logarithms."""

from typing import NamedTuple


class CenterSize(NamedTuple):
    xy: torch.Tensor
    wh: torch.Tensor

    @classmethod
    def of(cls, boxes):
        return cls(*box_corner_to_center(boxes).split(2, dim=-1))


def offset_boxes(anchors, assigned_bb):
    a, b = map(CenterSize.of, (anchors, assigned_bb))
    return torch.cat([10 * (b.xy - a.xy) / a.wh, 5 * (b.wh.log() - a.wh.log())], dim=-1)
