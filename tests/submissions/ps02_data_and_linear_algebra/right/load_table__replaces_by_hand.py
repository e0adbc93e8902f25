"""Reads everything as text, makes numbers of the columns that allow it, drops at the end."""


def load_table(file):
    raw = pd.read_csv(file, dtype=str)
    made = {}
    for name in raw.columns:
        column = raw[name].where(raw[name] != "?")
        try:
            made[name] = pd.to_numeric(column)
        except (ValueError, TypeError):
            made[name] = column
    table = pd.DataFrame(made)
    keep = [i for i in range(len(table)) if pd.notna(table.iloc[i, -1])]
    table = table.take(keep).reset_index(drop=True)
    return table.drop(columns=table.columns[-1]), table[table.columns[-1]]
