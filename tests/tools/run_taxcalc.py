"""Started by taxcalc_env.py in taxcalc's own Python: households in, what taxcalc makes of them out. No project code."""

import json
import sys
from pathlib import Path

import pandas as pd
from taxcalc import Calculator, Policy, Records

WANTED = ("c00100", "c02500", "c04470", "standard", "c04800", "taxbc", "c09600", "niit")


def main(given: Path, found: Path) -> None:
    """Every year of the table through a calculator of its own; answers in the order of the table."""
    table = pd.DataFrame(json.loads(given.read_text(encoding="utf-8")))
    table["RECID"] = range(1, len(table) + 1)
    parts = []
    for year, rows in table.groupby("FLPDYR"):
        # The year is a household's own: neither incomes nor weights are projected from another one.
        records = Records(data=rows.copy(), start_year=int(year), gfactors=None, weights=None, adjust_ratios=None)
        policy = Policy()
        policy.set_year(int(year))
        calculator = Calculator(policy=policy, records=records, verbose=False)
        calculator.calc_all()
        parts.append(calculator.dataframe(["RECID", *WANTED]))
    answers = pd.concat(parts).sort_values("RECID")
    found.write_text(json.dumps({name: answers[name].astype(float).tolist() for name in WANTED}), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
