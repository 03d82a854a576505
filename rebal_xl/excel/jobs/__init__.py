"""What the ribbon's buttons do."""

from collections.abc import Mapping

from rebal_xl.excel.jobs import places
from rebal_xl.excel.jobs.asking import begin_what_if
from rebal_xl.excel.jobs.base import Job
from rebal_xl.excel.jobs.desk import Jobs
from rebal_xl.excel.jobs.importing import begin_import
from rebal_xl.excel.jobs.looking import begin_check, begin_drift
from rebal_xl.excel.jobs.orders import begin_orders
from rebal_xl.excel.jobs.planning import begin_harvest, begin_location, begin_raise_cash, begin_rebalance
from rebal_xl.excel.jobs.reporting import begin_report
from rebal_xl.excel.jobs.scanning import begin_scan, scan_alone
from rebal_xl.excel.jobs.understanding import begin_understand

__all__ = ["JOBS", "Job", "Jobs"]

JOBS: Mapping[str, Job] = {
    job.name: job
    for job in (
        Job("new_workbook", "New workbook", places.begin_new, places.new_alone),
        Job("import_holdings", "Import holdings", begin_import),
        Job("check", "Check", begin_check),
        Job("understand", "Understood", begin_understand),
        Job("drift", "Drift", begin_drift),
        Job("rebalance", "Rebalancing", begin_rebalance),
        Job("what_if", "What if", begin_what_if),
        Job("harvest", "Harvesting", begin_harvest),
        Job("raise_cash", "Raising cash", begin_raise_cash),
        Job("location", "Location", begin_location),
        Job("client_report", "Client report", begin_report),
        Job("orders", "Orders", begin_orders),
        Job("scan_book", "Scan", begin_scan, scan_alone),
        Job("settings", "Settings", places.begin_settings),
        Job("help", "Help", places.begin_help, places.help_alone),
        Job("insert_formulas", "Insert formulas", places.begin_formulas),
        Job("insert_template", "Insert template", places.begin_template),
    )
}
