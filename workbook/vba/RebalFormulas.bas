Attribute VB_Name = "RebalFormulas"
Option Explicit
' Written by rebal_xl.excel.addin from the formulas in Python: do not edit. Each sends the values of its
' arguments and where they came from to the engine, and gives its answer to the cell.

Public Function REBAL_DRIFT(ByVal holdings As Variant, ByVal targets As Variant, Optional ByVal securities As Variant, Optional ByVal accounts As Variant, Optional ByVal classmix As Variant, Optional ByVal settings As Variant) As Variant
Attribute REBAL_DRIFT.VB_Description = "Where each asset class of the household is, where it should be, its band, and whether it is inside. Spills a table with a header row."
Attribute REBAL_DRIFT.VB_ProcData.VB_Invoke_Func = " \n1"
    On Error GoTo failed
    REBAL_DRIFT = RebalAnswer("REBAL_DRIFT", _
        Array(RebalIn(holdings), RebalIn(targets), RebalIn(securities), RebalIn(accounts), RebalIn(classmix), RebalIn(settings)), _
        Array(RebalPlace(holdings), RebalPlace(targets), RebalPlace(securities), RebalPlace(accounts), RebalPlace(classmix), RebalPlace(settings)))
    Exit Function
failed:
    REBAL_DRIFT = RebalFailed(Err.Number, Err.Description)
End Function

Public Function REBAL_NEEDED(ByVal holdings As Variant, ByVal targets As Variant, Optional ByVal securities As Variant, Optional ByVal accounts As Variant, Optional ByVal classmix As Variant, Optional ByVal settings As Variant) As Variant
Attribute REBAL_NEEDED.VB_Description = "TRUE when some asset class is outside its trigger band, so that trades are called for."
Attribute REBAL_NEEDED.VB_ProcData.VB_Invoke_Func = " \n1"
    On Error GoTo failed
    REBAL_NEEDED = RebalAnswer("REBAL_NEEDED", _
        Array(RebalIn(holdings), RebalIn(targets), RebalIn(securities), RebalIn(accounts), RebalIn(classmix), RebalIn(settings)), _
        Array(RebalPlace(holdings), RebalPlace(targets), RebalPlace(securities), RebalPlace(accounts), RebalPlace(classmix), RebalPlace(settings)))
    Exit Function
failed:
    REBAL_NEEDED = RebalFailed(Err.Number, Err.Description)
End Function

Public Function REBAL_TRACKING_ERROR(ByVal holdings As Variant, ByVal targets As Variant, Optional ByVal securities As Variant, Optional ByVal accounts As Variant, Optional ByVal classmix As Variant, Optional ByVal covariance As Variant, Optional ByVal settings As Variant) As Variant
Attribute REBAL_TRACKING_ERROR.VB_Description = "How far the household's yearly return may stray from its target's: the standard deviation of their difference, 0.02 being 2 % a year."
Attribute REBAL_TRACKING_ERROR.VB_ProcData.VB_Invoke_Func = " \n1"
    On Error GoTo failed
    REBAL_TRACKING_ERROR = RebalAnswer("REBAL_TRACKING_ERROR", _
        Array(RebalIn(holdings), RebalIn(targets), RebalIn(securities), RebalIn(accounts), RebalIn(classmix), RebalIn(covariance), RebalIn(settings)), _
        Array(RebalPlace(holdings), RebalPlace(targets), RebalPlace(securities), RebalPlace(accounts), RebalPlace(classmix), RebalPlace(covariance), RebalPlace(settings)))
    Exit Function
failed:
    REBAL_TRACKING_ERROR = RebalFailed(Err.Number, Err.Description)
End Function

Public Function REBAL_TRADES(ByVal holdings As Variant, ByVal targets As Variant, ByVal securities As Variant, ByVal accounts As Variant, ByVal tax As Variant, ByVal as_of As Variant, Optional ByVal recent As Variant, Optional ByVal classmix As Variant, Optional ByVal settings As Variant) As Variant
Attribute REBAL_TRADES.VB_Description = "The most tax-efficient orders that bring the household back to its target, account by account, sells before buys. Spills a table with a header row; takes seconds."
Attribute REBAL_TRADES.VB_ProcData.VB_Invoke_Func = " \n1"
    On Error GoTo failed
    If RebalWaits(holdings) Then Exit Function
    If RebalWaits(targets) Then Exit Function
    If RebalWaits(securities) Then Exit Function
    If RebalWaits(accounts) Then Exit Function
    If RebalWaits(tax) Then Exit Function
    If RebalWaits(as_of) Then Exit Function
    If RebalWaits(recent) Then Exit Function
    If RebalWaits(classmix) Then Exit Function
    If RebalWaits(settings) Then Exit Function
    REBAL_TRADES = RebalAnswer("REBAL_TRADES", _
        Array(RebalIn(holdings), RebalIn(targets), RebalIn(securities), RebalIn(accounts), RebalIn(tax), RebalIn(as_of), RebalIn(recent), RebalIn(classmix), RebalIn(settings)), _
        Array(RebalPlace(holdings), RebalPlace(targets), RebalPlace(securities), RebalPlace(accounts), RebalPlace(tax), RebalPlace(as_of), RebalPlace(recent), RebalPlace(classmix), RebalPlace(settings)))
    Exit Function
