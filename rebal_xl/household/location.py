"""The location report: what the placement of a household's mix costs a year, between the worst and the best one."""

from dataclasses import dataclass

# A better location worth more of the household a year than this is rather a mistake in the input (80 basis points).
SUSPECT_WEIGHT = 0.0080
# Dollars a year by which placements may differ and still cost the same.
SAME_USD = 0.01


@dataclass(frozen=True, slots=True)
class LocationLine:
    """One asset class in one account, funds of several classes looked through."""

    account: str
    asset_class: str
    # dollars now, and in the best placement of the same mix that takes the fewest dollars moved
    usd: float
    best_usd: float
    # what it costs a year for lying there, dollars
    drag_usd: float


@dataclass(frozen=True, slots=True)
class LocationMove:
    """A swap of two classes between two accounts: each sells its own and buys the other's."""

    account: str
    # class given up in `account`, and the securities sold
    asset_class: str
    symbols: tuple[str, ...]
    other_account: str
    # class given up in `other_account`, and the securities sold
    other_class: str
    other_symbols: tuple[str, ...]
    # dollars of each
    amount_usd: float
    # drag saved a year, and over the horizon, dollars
    saves_usd: float
    horizon_usd: float
    # this year's tax on the gains of the sales, dollars; losses are not counted
    tax_usd: float

    @property
    def sentence(self) -> str:
        """The swap in words."""
        tax = f"costs ${self.tax_usd:,.0f} of tax now" if round(self.tax_usd) > 0 else "costs no tax now"
        return (
            f"Swap ${self.amount_usd:,.0f} of {self.asset_class} in {self.account} ({', '.join(self.symbols)}) against "
            f"{self.other_class} in {self.other_account} ({', '.join(self.other_symbols)}): it saves "
            f"${self.saves_usd:,.0f} a year and {tax}."
        )


@dataclass(frozen=True, slots=True)
class LocationReport:
    """What a placement costs, and what another placement of the same securities' dollars would."""

    # accounts that count, cash included, dollars
    value_usd: float
    # yearly drag now and in the best and the worst placement that the rules allow, dollars
    drag_usd: float
    best_usd: float
    worst_usd: float
    # years of the horizon, and what a dollar a year over it is worth today
    horizon_years: float
    annuity: float
    lines: tuple[LocationLine, ...]
    # what to do next, the greatest gain first; each is meant after those before it
    moves: tuple[LocationMove, ...] = ()

    @property
    def same_everywhere(self) -> bool:
        """Every placement that the rules allow costs the same."""
        return self.worst_usd - self.best_usd < SAME_USD

    @property
    def score(self) -> float:
        """0 for the worst and 100 for the best placement; 100 where all cost the same."""
        if self.same_everywhere:
            return 100.0
        return min(100.0, 100.0 * (self.worst_usd - self.drag_usd) / (self.worst_usd - self.best_usd))

    @property
    def gain_usd(self) -> float:
        """Dollars a year that the best placement saves."""
        return self.drag_usd - self.best_usd

    @property
    def horizon_usd(self) -> float:
        """What that is worth today over the horizon, dollars."""
        return self.annuity * self.gain_usd

    @property
    def suspect(self) -> bool:
        """The gain is too great to be believed: look at yields, growth and tax rates first."""
        return self.gain_usd > SUSPECT_WEIGHT * self.value_usd

    @property
    def sentences(self) -> tuple[str, ...]:
        """The report in words."""
        if self.worst_usd < SAME_USD:
            return (
                "By the yields and turnover given, no placement of this mix costs any tax: there is nothing to gain.",
            )
        if self.same_everywhere:
            return ("Every placement of this mix that the rules allow costs the same: there is nothing to gain.",)
        told = [
            f"The placement costs ${self.drag_usd:,.0f} a year; the best of the same securities ${self.best_usd:,.0f}, "
            f"the worst ${self.worst_usd:,.0f}: a score of {self.score:.0f} of 100.",
            f"The best one would save ${self.gain_usd:,.0f} a year, worth ${self.horizon_usd:,.0f} over "
            f"{self.horizon_years:g} years, before the tax of getting there.",
        ]
        return (*told, self.doubt) if self.suspect else tuple(told)

    @property
    def doubt(self) -> str:
        """What is suspect, in words."""
        return (
            f"A better location would be worth {self.gain_usd / self.value_usd:.2%} of the household a year, more than "
            f"{SUSPECT_WEIGHT:.2%} and hard to believe: look at yields, growth and tax rates first."
        )
