"""A Series of prices is put into a table with the index of ids.

Fails: any index and any name of ids will do
"""


def submission_table(ids, predictions):
    prices = pd.Series(predictions.detach().cpu().reshape(-1).numpy())
    table = pd.DataFrame({"Id": ids})
    table["SalePrice"] = prices
    return table
