"""The index of ids is kept.

Fails: any index and any name of ids will do
"""


def submission_table(ids, predictions):
    return pd.DataFrame({"Id": ids, "SalePrice": predictions.detach().cpu().reshape(-1).numpy()})
