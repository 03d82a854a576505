"""What the ribbon's buttons do."""

from collections.abc import Mapping

from rebal_xl.excel.jobs.base import Job
from rebal_xl.excel.jobs.desk import Jobs
from rebal_xl.excel.jobs.looking import begin_check, begin_drift

__all__ = ["JOBS", "Job", "Jobs"]

JOBS: Mapping[str, Job] = {
    job.name: job
    for job in (
        Job("check", "Check", begin_check),
        Job("drift", "Drift", begin_drift),
    )
}
