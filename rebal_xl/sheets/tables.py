"""Every input table of the workbook, in the order of its sheets, and look-ups by name.

Reader, checks, template, writers and documentation walk through INPUT_TABLES and SETTINGS_ROWS.
"""

from rebal_xl.sheets.inputs_accounts import ACCOUNTS, PEOPLE
from rebal_xl.sheets.inputs_holdings import HOLDINGS
from rebal_xl.sheets.inputs_returns import RETURNS
from rebal_xl.sheets.inputs_securities import ASSUMPTIONS, CLASS_MIX, COVARIANCE, SECURITIES
from rebal_xl.sheets.inputs_targets import MODELS, TARGETS
from rebal_xl.sheets.inputs_tax import TAX_PROFILE
from rebal_xl.sheets.inputs_trades import FILLS, MY_TRADES, RECENT_TRADES, WITHDRAWALS
from rebal_xl.sheets.schema import Table
from rebal_xl.sheets.settings import SETTINGS, SETTINGS_ROWS, setting

__all__ = [
    "ACCOUNTS",
    "ASSUMPTIONS",
    "CLASS_MIX",
    "COVARIANCE",
    "FILLS",
    "FURTHER_TABLES",
    "HOLDINGS",
    "INPUT_TABLES",
    "MODELS",
    "MY_TRADES",
    "PEOPLE",
    "RECENT_TRADES",
    "RETURNS",
    "SCHEMA_VERSION",
    "SECURITIES",
    "SETTINGS",
    "SETTINGS_ROWS",
    "TARGETS",
    "TAX_PROFILE",
    "WITHDRAWALS",
    "input_table",
    "setting",
]

# Raised when a workbook of an earlier description needs more than new optional columns to be read.
SCHEMA_VERSION = 1

INPUT_TABLES: tuple[Table, ...] = (
    PEOPLE,
    ACCOUNTS,
    HOLDINGS,
    SECURITIES,
    CLASS_MIX,
    TARGETS,
    MODELS,
    TAX_PROFILE,
    WITHDRAWALS,
    RECENT_TRADES,
    MY_TRADES,
    FILLS,
    ASSUMPTIONS,
    COVARIANCE,
    SETTINGS,
)

# Read when a question asks for them; the template leaves them out.
FURTHER_TABLES: tuple[Table, ...] = (RETURNS,)


def input_table(name: str) -> Table:
    """The input table of that name; KeyError when there is none."""
    for table in INPUT_TABLES:
        if table.name == name:
            return table
    raise KeyError(name)
