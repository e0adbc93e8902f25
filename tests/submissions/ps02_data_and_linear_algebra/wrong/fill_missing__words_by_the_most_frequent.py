"""Words get the most frequent word.

Fails: words stay as they are, and so do their holes
"""


def fill_missing(inputs):
    filled = inputs.fillna(inputs.mean(numeric_only=True).fillna(0))
    for name in filled.columns:
        if not pd.api.types.is_numeric_dtype(filled[name]) and filled[name].notna().any():
            filled[name] = filled[name].fillna(filled[name].mode()[0])
    return filled
