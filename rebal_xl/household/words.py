"""The closed vocabularies of a household: treatments, statuses, methods, sides.

Each value is the word an advisor writes in a cell; the code compares members, never strings.
"""

from enum import StrEnum


class TaxTreatment(StrEnum):
    """How an account is taxed. A trust is no treatment: its account is taxable and its taxpayer differs."""

    TAXABLE = "taxable"
    TAX_DEFERRED = "tax-deferred"
    ROTH = "Roth"
    HSA = "HSA"


class FilingStatus(StrEnum):
    """What kind of taxpayer files the return."""

    SINGLE = "single"
    MFJ = "MFJ"
    MFS = "MFS"
    HOH = "HoH"
    QSS = "QSS"
    GRANTOR_TRUST = "grantor trust"
    TRUST = "non-grantor trust"


class Term(StrEnum):
    """Holding period of a sale: short is one year or less, long is more than one year (IRC 1222)."""

    SHORT = "Short"
    LONG = "Long"


class LotSource(StrEnum):
    """How the shares came into the account."""

    BUY = "buy"
    GIFT = "gift"
    INHERITED = "inherited"
    REINVESTED = "reinvested"
    # from a spouse (IRC 1041) or in kind from another custodian: basis and day of purchase go on (IRC 1223(2))
    TRANSFER = "transfer"

    @property
    def bought(self) -> bool:
        """Whether the day acquired is that of a purchase, as the wash-sale rule means it."""
        return self in (LotSource.BUY, LotSource.REINVESTED, LotSource.TRANSFER)


class BasisMethod(StrEnum):
    """Which lots the custodian sells when nobody says."""

    FIFO = "FIFO"
    LIFO = "LIFO"
    HIFO = "HIFO"
    AVERAGE = "average"
    MIN_TAX = "minimum tax"
    SPECIFIC = "specific"


class BandType(StrEnum):
    """How trigger and destination of a class are written."""

    RELATIVE = "Relative"
    ABSOLUTE = "Absolute"
    FIVE_TWENTYFIVE = "5/25"


class Method(StrEnum):
    """Ways to rebalance."""

    OPPORTUNISTIC = "Opportunistic"
    FULL = "Full"
    CASH_ONLY = "Cash only"
    HARVEST = "Harvest"
    LOCATION = "Location"
    NONE = "None"


class Side(StrEnum):
    """Direction of an order."""

    BUY = "Buy"
    SELL = "Sell"


class WithdrawalLevel(StrEnum):
    """Where a withdrawal is asked for."""

    HOUSEHOLD = "household"
    TREATMENT = "treatment"
    OWNER = "owner"
    ACCOUNT = "account"


class Tone(StrEnum):
    """How a client is spoken to."""

    FORMAL = "Formal"
    FRIENDLY = "Friendly"


class Length(StrEnum):
    """How much a client is told."""

    BRIEF = "Brief"
    FULL = "Full"
