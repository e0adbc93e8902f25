"""Flats and their prices, as a table with the holes that real tables have. The flats are made up; the holes are not kinder for it."""

import io

import numpy as np

DISTRICTS = {"Harbour": 0.0, "Hillside": 25.0, "Market": 12.0, "Park": 70.0}
HEATINGS = {"coal": 0.0, "gas": 10.0, "heatpump": 22.0}
MISSING = {"Area": 0.03, "Rooms": 0.10, "YearBuilt": 0.15, "District": 0.05, "Heating": 0.20, "Price": 0.02}  # shares of the cells


def flats_csv(n: int, seed: int) -> str:
    """CSV text of n flats: Area (m²), Rooms, YearBuilt, District, Heating, Price (in thousands).

    A missing value is written NA, a missing number of rooms "?". The same seed gives the same flats.
    """
    rng = np.random.default_rng(seed)
    area = rng.integers(25, 141, n)
    rooms = np.clip((area / 28 + rng.normal(0, 0.8, n)).round(), 1, 6).astype(int)
    year = rng.integers(1950, 2025, n)
    district, heating = rng.choice(list(DISTRICTS), n), rng.choice(list(HEATINGS), n)
    price = 3.2 * area + 9 * rooms + 0.8 * (year - 1985) + rng.normal(0, 15, n)
    price += [DISTRICTS[name] for name in district]
    price += [HEATINGS[name] for name in heating]
    columns = {"Area": area, "Rooms": rooms, "YearBuilt": year, "District": district, "Heating": heating, "Price": price.round(1)}
    for name, share in MISSING.items():
        holes = rng.random(n) < share
        columns[name] = np.where(holes, "?" if name == "Rooms" else "NA", columns[name].astype(str))
    lines = [",".join(columns), *(",".join(row) for row in zip(*columns.values()))]
    return "\n".join(lines) + "\n"


def preload() -> None:
    """Imports pandas and uses it once, for those that come later. The grader calls it once for all submissions."""
    import pandas as pd

    table = pd.read_csv(io.StringIO(flats_csv(8, seed=0)), na_values=["?"])
    table = pd.get_dummies(pd.concat([table, table.iloc[::2]], ignore_index=True), dummy_na=True)
    filled = table.fillna(table.mean(numeric_only=True))
    (filled.select_dtypes("number") - filled["Area"].mean()).dropna().to_numpy(dtype=float)
