"""Started in SCIP's own Python: a household, its policy and a plan in; what SCIP finds from there out.

`run.py GIVEN FOUND` reads one case (JSON) and writes the plan's price inside the program with every order fixed, SCIP's
best plan (priced by plain arithmetic too), and its bound.
"""

import json
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from tests.second_model.arithmetic import Program, total  # noqa: E402
from tests.second_model.bill import K  # noqa: E402
from tests.second_model.facts import Facts  # noqa: E402
from tests.second_model.objective import Objective  # noqa: E402
from tests.second_model.orders import Plan  # noqa: E402
from tests.second_model.plans import facts_of, plan_of, priced  # noqa: E402
from tests.second_model.purchases import purchases  # noqa: E402

# SCIP stops within a dollar.
GAP = 1.0 / K
# SCIP's clock: this process's own processor time, whatever else the machine does
PROCESSOR = 1


def main(given: Path, found: Path) -> None:
    """One case."""
    case = json.loads(given.read_text(encoding="utf-8"), object_hook=lambda found: SimpleNamespace(**found))
    facts = facts_of(case)
    plan, _ = plan_of(facts, case.plan)
    answer = searched(facts, plan, case.seconds, whole=case.whole, careful=case.careful)
    found.write_text(json.dumps(answer), encoding="utf-8")


def built(facts: Facts, fixed: Plan | None, *, whole: bool) -> tuple[Program, Plan]:
    """The program, free or with every amount of a plan fixed."""
    from pyscipopt import Model

    scip = Model("second model")
    scip.hideOutput()
    program = Program(scip)
    plan = Plan(
        sold=[program.column("sold", 0.0, unit.worth) for unit in facts.units],
        bought={pair: program.column("bought", 0.0, most) for pair, most in purchases(facts).items()},
        paid={
            (place, account): program.column("paid", 0.0, ask.amount)
            for place, ask in enumerate(facts.asks)
            for account in ask.accounts
        },
    )
    cost = total(Objective(facts, program, plan, whole=whole).terms().values())
    scip.setObjective(program.expression(cost), "minimize")
    if fixed is not None:
        pairs = [*zip(plan.sold, fixed.sold, strict=True)]
        pairs += [(column, fixed.bought[key]) for key, column in plan.bought.items()]
        pairs += [(column, fixed.paid[key]) for key, column in plan.paid.items()]
        for column, amount in pairs:
            (place,) = column.terms
            scip.chgVarLb(program.columns[place], amount)
            scip.chgVarUb(program.columns[place], max(amount, 0.0))
    scip.setParam("parallel/maxnthreads", 1)
    return program, plan


def searched(facts: Facts, plan: Plan, seconds: float, *, whole: bool, careful: bool) -> dict[str, Any]:
    """SCIP from the plan on; `careful` leaves out its heuristics, in which some versions spoil their memory."""
    start, _ = built(facts, plan, whole=whole)
    start.scip.setParam("timing/clocktype", PROCESSOR)
    start.scip.setParam("limits/time", 60.0)
    start.scip.optimize()
    answer: dict[str, Any] = {"fixed_status": start.scip.getStatus(), "fixed_usd": None}
    solution = start.scip.getBestSol() if start.scip.getNSols() else None
    program, columns = built(facts, None, whole=whole)
    scip = program.scip
    if solution is not None:
        answer["fixed_usd"] = K * start.scip.getObjVal()
        first = scip.createSol()
        for old, new in zip(start.columns, program.columns, strict=True):
            scip.setSolVal(first, new, start.scip.getSolVal(solution, old))
        answer["start_taken"] = bool(scip.addSol(first))
    scip.setParam("timing/clocktype", PROCESSOR)
    scip.setParam("limits/time", seconds)
    scip.setParam("limits/absgap", GAP)
    if careful:
        from pyscipopt import SCIP_PARAMSETTING

        scip.setHeuristics(SCIP_PARAMSETTING.OFF)
    began = time.process_time()
    scip.optimize()
    answer |= {
        "status": scip.getStatus(),
        "seconds": time.process_time() - began,
        "dual_usd": K * scip.getDualbound(),
        "primal_usd": None,
        "best": None,
        "nodes": scip.getNTotalNodes(),
        "columns": len(program.columns),
    }
    if scip.getNSols():
        best = scip.getBestSol()
        found = Plan(
            [_amount(scip, best, program, column) for column in columns.sold],
            {key: _amount(scip, best, program, column) for key, column in columns.bought.items()},
            {key: _amount(scip, best, program, column) for key, column in columns.paid.items()},
        )
        answer |= {"primal_usd": K * scip.getObjVal(), "best": priced(facts, found, whole=whole)}
    return answer


def _amount(scip: Any, solution: Any, program: Program, column: Any) -> float:
    """What a column stands for, without the solver's last digits."""
    (place,) = column.terms
    low, high = program.bounds[place]
    value = min(max(float(scip.getSolVal(solution, program.columns[place])), low), high)
    return 0.0 if value < 1e-7 else value


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
