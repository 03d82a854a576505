"""What a plan costs and which rules it must keep, written once over either arithmetic. Thousands of dollars."""

from collections import defaultdict
from math import ceil

from tests.second_model.arithmetic import Value, total
from tests.second_model.bill import K, Payer
from tests.second_model.classes import class_costs
from tests.second_model.facts import CASH
from tests.second_model.orders import Orders
from tests.second_model.purchases import rank

# Dollars charged for a dollar of each broken rule, and for what only ranks plans.
WITHDRAWAL, RESERVE, WITHOUT_TARGET, LIMIT = 50_000.0, 5_000.0, 500.0, 300.0
IDLE, RANK_STEP = 0.10, 0.0005
# Of a saving that nobody asked for so much counts.
UNASKED = 0.001
# Method Cash only: an account is short from the first whole cent that it has not.
CENT = 1e-5
# Orders in fractions are rounded to a thousandth of a share.
FRACTION = 0.001
# A part of a share that is rounding.
SAME = 1e-6
# IRC 199A: part of a REIT dividend that is deducted.
REIT_DEDUCTION = 0.2


class Objective(Orders):
    """Cost and rules of one household's plan."""

    def terms(self) -> dict[str, Value]:
        """Every part of the cost."""
        self.keep_orders()
        found = {"wash sales": self.wash_sales()}
        found |= self._taxes()
        found |= self._trading()
        self.cash = {account: self.cash_after(account) for account in self.facts.traded_accounts}
        for account, cash in self.cash.items():
            self.sums.require(f"cash {account}", cash, low=min(0.0, self.facts.start(account)))
        if self.policy.method == "None":
            return found
        found |= self._places()
        found |= self._cash_terms()
        found |= class_costs(self.facts, self.sums, self.class_after)
        found["without target"] = self._without_target()
        if self.policy.method == "Cash only":
            self._raise_or_invest()
        return found

    # Tax

    def _taxes(self) -> dict[str, Value]:
        found: dict[str, list[Value]] = defaultdict(list)
        for name in self.facts.paying:
            for term, value in self._payer(self.facts.payers[name]).items():
                found[term].append(value)
        return {term: total(values) for term, values in found.items()}

    def gains(self, name: str, long: bool) -> Value:
        """Short or long gain of a taxpayer that the plan takes, without what is washed."""
        units = self.facts.units
        return total(
            unit.rate * (self.plan.sold[place] - self.washed.get(place, 0.0))
            for place, unit in enumerate(units)
            if unit.payer == name and unit.long is long
        )

    def losses(self, name: str) -> Value:
        """Losses taken and allowed, positive."""
        return total(
            -unit.rate * (self.plan.sold[place] - self.washed.get(place, 0.0))
            for place, unit in enumerate(self.facts.units)
            if unit.payer == name and unit.at_loss
        )

    def _harvested(self, name: str, long: bool) -> Value:
        """Gain (negative) of the losses that qualify, short or long."""
        return total(
            unit.rate * (self.plan.sold[place] - self.washed.get(place, 0.0))
            for place, unit in enumerate(self.facts.units)
            if unit.payer == name and unit.long is long and unit.at_loss and unit.qualifies
        )

    def deferral(self, payer: Payer) -> float:
        """Later tax on a dollar of basis given up, of today's worth."""
        later = payer.profile.future_gain_rate
        if later is None:
            least_rate = payer.law.rates["gain"][1] if self.policy.harvest_gains else 0.0
            later = max(payer.dividend_rate, least_rate) + payer.state[1]
        return float(later * (1.0 + self.policy.discount_rate) ** -self.policy.horizon_years)

    def _net(self, payer: Payer, short: Value, long: Value, losses: Value) -> tuple[Value, Value]:
        """Tax with these gains, and the same with what is lost and given up for later."""
        bill, deferral = payer.bill(short, long, self.sums), self.deferral(payer)
        tax = bill.total - payer.before.total
        return tax, tax - deferral * (bill.carried - payer.before.carried) + deferral * losses

    def _payer(self, payer: Payer) -> dict[str, Value]:
        sums, profile, name = self.sums, payer.profile, payer.name
        short, long = self.gains(name, False), self.gains(name, True)
        tax, net = self._net(payer, short, long, self.losses(name))
        credit = self._credit(payer)
        net = net - credit
        if self.policy.method == "None":
            return {"tax": net}
        floor = -credit
        if any(unit.qualifies for unit in self.facts.units if unit.payer == name):
            young, old = self._harvested(name, False), self._harvested(name, True)
            floor = floor + self._net(payer, young, old, -young - old)[1]
        hardly = (1.0 - UNASKED) * floor + UNASKED * net
        counted = hardly + sums.over(net - hardly, f"tax cost {name}")
        broken: Value = 0.0
        for rule, limit, amount in (
            ("short gains", profile.short_gain_limit_usd, short),
            ("long gains", profile.long_gain_limit_usd, long),
            ("tax budget", profile.tax_budget_usd, tax),
        ):
            if limit is not None:
                broken = broken + LIMIT * sums.over(amount - limit / K, f"{rule} {name}")
        return {"tax": counted, "limits": broken}

    def _credit(self, payer: Payer) -> Value:
        """Later tax saved by the basis that long gains raise, where gains are asked for."""
        if not self.policy.harvest_gains:
            return 0.0
        return self.deferral(payer) * total(
            unit.rate * self.plan.sold[place]
            for place, unit in enumerate(self.facts.units)
            if unit.payer == payer.name and unit.long and unit.rate > 0.0
        )

    # Trading, location, ranks

    def _trading(self) -> dict[str, Value]:
        facts, plan = self.facts, self.plan
        costs: list[Value] = []
        for place, unit in enumerate(facts.units):
            security = facts.securities[unit.symbol]
            costs.append(plan.sold[place] * (security.spread_bp * 1e-4 + security.redemption_fee))
        for (_, symbol), amount in plan.bought.items():
            costs.append(amount * (facts.securities[symbol].spread_bp * 1e-4))
        orders = total([*self.sell_flags.values(), *self.buy_flags.values()])
        return {"trading": total(costs), "orders": self.policy.cost_per_order_usd / K * orders}

    def _places(self) -> dict[str, Value]:
        """Where things lie, and whether the advisor's first choice is bought."""
        facts, plan, sums = self.facts, self.plan, self.sums
        ranks: list[Value] = []
        moved: list[Value] = []
        for (account, symbol), amount in plan.bought.items():
            place_of = rank(facts, account, symbol)
            ranks.append(amount * (RANK_STEP * (place_of - 1) if place_of else 0.0))
            moved.append(amount * (self.location_rate(account, symbol) - self.cash_rate(account)))
        for place, unit in enumerate(facts.units):
            kept = 1.0 - facts.securities[unit.symbol].redemption_fee
            rate = kept * self.cash_rate(unit.account) - self.location_rate(unit.account, unit.symbol)
            moved.append(plan.sold[place] * rate)
        least_worth = self.policy.location_usd
        if self.policy.method == "Location" and least_worth is None:
            least_worth = 0.0
        change = total(moved)
        reason: Value = 0.0 if least_worth is None else sums.part(change, -least_worth / K, "location")
        rest = change - reason
        counted = reason + UNASKED * rest + (1.0 - UNASKED) * sums.over(rest, "location")
        return {"location": counted, "buy ranks": total(ranks)}

    def cash_rate(self, account: str) -> float:
        """Tax on what a dollar of cash earns, over the horizon."""
        if not self.facts.taxable(account):
            return 0.0
        payer = self.facts.payers[self.facts.payer_name(account)]
        return float(self.annuity * self.policy.cash_yield * (payer.interest.federal + payer.state[0]))

    def location_rate(self, account: str, symbol: str) -> float:
        """Tax on what a dollar pays out, over the horizon, and yield given up for being free of tax."""
        if not self.facts.taxable(account):
            return 0.0
        payer, security = self.facts.payers[self.facts.payer_name(account)], self.facts.securities[symbol]
        interest = payer.interest
        plain = max(0.0, 1.0 - security.qualified_share - security.exempt_share - security.qbi_share)
        federal = plain * interest.federal + security.qualified_share * payer.dividend_rate
        federal += security.qbi_share * (interest.investment_tax + (1.0 - REIT_DEDUCTION) * interest.income_tax)
        state = (1.0 - security.state_exempt_share) * payer.state[0]
        drag = security.yield_rate * (federal + state) + self._given_up(symbol)
        drag += security.turnover_rate * max(0.0, security.growth_rate) * (payer.dividend_rate + payer.state[1])
        return float(drag * self.annuity)

    def _given_up(self, symbol: str) -> float:
        """Yield that a tax-exempt fund lacks against the best-yielding taxable security of its class."""
        facts, security = self.facts, self.facts.securities[symbol]
        if not security.exempt_share > 0.0:
            return 0.0
        others = [
            each.yield_rate
            for each in facts.securities.values()
            if not each.exempt_share > 0.0 and facts.main_class(each.symbol) == facts.main_class(symbol)
        ]
        return float(security.exempt_share * max(0.0, max(others, default=0.0) - security.yield_rate))

    @property
    def annuity(self) -> float:
        """A dollar a year over the horizon, today."""
        rate, years = self.policy.discount_rate, self.policy.horizon_years
        return float(years if rate == 0 else (1.0 - (1.0 + rate) ** -years) / rate)

    # Cash

    def cash_after(self, account: str) -> Value:
        """What the account ends with."""
        facts, plan = self.facts, self.plan
        come = total(
            plan.sold[place] * (1.0 - facts.securities[unit.symbol].redemption_fee)
            for place, unit in enumerate(facts.units)
            if unit.account == account
        )
        spent = total(amount for (name, _), amount in plan.bought.items() if name == account)
        paid = total(amount for (_, name), amount in plan.paid.items() if name == account)
        return facts.start(account) + come - spent - paid

    def _cash_terms(self) -> dict[str, Value]:
        facts, sums, plan = self.facts, self.sums, self.plan
        missing: list[Value] = []
        for account, cash in self.cash.items():
            missing.append(sums.over(facts.reserve(account) - cash, f"reserve {account}"))
        for place, ask in enumerate(facts.asks):
            paid = total(amount for (number, _), amount in plan.paid.items() if number == place)
            sums.require(f"paid at most {ask.label}", paid, high=ask.amount)
        unpaid = sum(ask.amount for ask in facts.asks) - total(plan.paid.values())
        lying = total(self.cash.values()) - self.idle_allowed
        return {
            "withdrawals": WITHDRAWAL * unpaid,
            "reserves": RESERVE * total(missing),
            "idle cash": IDLE * sums.over(lying, "idle cash"),
        }

    @property
    def idle_allowed(self) -> float:
        """Cash that may lie."""
        facts = self.facts
        reserves = {name: facts.reserve(name) for name in facts.traded_accounts}
        wanted = 0.0
        if CASH in facts.targets:
            wanted = (facts.targets[CASH].weight + facts.widths(CASH)[1]) * facts.value
        before = sum(max(reserve, facts.accounts[name].cash_usd / K) for name, reserve in reserves.items())
        before -= sum(ask.amount for ask in facts.asks)
        method = self.policy.method
        stays = method in ("Harvest", "Location") or (method != "Cash only" and not facts.needed)
        return max(sum(reserves.values()), wanted, before if stays else 0.0)

    def _raise_or_invest(self) -> None:
        """Method Cash only: an account that is short sells what it needs and buys nothing; any other only buys.

        The advisor's own trades are done anyway: what they bring or take is cash that the account starts from.
        """
        facts, sums, plan = self.facts, self.sums, self.plan
        for account, cash in self.cash.items():
            places = [
                place
                for place, unit in enumerate(facts.units)
                if unit.account == account and unit.position not in facts.typed
            ]
            if not places:
                continue
            most = sum(facts.units[place].worth for place in places)
            raises = sums.flag(f"raises {account}", total(plan.sold[place] for place in places), 0.0, most)
            for pair, flag in self.buy_flags.items():
                if pair[0] == account and pair not in facts.typed:
                    sums.require(f"raises or buys {pair}", flag + raises, high=1.0)
            begins = facts.start(account) + self._typed_cash(account)
            end = facts.reserve(account) + self._room(account, {facts.units[place].symbol for place in places})
            far = max(end, max(0.0, begins) + most)
            sums.require(f"raises no more {account}", cash + (far - end) * raises, high=far)
            spare = begins - facts.reserve(account)
            if spare >= 0.0:
                paid = total(amount for (_, name), amount in plan.paid.items() if name == account)
                whole = int(spare / CENT + 1e-6)
                sums.require(f"is short {account}", paid - (whole + 1) * CENT * raises, low=0.0)

    def _typed_cash(self, account: str) -> float:
        """What the advisor's own trades bring to an account."""
        facts, found = self.facts, 0.0
        for (name, symbol), typed in facts.typed.items():
            if name == account:
                kept = 1.0 - facts.securities[symbol].redemption_fee if typed.sells else -1.0
                found += kept * typed.shares * facts.price(symbol)
        return found

    def _room(self, account: str, symbols: set[str]) -> float:
        """What raising cash may leave beyond the reserve: the smallest order, and the rounding of fractions."""
        facts = self.facts
        whole = [] if facts.accounts[account].fractional else sorted(symbols)
        steps = [facts.securities[symbol].lot_size * facts.price(symbol) for symbol in whole]
        rounding = FRACTION * sum(facts.price(symbol) for symbol in symbols)
        least = facts.minimum(account)
        orders = [step * max(1, ceil(least / step - SAME)) for step in steps if step > 0]
        return max([least, *orders]) + rounding

    def _without_target(self) -> Value:
        """Securities whose class has no target, held on in traded accounts."""
        facts = self.facts
        if not self.policy.sell_without_target or self.policy.method not in ("Opportunistic", "Full"):
            return 0.0

        def untargeted(symbol: str) -> bool:
            target = facts.targets.get(facts.main_class(symbol))
            return target is None or target.weight <= 0.0

        held: list[Value] = [
            lot.quantity * facts.price(lot.symbol)
            for lot in facts.lots
            if facts.traded(lot.account) and untargeted(lot.symbol)
        ]
        held += [-self.plan.sold[place] for place, unit in enumerate(facts.units) if untargeted(unit.symbol)]
        # nothing but the advisor's own trades buys such
        held += [amount for (_, symbol), amount in self.plan.bought.items() if untargeted(symbol)]
        return WITHOUT_TARGET * total(held)

    # Classes

    def class_after(self, name: str) -> Value:
        """Worth of a class after trading."""
        facts, plan = self.facts, self.plan
        share = {
            symbol: sum(part for each, part in security.class_mix if each == name)
            for symbol, security in facts.securities.items()
        }
        counted = {each for each, account in facts.accounts.items() if account.counts_in_target}
        fixed = sum(
            share[lot.symbol] * lot.quantity * facts.price(lot.symbol) for lot in facts.lots if lot.account in counted
        )
        after: list[Value] = [fixed]
        after += [
            -share[unit.symbol] * plan.sold[place] for place, unit in enumerate(facts.units) if share[unit.symbol]
        ]
        after += [share[symbol] * amount for (_, symbol), amount in plan.bought.items() if share[symbol]]
        if name == CASH:
            after += self.cash.values()
            after.append(sum(facts.start(each) for each in counted if not facts.traded(each)))
        return total(after)
