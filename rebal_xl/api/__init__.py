"""The Python interface: read a household, measure its drift, find its plan, write the plan into its workbook.

Everything here works on files and plain values; nothing asks a question, prints or ends the process.
"""

from rebal_xl.api.asking import CURVE_POINTS as CURVE_POINTS
from rebal_xl.api.asking import (
    binding_rules,
    dashboard_curve,
    drift,
    explanation,
    frontier,
    how_often,
    location,
    overlap,
    rebalance,
    what_if,
)
from rebal_xl.api.asking import compared as compared
from rebal_xl.api.asking import placements as placements
from rebal_xl.api.reading import TEXT_FILES as TEXT_FILES
from rebal_xl.api.reading import check, edit_policy, read_csvs, read_frames, read_returns, read_workbook, value_so_far
from rebal_xl.api.reading import law_problem as law_problem
from rebal_xl.api.reading import plan_problems as plan_problems
from rebal_xl.api.reading import previous_runs as previous_runs
from rebal_xl.api.reading import previous_ticks as previous_ticks
from rebal_xl.api.reading import ticked_lines as ticked_lines
from rebal_xl.api.reading import value_with_inputs as value_with_inputs
from rebal_xl.api.writing import (
    client_report,
    import_files,
    read_fills_into,
    result_path,
    result_sheets,
    write_page,
    write_plan,
    write_report,
    write_results,
    write_understood,
)
from rebal_xl.files.ours import logged_runs as logged_runs
from rebal_xl.files.ours import table_rows as table_rows
from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.save import default_output
from rebal_xl.optimize.search import EvaluatorDisagrees
from rebal_xl.optimize.solver import SolverError
from rebal_xl.tax import LawMissing

__all__ = [
    "EvaluatorDisagrees",
    "FileRefused",
    "LawMissing",
    "SolverError",
    "binding_rules",
    "check",
    "client_report",
    "dashboard_curve",
    "default_output",
    "drift",
    "edit_policy",
    "explanation",
    "frontier",
    "how_often",
    "import_files",
    "location",
    "overlap",
    "read_csvs",
    "read_fills_into",
    "read_frames",
    "read_returns",
    "read_workbook",
    "rebalance",
    "result_path",
    "result_sheets",
    "value_so_far",
    "what_if",
    "write_page",
    "write_plan",
    "write_report",
    "write_results",
    "write_understood",
]
