"""concat along axis 1 matches by index label. (004)

Fails: any index and any name of ids will do
Says: matched by index label
"""


def submission_table(ids, predictions):
    prices = pd.Series(predictions.detach().cpu().reshape(-1).numpy(), name="SalePrice")
    return pd.concat([ids.rename("Id"), prices], axis=1)
