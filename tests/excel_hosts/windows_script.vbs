' What the add-in's VBA does, in the scripting host that Windows comes with: CreateObject, then calls by name.
Option Explicit
Dim engine, holdings(2, 6), targets(2, 1), answer, header, row, column, line
Set engine = CreateObject("RebalXL.Engine")
WScript.Echo "version " & engine.Version()

header = Array("Account", "Symbol", "Quantity", "Price", "Cost Basis", "Date Acquired", "Asset Class")
For column = 0 To 6
    holdings(0, column) = header(column)
Next
' 60 shares of $1 and 40 of $1
holdings(1, 1) = "VTI" : holdings(1, 2) = 60.0 : holdings(1, 6) = "Stocks"
holdings(2, 1) = "BND" : holdings(2, 2) = 40.0 : holdings(2, 6) = "Bonds"
For row = 1 To 2
    holdings(row, 0) = "IRA" : holdings(row, 3) = 1.0 : holdings(row, 4) = 50.0 : holdings(row, 5) = 45726.0
Next
targets(0, 0) = "Asset Class" : targets(0, 1) = "Target %"
targets(1, 0) = "Stocks" : targets(1, 1) = 0.5
targets(2, 0) = "Bonds" : targets(2, 1) = 0.5

answer = engine.Call("REBAL_DRIFT", Array(holdings, targets), Array("", ""), "[Book1]Sheet1!$A$1", False, False)
For row = 0 To UBound(answer, 1)
    line = ""
    For column = 0 To 3
        line = line & answer(row, column) & ";"
    Next
    WScript.Echo "row " & line
Next

targets(0, 1) = "Nothing of the kind"
answer = engine.Call("REBAL_DRIFT", Array(holdings, targets), Array("", "[Book1]Targets!$A$1:$B$3"), "[Book1]Sheet1!$A$9", False, False)
WScript.Echo "error " & answer
WScript.Echo "why " & engine.Why("[Book1]Sheet1!$A$9")