failed:
    REBAL_TRADES = RebalFailed(Err.Number, Err.Description)
End Function

Public Function REBAL_LOTS(ByVal holdings As Variant, ByVal targets As Variant, ByVal securities As Variant, ByVal accounts As Variant, ByVal tax As Variant, ByVal as_of As Variant, Optional ByVal recent As Variant, Optional ByVal classmix As Variant, Optional ByVal settings As Variant) As Variant
Attribute REBAL_LOTS.VB_Description = "The lots behind every sale of the plan that REBAL_TRADES shows: quantity, proceeds, basis, gain. Spills a table with a header row; takes seconds."
Attribute REBAL_LOTS.VB_ProcData.VB_Invoke_Func = " \n1"
    On Error GoTo failed
    If RebalWaits(holdings) Then Exit Function
    If RebalWaits(targets) Then Exit Function
    If RebalWaits(securities) Then Exit Function
    If RebalWaits(accounts) Then Exit Function
    If RebalWaits(tax) Then Exit Function
    If RebalWaits(as_of) Then Exit Function
    If RebalWaits(recent) Then Exit Function
    If RebalWaits(classmix) Then Exit Function
    If RebalWaits(settings) Then Exit Function
    REBAL_LOTS = RebalAnswer("REBAL_LOTS", _
        Array(RebalIn(holdings), RebalIn(targets), RebalIn(securities), RebalIn(accounts), RebalIn(tax), RebalIn(as_of), RebalIn(recent), RebalIn(classmix), RebalIn(settings)), _
        Array(RebalPlace(holdings), RebalPlace(targets), RebalPlace(securities), RebalPlace(accounts), RebalPlace(tax), RebalPlace(as_of), RebalPlace(recent), RebalPlace(classmix), RebalPlace(settings)))
    Exit Function
failed:
    REBAL_LOTS = RebalFailed(Err.Number, Err.Description)
End Function

Public Function REBAL_TAX(ByVal holdings As Variant, ByVal targets As Variant, ByVal securities As Variant, ByVal accounts As Variant, ByVal tax As Variant, ByVal as_of As Variant, Optional ByVal recent As Variant, Optional ByVal classmix As Variant, Optional ByVal settings As Variant) As Variant
Attribute REBAL_TAX.VB_Description = "What the plan that REBAL_TRADES shows realises and adds to this year's tax, one row per taxpayer. Spills a table with a header row; takes seconds."
Attribute REBAL_TAX.VB_ProcData.VB_Invoke_Func = " \n1"
    On Error GoTo failed
    If RebalWaits(holdings) Then Exit Function
    If RebalWaits(targets) Then Exit Function
    If RebalWaits(securities) Then Exit Function
    If RebalWaits(accounts) Then Exit Function
    If RebalWaits(tax) Then Exit Function
    If RebalWaits(as_of) Then Exit Function
    If RebalWaits(recent) Then Exit Function
    If RebalWaits(classmix) Then Exit Function
    If RebalWaits(settings) Then Exit Function
    REBAL_TAX = RebalAnswer("REBAL_TAX", _
        Array(RebalIn(holdings), RebalIn(targets), RebalIn(securities), RebalIn(accounts), RebalIn(tax), RebalIn(as_of), RebalIn(recent), RebalIn(classmix), RebalIn(settings)), _
        Array(RebalPlace(holdings), RebalPlace(targets), RebalPlace(securities), RebalPlace(accounts), RebalPlace(tax), RebalPlace(as_of), RebalPlace(recent), RebalPlace(classmix), RebalPlace(settings)))
    Exit Function
failed:
    REBAL_TAX = RebalFailed(Err.Number, Err.Description)
End Function

