"""Sorted by id.

Fails: Id and SalePrice stand side by side, in the order given, under a new index
Says: sorted by id
May fail: any index and any name of ids will do
May fail: predictions of shape (n, 1), and such that carry a graph, are taken
May fail: Id stays a column of whole numbers
May fail: predictions may lie on another device
May fail: gives the same when it is called again, and leaves the program as it was
May fail: returns something new, and leaves what it was given as it was
"""


def submission_table(ids, predictions):
    table = pd.DataFrame({"Id": ids.to_numpy(), "SalePrice": predictions.detach().cpu().reshape(-1).numpy()})
    return table.sort_values("Id").reset_index(drop=True)
