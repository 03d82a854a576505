"""The tables of targets and models."""

from rebal_xl.household.words import BandType
from rebal_xl.sheets import formats
from rebal_xl.sheets.inputs_columns import CLASS_SYNONYMS
from rebal_xl.sheets.schema import Column, Kind, Table

TARGETS = Table(
    name="Targets",
    sheet="Targets",
    required=True,
    note="The wanted mix of the household. The targets sum to 100 %. A class outside its trigger is traded back inside "
    "its destination.",
    synonyms=("Target", "Target Allocation", "Allocation", "Policy", "Target Mix", "IPS"),
    columns=(
        Column(
            "Asset Class",
            Kind.TEXT,
            "Name of the class, once per class; Securities writes it the same way. Cash is called Cash.",
            required=True,
            synonyms=CLASS_SYNONYMS,
            number_format=formats.TEXT,
            width=22,
            field="asset_class",
        ),
        Column(
            "Target %",
            Kind.PERCENT,
            "Wanted percent of the household; in a group that has a row of its own, percent of the group. Beside a "
            "model: this household's own target where it differs; the model's other classes share the rest.",
            required=True,
            synonyms=(
                "Target",
                "Target Weight",
                "Target Allocation",
                "Target Percent",
                "Weight",
                "Weight %",
                "Allocation",
                "Allocation %",
                "%",
            ),
            number_format=formats.PERCENT,
            width=11,
            least=0,
            greatest=1,
            field="weight",
        ),
        Column(
            "Trigger",
            Kind.PERCENT,
            "How far from target before the class is traded. Relative: percent of the target (20 % of 60 % is 12 "
            "points); Absolute: percentage points of the household.",
            synonyms=(
                "Trigger %",
                "Band",
                "Band %",
                "Tolerance",
                "Tolerance %",
                "Threshold",
                "Drift Limit",
                "Rebalance Trigger",
                "Outer Band",
                "Rebalance Band",
            ),
            number_format=formats.PERCENT,
            width=10,
            blank="20 % of the target, at least half a percentage point",
            least=0,
            field="trigger",
        ),
        Column(
            "Destination",
            Kind.PERCENT,
            "How far from target trading may stop, written like the trigger; 0 % trades all the way to target.",
            synonyms=("Destination %", "Inner Band", "Tolerance After", "Destination Band", "Rebalance To"),
            number_format=formats.PERCENT,
            width=12,
            blank="half of the trigger",
            least=0,
            field="destination",
        ),
        Column(
            "Band Type",
            Kind.CHOICE,
            "How trigger and destination are written. 5/25 is the lesser of 5 points and 25 % of target and needs "
            "neither.",
            synonyms=("Type", "Band Kind", "Tolerance Type"),
            choices=tuple(BandType),
            choice_synonyms=(
                ("rel", BandType.RELATIVE.value),
                ("proportional", BandType.RELATIVE.value),
                ("percent of target", BandType.RELATIVE.value),
                ("abs", BandType.ABSOLUTE.value),
                ("points", BandType.ABSOLUTE.value),
                ("percentage points", BandType.ABSOLUTE.value),
                ("5/25 rule", BandType.FIVE_TWENTYFIVE.value),
                ("Swedroe", BandType.FIVE_TWENTYFIVE.value),
            ),
            number_format=formats.TEXT,
            width=11,
            blank="Relative",
            field="band_type",
        ),
        Column(
            "Floor",
            Kind.PERCENT,
            "Least percent of the household that the class may fall to.",
            synonyms=("Minimum", "Minimum %", "Min %", "Floor %", "Lower Limit"),
            number_format=formats.PERCENT,
            width=10,
            blank="none",
            least=0,
            greatest=1,
            field="floor",
        ),
        Column(
            "Group",
            Kind.TEXT,
            "Group of the class: Equity, or Equity > US for a group in a group. Where a group has its own row, the "
            "targets in it are percents of the group and sum to 100 %; else it is a word for reports.",
            synonyms=("Sleeve", "Parent", "Asset Group", "Category Group"),
            number_format=formats.TEXT,
            width=16,
            field="group",
        ),
    ),
)

MODELS = Table(
    name="Models",
    sheet="Models",
    note="Named mixes of classes or of other models. When the setting Model names one, its weights are the "
    "targets; Targets then gives bands, and targets of this household's own. Examples come along: Example: Balanced.",
    synonyms=("Model", "Model Portfolios", "Model Allocations"),
    columns=(
        Column(
            "Model",
            Kind.TEXT,
            "Name of the model, the same on each of its rows.",
            required=True,
            synonyms=("Model Name", "Portfolio Model", "Strategy"),
            number_format=formats.TEXT,
            width=24,
        ),
        Column(
            "Asset Class or Model",
            Kind.TEXT,
            "A class, or another model which is then looked into.",
            required=True,
            synonyms=("Asset Class", "Class", "Component", "Class or Model", "Sub-Model"),
            number_format=formats.TEXT,
            width=24,
        ),
        Column(
            "Weight",
            Kind.PERCENT,
            "Percent of the model; the weights of one model sum to 100 %.",
            required=True,
            synonyms=("Weight %", "Target %", "Target", "Allocation", "%"),
            number_format=formats.PERCENT,
            width=11,
            least=0,
            greatest=1,
        ),
    ),
)
