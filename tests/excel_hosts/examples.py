"""Every formula as one types it into the sample workbook in Excel."""

AS_OF = "DATE(2026,11,20)"
_HOUSEHOLD = "Holdings[#All],Targets[#All],Securities[#All],Accounts[#All]"
_WITH_TAX = f"{_HOUSEHOLD},TaxProfile[#All],{AS_OF}"
_PLAN = f"{_WITH_TAX},RecentTrades[#All],ClassMix[#All],Settings[#All]"

EXAMPLES = {
    name: f"={name}({arguments})"
    for name, arguments in {
        "REBAL_DRIFT": f"{_HOUSEHOLD},ClassMix[#All],Settings[#All]",
        "REBAL_NEEDED": f"{_HOUSEHOLD},ClassMix[#All],Settings[#All]",
        # the sample's covariance has no figures: the shipped assumptions count
        "REBAL_TRACKING_ERROR": f"{_HOUSEHOLD},ClassMix[#All],Covariance[#All],Settings[#All]",
        "REBAL_TRADES": _PLAN,
        "REBAL_LOTS": _PLAN,
        "REBAL_TAX": _PLAN,
        "REBAL_TAX_ON": "TaxProfile[#All],0,100000",
        "REBAL_LOCATION_SCORE": f"{_WITH_TAX},ClassMix[#All],Settings[#All]",
        "REBAL_HARVEST": (f"Holdings[#All],Securities[#All],Accounts[#All],{AS_OF},RecentTrades[#All],Settings[#All]"),
        "REBAL_WASH": f"Holdings[#All],RecentTrades[#All],{AS_OF},Securities[#All],Accounts[#All]",
        "REBAL_OVERLAP": "Holdings[#All],Securities[#All],ClassMix[#All],Accounts[#All]",
        "REBAL_TERM": "DATE(2025,3,10),DATE(2026,3,11)",
        "REBAL_AFTER_TAX_VALUE": (
            f"Holdings[#All],Accounts[#All],TaxProfile[#All],Securities[#All],{AS_OF},Settings[#All]"
        ),
        "REBAL_CHECK": _PLAN,
        "REBAL_WHY": "Holdings!A1",
        "REBAL_VERSION": "",
    }.items()
}
