"""A table of ids, the prices put in."""


def submission_table(ids, predictions):
    table = ids.to_frame("Id").reset_index(drop=True)
    table["SalePrice"] = predictions.detach().squeeze(-1).tolist() if predictions.ndim == 2 else predictions.detach().tolist()
    return table
