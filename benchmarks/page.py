"""The words of docs/benchmarks.md around its tables."""

TEXT = """# Benchmarks

Synthetic households (`benchmarks/households.py`), drawn from seeds: small with 3 accounts and about 40 lots, medium
with 6 and 250, large with 10 and 2,000; funds that mix classes, partner ETFs, a 401(k) menu, identical groups,
purchases and loss sales of the last thirty days, losses carried in, withdrawals. Method Opportunistic, default policy
(proof within 0.1 basis points of household value), one thread. Reproduce with

    python -m benchmarks.run

## Time, gap and memory

Medians; in parentheses the middle half of the households and the largest (of three households all of it). Seconds are
processor time of one thread. *Build* makes the program, *total* is the whole call: proof, whole shares, best lots, the
independent evaluator and the comparison with ordinary rebalancing. The gap is the evaluator's cost of the whole-share
plan less the proven bound. Memory is the peak of a process that ran all households of the size, rules of thumb
included.

Core rules (targets and bands, wash sales, minimum trade, reserves, menus, ranks, a withdrawal, whole shares):

{timing}

The same households with whole shares, as above, and with fractional shares in every account; the last column is what
of the total the comparison with ordinary rebalancing takes (measured once more by itself, law and prices included):

{shares}

Every rule at once (`tests/optimize/crowded.py`: the six methods drawn at random, limits on gains and tax, order caps,
flows at every level, typed trades, ranges to hold, locks, several taxpayers), deadline {deadline:.0f} seconds. The gap
may end wider than wanted where whole shares or a rule that had to give cost more than it:

{crowd}

A frontier of {points} points in households of 250 lots, seconds by the clock with {cores} cores, {frontiers} of them:
{drawn}.

## Against rules of thumb

Each rule (`benchmarks/naive.py`) makes its plan; then the optimizer makes one that may leave no class farther from its
target than the rule left it (or a tenth of a point), and both are priced by the same evaluator. *Tax* is this year's;
*all costs* adds what carried losses are worth, basis given up, spreads, orders and location (ten years of tax on what
the purchases pay out, discounted), and leaves out the prices put on broken rules. Households in which the optimizer
could not be as near in every class without breaking a rule are left out of the savings. Medians, one rebalance from a
badly drifted start, many with losses carried in: this is no yearly return.

{rivals}

The rules of thumb keep locks, menus, reserves and whole shares, but look neither at wash sales nor at lots about to
turn long-term, so most of their plans could not be placed as they stand. Plans of theirs that kept the rules and cost
less in these dollars than the optimizer's, which also minds savings nobody asked for, ranks and idle cash: {lawful}.

Measured with Python {python} on {system}, one process.
"""
