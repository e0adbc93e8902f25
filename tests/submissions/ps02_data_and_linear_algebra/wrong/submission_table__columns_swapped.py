"""SalePrice first.

Fails: Id and SalePrice stand side by side, in the order given, under a new index
May fail: any index and any name of ids will do
May fail: predictions of shape (n, 1), and such that carry a graph, are taken
May fail: Id stays a column of whole numbers
May fail: gives the same when it is called again, and leaves the program as it was
May fail: returns something new, and leaves what it was given as it was
"""


def submission_table(ids, predictions):
    return pd.DataFrame({"SalePrice": predictions.detach().cpu().reshape(-1).numpy(), "Id": ids.to_numpy()})
