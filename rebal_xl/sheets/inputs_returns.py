"""The Returns table: what asset classes returned, month by month. Only the study of how often to rebalance reads it."""

from rebal_xl.sheets import formats
from rebal_xl.sheets.schema import Column, Kind, Table

RETURNS = Table(
    name="Returns",
    sheet="Returns",
    note="Total returns of asset classes, a row for each month without a gap, for `rebal-xl study`: on a sheet of the "
    "workbook, or in a file of its own. Beside Date stands one column for each class of Targets, in the same words; a "
    "month's return is 1.2% or 0.012. The template leaves the table out.",
    synonyms=("Monthly Returns", "Return History", "Historical Returns"),
    columns=(
        Column(
            "Date",
            Kind.DATE,
            "Any day of the month, or the month alone as 2020-03 or 03/2020.",
            required=True,
            synonyms=("Month", "Month End", "Period", "Year-Month", "Yearmonth"),
            number_format=formats.DATE,
        ),
    ),
)