Public Function REBAL_TAX_ON(ByVal tax As Variant, ByVal short_gain As Variant, ByVal long_gain As Variant, Optional ByVal law_year As Variant) As Variant
Attribute REBAL_TAX_ON.VB_Description = "Federal and state tax, in dollars, that extra capital gains add to the year of a taxpayer; negative where losses save tax. Grantor trusts in the range pay through their grantor."
Attribute REBAL_TAX_ON.VB_ProcData.VB_Invoke_Func = " \n1"
    On Error GoTo failed
    REBAL_TAX_ON = RebalAnswer("REBAL_TAX_ON", _
        Array(RebalIn(tax), RebalIn(short_gain), RebalIn(long_gain), RebalIn(law_year)), _
        Array(RebalPlace(tax), RebalPlace(short_gain), RebalPlace(long_gain), RebalPlace(law_year)))
    Exit Function
failed:
    REBAL_TAX_ON = RebalFailed(Err.Number, Err.Description)
End Function

Public Function REBAL_LOCATION_SCORE(ByVal holdings As Variant, ByVal targets As Variant, ByVal securities As Variant, ByVal accounts As Variant, ByVal tax As Variant, ByVal as_of As Variant, Optional ByVal classmix As Variant, Optional ByVal settings As Variant) As Variant
Attribute REBAL_LOCATION_SCORE.VB_Description = "How well the classes are placed among taxable and other accounts: 0 is the worst and 100 the best placement of this mix by its yearly tax."
Attribute REBAL_LOCATION_SCORE.VB_ProcData.VB_Invoke_Func = " \n1"
    On Error GoTo failed
    REBAL_LOCATION_SCORE = RebalAnswer("REBAL_LOCATION_SCORE", _
        Array(RebalIn(holdings), RebalIn(targets), RebalIn(securities), RebalIn(accounts), RebalIn(tax), RebalIn(as_of), RebalIn(classmix), RebalIn(settings)), _
        Array(RebalPlace(holdings), RebalPlace(targets), RebalPlace(securities), RebalPlace(accounts), RebalPlace(tax), RebalPlace(as_of), RebalPlace(classmix), RebalPlace(settings)))
    Exit Function
failed:
    REBAL_LOCATION_SCORE = RebalFailed(Err.Number, Err.Description)
End Function

Public Function REBAL_HARVEST(ByVal holdings As Variant, ByVal securities As Variant, ByVal accounts As Variant, ByVal as_of As Variant, Optional ByVal recent As Variant, Optional ByVal settings As Variant) As Variant
Attribute REBAL_HARVEST.VB_Description = "Lots of taxable accounts whose loss is worth taking by the settings Harvest $ and Harvest %, and the days until each turns long-term. Spills a table with a header row."
Attribute REBAL_HARVEST.VB_ProcData.VB_Invoke_Func = " \n1"
    On Error GoTo failed
    REBAL_HARVEST = RebalAnswer("REBAL_HARVEST", _
        Array(RebalIn(holdings), RebalIn(securities), RebalIn(accounts), RebalIn(as_of), RebalIn(recent), RebalIn(settings)), _
        Array(RebalPlace(holdings), RebalPlace(securities), RebalPlace(accounts), RebalPlace(as_of), RebalPlace(recent), RebalPlace(settings)))
    Exit Function
failed:
    REBAL_HARVEST = RebalFailed(Err.Number, Err.Description)
End Function

Public Function REBAL_WASH(ByVal holdings As Variant, ByVal recent As Variant, ByVal as_of As Variant, Optional ByVal securities As Variant, Optional ByVal accounts As Variant) As Variant
Attribute REBAL_WASH.VB_Description = "What must not be bought, or not be sold at a loss, in any account of the household, and until when (IRC 1091). Spills a table with a header row."
Attribute REBAL_WASH.VB_ProcData.VB_Invoke_Func = " \n1"
    On Error GoTo failed
    REBAL_WASH = RebalAnswer("REBAL_WASH", _
        Array(RebalIn(holdings), RebalIn(recent), RebalIn(as_of), RebalIn(securities), RebalIn(accounts)), _
        Array(RebalPlace(holdings), RebalPlace(recent), RebalPlace(as_of), RebalPlace(securities), RebalPlace(accounts)))
    Exit Function
failed:
    REBAL_WASH = RebalFailed(Err.Number, Err.Description)
End Function

Public Function REBAL_OVERLAP(ByVal holdings As Variant, ByVal securities As Variant, Optional ByVal classmix As Variant, Optional ByVal accounts As Variant) As Variant
Attribute REBAL_OVERLAP.VB_Description = "What is held in several places: the same security, substantially identical ones, funds of one index, and asset classes that several funds share; with value and share of the household. Spills a table with a header row."
Attribute REBAL_OVERLAP.VB_ProcData.VB_Invoke_Func = " \n1"
    On Error GoTo failed
    REBAL_OVERLAP = RebalAnswer("REBAL_OVERLAP", _
        Array(RebalIn(holdings), RebalIn(securities), RebalIn(classmix), RebalIn(accounts)), _
        Array(RebalPlace(holdings), RebalPlace(securities), RebalPlace(classmix), RebalPlace(accounts)))
    Exit Function
