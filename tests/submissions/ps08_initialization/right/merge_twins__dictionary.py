"""A dictionary whose keys are tuples."""


def merge_twins(W1, b1, W2):
    place, keep = {}, []
    columns = []
    for i in range(len(b1)):
        key = (*W1[i].tolist(), b1[i].item())
        if key not in place:
            place[key] = len(keep)
            keep.append(i)
            columns.append(W2[:, i].clone())
        else:
            columns[place[key]] += W2[:, i]
    return W1[keep], b1[keep], torch.stack(columns, dim=1)
