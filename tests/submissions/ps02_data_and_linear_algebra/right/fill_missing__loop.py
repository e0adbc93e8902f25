"""Column by column."""


def fill_missing(inputs):
    out = inputs.copy()
    for col in out.columns:
        if pd.api.types.is_numeric_dtype(out[col]) and out[col].dtype != bool:
            m = out[col].mean()
            out[col] = out[col].fillna(0 if pd.isna(m) else m)
    return out