failed:
    REBAL_OVERLAP = RebalFailed(Err.Number, Err.Description)
End Function

Public Function REBAL_TERM(ByVal acquired As Variant, ByVal sold As Variant) As Variant
Attribute REBAL_TERM.VB_Description = """Short"" or ""Long"": how a gain on shares bought and sold on these days is taxed. Long is held for more than one year. Ranges of days give a range of answers."
Attribute REBAL_TERM.VB_ProcData.VB_Invoke_Func = " \n1"
    On Error GoTo failed
    REBAL_TERM = RebalAnswer("REBAL_TERM", _
        Array(RebalIn(acquired), RebalIn(sold)), _
        Array(RebalPlace(acquired), RebalPlace(sold)))
    Exit Function
failed:
    REBAL_TERM = RebalFailed(Err.Number, Err.Description)
End Function

Public Function REBAL_AFTER_TAX_VALUE(ByVal holdings As Variant, ByVal accounts As Variant, ByVal tax As Variant, Optional ByVal securities As Variant, Optional ByVal as_of As Variant, Optional ByVal settings As Variant) As Variant
Attribute REBAL_AFTER_TAX_VALUE.VB_Description = "What each account is worth once the tax that waits in it is paid, and the household's total. Spills a table with a header row."
Attribute REBAL_AFTER_TAX_VALUE.VB_ProcData.VB_Invoke_Func = " \n1"
    On Error GoTo failed
    REBAL_AFTER_TAX_VALUE = RebalAnswer("REBAL_AFTER_TAX_VALUE", _
        Array(RebalIn(holdings), RebalIn(accounts), RebalIn(tax), RebalIn(securities), RebalIn(as_of), RebalIn(settings)), _
        Array(RebalPlace(holdings), RebalPlace(accounts), RebalPlace(tax), RebalPlace(securities), RebalPlace(as_of), RebalPlace(settings)))
    Exit Function
failed:
    REBAL_AFTER_TAX_VALUE = RebalFailed(Err.Number, Err.Description)
End Function

Public Function REBAL_CHECK(ByVal holdings As Variant, ByVal targets As Variant, Optional ByVal securities As Variant, Optional ByVal accounts As Variant, Optional ByVal tax As Variant, Optional ByVal as_of As Variant, Optional ByVal recent As Variant, Optional ByVal classmix As Variant, Optional ByVal settings As Variant) As Variant
Attribute REBAL_CHECK.VB_Description = "Every problem and notice of the input: where it stands, what it is, and what to write instead; or ""No problems"". With a tax profile it also says what a plan could not be made from."
Attribute REBAL_CHECK.VB_ProcData.VB_Invoke_Func = " \n1"
    On Error GoTo failed
    REBAL_CHECK = RebalAnswer("REBAL_CHECK", _
        Array(RebalIn(holdings), RebalIn(targets), RebalIn(securities), RebalIn(accounts), RebalIn(tax), RebalIn(as_of), RebalIn(recent), RebalIn(classmix), RebalIn(settings)), _
        Array(RebalPlace(holdings), RebalPlace(targets), RebalPlace(securities), RebalPlace(accounts), RebalPlace(tax), RebalPlace(as_of), RebalPlace(recent), RebalPlace(classmix), RebalPlace(settings)))
    Exit Function
failed:
    REBAL_CHECK = RebalFailed(Err.Number, Err.Description)
End Function

Public Function REBAL_WHY(ByVal cell As Variant) As Variant
Attribute REBAL_WHY.VB_Description = "The reason behind the error or the notice of a cell with a REBAL formula; empty when there is nothing to say."
Attribute REBAL_WHY.VB_ProcData.VB_Invoke_Func = " \n1"
    REBAL_WHY = RebalReason(cell)
End Function

Public Function REBAL_VERSION() As Variant
Attribute REBAL_VERSION.VB_Description = "Version of the engine that answers these formulas."
Attribute REBAL_VERSION.VB_ProcData.VB_Invoke_Func = " \n1"
    On Error GoTo failed
    REBAL_VERSION = RebalAnswer("REBAL_VERSION", _
        Array(), _
        Array())
    Exit Function
failed:
    REBAL_VERSION = RebalFailed(Err.Number, Err.Description)
End Function
