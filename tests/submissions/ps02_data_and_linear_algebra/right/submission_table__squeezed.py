"""squeeze(): one prediction becomes a number, which pandas puts into the one row."""


def submission_table(ids, predictions):
    return pd.DataFrame({"Id": ids.to_numpy(), "SalePrice": predictions.detach().cpu().squeeze().numpy()})
