"""Lists."""


def submission_table(ids, predictions):
    prices = [float(p) for p in predictions.flatten()]
    return pd.DataFrame({"Id": ids.tolist(), "SalePrice": prices}, columns=["Id", "SalePrice"])
