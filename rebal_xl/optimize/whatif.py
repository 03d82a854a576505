"""What-if: the plan under a policy, the plan under the advisor's edits of it, and both side by side."""

from rebal_xl.household import Household, Plan, Policy
from rebal_xl.household.what_if import WhatIf
from rebal_xl.optimize.rebalance import rebalance, refuse_unplannable
from rebal_xl.optimize.solver import Progress


def what_if(
    household: Household,
    policy: Policy,
    edited: Policy,
    *,
    edited_household: Household | None = None,
    base: Plan | None = None,
    edits: tuple[str, ...] = (),
    progress: Progress | None = None,
) -> WhatIf:
    """The plan under `policy` beside the plan under `edited`, and of `edited_household` where that is given too.

    `base` is the first plan where it was made already, `edits` what was changed, in sentences. Raises InputErrors with
    every reason why the edits cannot be, before anything is searched for, and otherwise as `rebalance`.
    """
    other = edited_household or household
    refuse_unplannable(other, edited)
    first = base or rebalance(household, policy, progress=progress)
    return WhatIf(first, rebalance(other, edited, progress=progress), edits)
