"""The page of the model library in Markdown, with the example models as they come along.

`python -m rebal_xl.sheets.model_docs docs/model-library.md` writes it.
"""

import sys

from rebal_xl.measure.example_models import MARK, ExampleModels, example_models
from rebal_xl.sheets.markdown import table_of, write_page

INTRODUCTION = """\
# Model library

Targets can be written once and followed by many households. This page is generated, its tables from the models that
come along.

## Models of models

Each row of the table Models gives a model one part: an asset class, or another model, which is then looked into. The
weights of a model sum to 100 %. The setting Model names the one that the household follows. With

| Model | Asset Class or Model | Weight |
|---|---|---|
| Balanced | Growth | 50 % |
| Balanced | US Bonds | 50 % |
| Growth | US Stocks | 80 % |
| Growth | US Bonds | 20 % |

and the setting Model Balanced the targets are US Stocks 50 % x 80 % = 40 % and US Bonds 50 % + 50 % x 20 % = 60 %. A
model that contains itself is refused, with the way it does: "Balanced in Growth in Balanced". Classes that come by
one inner model have its name as their group.

## A household's own targets

Beside a model, Targets may give bands and floors, and a Target % where this household differs. That target stands;
the model's other classes share what is left in proportion to their weights in the model. A model of US Stocks 75 %,
US Bonds 15 %, Cash 10 % with US Bonds 32 % in Targets leaves 68 % for what was 85 %, so that the others are
multiplied by 0.8: US Stocks 60 %, Cash 8 %. Checks says so. A class that the model does not have may be added in the
same way. Where Targets holds a whole mix (100 %) the model counts, with a notice; where the own targets sum to more,
or leave nothing to take the rest, they are refused.

## Groups in groups

Without a model, a row of Targets may be a group of classes. What lies in it names it under Group and has percents of
it:

| Asset Class | Target % | Group | of the household |
|---|---|---|---|
| Equity | 60 % | | |
| US | 70 % | Equity | |
| US Large | 80 % | Equity > US | 60 % x 70 % x 80 % = 33.6 % |
| US Small | 20 % | Equity > US | 60 % x 70 % x 20 % = 8.4 % |
| International | 30 % | Equity | 60 % x 30 % = 18 % |
| US Bonds | 40 % | | 40 % |

Every group sums to 100 %, and so do the rows in no group. Where all targets together sum to 100 %, Group is a word
for reports and nothing is multiplied. Plans keep bands class by class: a class without a band has the relative or
5/25 band of its nearest group, taken from its own target; a band in points, or a floor, belongs to a class. The sheet
Drift shows every group before and after the plan in the table DriftGroups.

## Examples

Five risk profiles come along, edition of {day}. They are **examples**: round numbers that show how models work, from
no publication, and no advice. The setting Model follows one by its name, such as Example: Balanced, and a row of
Models may use one as a part; a model of the same name in the workbook takes its place. Their classes are put into the
words of Targets, or of Securities where there is no Targets, as the [security master](security-master.md) does.

"""


def model_library() -> str:
    """The whole page."""
    models = example_models()
    parts = [name for name in models.models if name not in models.profiles]
    text = INTRODUCTION.format(day=f"{models.date:%m/%d/%Y}")
    text += _table("Profile", models.profiles, models) + "\n" + _table("Part", tuple(parts), models)
    return text.rstrip() + "\n"


def _table(head: str, names: tuple[str, ...], models: ExampleModels) -> str:
    rows = [
        (
            name,
            ", ".join(
                f"{weight * 100:.4g} % {part.removeprefix(MARK)}" for part, weight in models.models[name].items()
            ),
        )
        for name in names
    ]
    return table_of((head, "Made of"), rows)


if __name__ == "__main__":
    sys.exit(write_page(sys.argv[1:], model_library, "docs/model-library.md"))
