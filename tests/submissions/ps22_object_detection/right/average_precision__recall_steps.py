"""Steps of the recall times the falling precision, as the Pascal VOC kit does it."""


def average_precision(scores, hits, num_objects):
    if num_objects == 0:
        return 0.0
    order = torch.argsort(scores, descending=True)
    tp = hits[order].to(torch.float64)
    fp = 1 - tp
    recall = torch.cumsum(tp, 0) / num_objects
    precision = torch.cumsum(tp, 0) / (torch.cumsum(tp, 0) + torch.cumsum(fp, 0))
    zero, one = tp.new_zeros(1), tp.new_ones(1)
    recall, precision = torch.cat([zero, recall, one]), torch.cat([zero, precision, zero])
    for i in range(len(precision) - 2, -1, -1):
        precision[i] = torch.maximum(precision[i], precision[i + 1])
    return float(((recall[1:] - recall[:-1]) * precision[1:]).sum())
