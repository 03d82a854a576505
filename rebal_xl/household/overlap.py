"""Overlap: what is held in several places, which securities hold the same, and what consolidating them would take."""

from dataclasses import dataclass

# Kinds of what is held in several places, and of pairs of securities, the nearest first.
SAME_SECURITY = "Same security"
IDENTICAL = "Substantially identical"
SAME_INDEX = "Same index"
SAME_MIX = "Same class mix"
SHARED_CLASSES = "Classes in common"
SAME_CLASS = "Same asset class"


@dataclass(frozen=True, slots=True)
class Overlap:
    """One thing that is held in several places."""

    # same security, substantially identical, same index, or same asset class
    kind: str
    # the symbol, the identical group, the index, or the asset class
    subject: str
    # what is held of it, and where
    symbols: tuple[str, ...]
    accounts: tuple[str, ...]
    # of a class: its part of each security
    value_usd: float
    # of all that the household holds, cash included (0..1)
    share: float


@dataclass(frozen=True, slots=True)
class OverlapPair:
    """Two securities that hold the same, wholly or in part."""

    # substantially identical, same index, same class mix, or classes in common
    kind: str
    first: str
    second: str
    # the identical group, the index, or the classes
    subject: str
    # dollars of each in the household
    first_usd: float
    second_usd: float
    # class by class the smaller of both, summed
    common_usd: float
    # every account that holds one of them
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consolidation:
    """Securities of one account sold into another that holds the same."""

    account: str
    # substantially identical, same index, or same class mix; and which
    kind: str
    subject: str
    # closed in full
    sold: tuple[str, ...]
    keep: str
    # why that one is kept
    keep_why: str
    # dollars sold, and shares bought for them
    amount_usd: float
    bought_quantity: float
    # positions (a security in an account) fewer afterwards
    positions_saved: int
    # realised gain (negative: loss), and what the sale alone adds to this year's tax; None where it is not known
    gain_usd: float | None
    tax_usd: float | None
    # why it is not done, "" where nothing is against it
    refused: str = ""

    @property
    def sentence(self) -> str:
        """What it is, in words."""
        all_of = "both" if len(self.sold) == 1 else "all"
        same = {
            IDENTICAL: "are shares of one identical group",
            SAME_INDEX: "track the same index",
            SAME_MIX: "hold the same classes",
        }
        sold = " and ".join(self.sold)
        return f"Consolidates {sold} into {self.keep}: {all_of} {same[self.kind]} ({self.subject})."


@dataclass(frozen=True, slots=True)
class OverlapReport:
    """Everything that is held more than once, the largest first, and what could be consolidated."""

    held: tuple[Overlap, ...] = ()
    pairs: tuple[OverlapPair, ...] = ()
    consolidations: tuple[Consolidation, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether nothing is held more than once."""
        return not self.held and not self.pairs
