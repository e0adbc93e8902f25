"""Box by box.

Fails: works on the whole batch at once
Says: loops over
"""


def box_corner_to_center(boxes):
    rows = []
    for x1, y1, x2, y2 in boxes:
        rows.append(torch.stack([(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1]))
    return torch.stack(rows)
