"""A month in pandas and Great Expectations: reads a CSV, checks it and writes levels, reliabilities and mixes as JSON.

    python month_in_pandas.py answers.csv scales.json levels.json

`scales.json` has, by scale, its items and whether each is reversed (answers 1 to 5), and which scales are motives.
"""

import json
import sys
from pathlib import Path
from typing import Any

import great_expectations as gx
import numpy as np
import pandas as pd
from scipy import stats


def check(table: pd.DataFrame, items: list[str]) -> None:
    """Let Great Expectations look at every answer."""
    context = gx.get_context(mode="ephemeral")
    asset = context.data_sources.add_pandas("answers").add_dataframe_asset("answers")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": table})
    suite = gx.ExpectationSuite("answers")
    suite.add_expectation(gx.expectations.ExpectColumnValuesToBeUnique(column="id"))
    for item in items:
        suite.add_expectation(gx.expectations.ExpectColumnValuesToBeBetween(column=item, min_value=1, max_value=5))
    assert batch.validate(suite).success


def scored(table: pd.DataFrame, scales: dict[str, Any]) -> pd.DataFrame:
    """Each person's score on each scale, 0 to 100, where at least half of its items were answered."""
    scores = {}
    for name, scale in scales.items():
        answers = pd.DataFrame({item: 6 - table[item] if turned else table[item] for item, turned in scale["items"]})
        enough = answers.notna().sum(axis=1) * 2 >= answers.shape[1]
        scores[name] = ((answers.mean(axis=1) - 1) * 25).where(enough)
    return pd.DataFrame(scores)


def reliability(table: pd.DataFrame, items: list[list[Any]]) -> float:
    """Cronbach's alpha of a scale over complete responses."""
    answers = pd.DataFrame({item: 6 - table[item] if turned else table[item] for item, turned in items}).dropna()
    count = answers.shape[1]
    return float(count / (count - 1) * (1 - answers.var().sum() / answers.sum(axis=1).var()))


def main(answers: str, scales_file: str, target: str) -> None:
    """Read, check, compute and write."""
    scales = json.loads(Path(scales_file).read_text())
    table = pd.read_csv(answers)
    check(table, [item for scale in scales.values() for item, _ in scale["items"]])
    table = table.sort_values("submitted").drop_duplicates("member", keep="last")
    scores = scored(table, scales)
    levels = scores.groupby(table["group"]).agg(["count", "mean", "std"])
    quantile = stats.t.ppf(0.975, levels.xs("count", axis=1, level=1) - 1)
    half = quantile * levels.xs("std", axis=1, level=1) / np.sqrt(levels.xs("count", axis=1, level=1))
    motives = [name for name, scale in scales.items() if scale["kind"] == "motive"]
    mix = scores[motives].sub(scores[motives].mean(axis=1), axis=0)
    dominant = pd.crosstab(table["group"], mix.idxmax(axis=1), normalize="index")
    result = {
        "levels": {name: levels[name].reset_index().to_dict("records") for name in scales},
        "half_width": half.reset_index().to_dict("records"),
        "alpha": {name: reliability(table, scale["items"]) for name, scale in scales.items()},
        "mix": mix.groupby(table["group"]).mean().reset_index().to_dict("records"),
        "entropy": (-(dominant * np.log(dominant.where(dominant > 0, 1))).sum(axis=1)).to_dict(),
    }
    Path(target).write_text(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
