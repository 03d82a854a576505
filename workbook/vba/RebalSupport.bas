Attribute VB_Name = "RebalSupport"
Option Explicit
Option Private Module
' What every formula shares: from a cell's arguments to plain values, to the engine, and from its answer to the cell.
' Late bound throughout, and written so that LibreOffice's VBA runs it too.

' Ranges with more cells are cut to the used part of their sheet: whole columns have a million rows.
Private Const CLIP_CELLS As Double = 20000
' Reasons that the add-in itself keeps; those of the calculation are kept by the engine.
Private Const MOST_REASONS As Long = 2000

' No such property: in Excel's VBA, and in LibreOffice's.
Private Const NO_PROPERTY As Long = 438
Private Const NO_PROPERTY_LIBREOFFICE As Long = 423

Private mReasons As Collection
' Cells are known here (in Excel they are, in LibreOffice not), so that each has its own reason.
Private mCellsKnown As Boolean
' The command New was seen switched on: that it is off now can only come from a dialog such as the Function Wizard.
Private mNewWasOn As Boolean

' Asks the engine for a formula's answer; never raises.
Public Function RebalAnswer(ByVal formula As String, ByVal arguments As Variant, ByVal places As Variant) As Variant
    Dim caller As String, anew As Boolean, number As Long, reason As String
    caller = RebalCaller()
    If caller <> "" Then mCellsKnown = True
    ForgetReason caller
    On Error GoTo failed
again:
    ' brackets: by value, else COM would carry the whole table back as well
    RebalAnswer = RebalOut(RebalEngine(anew).Call((formula), (arguments), (places), (caller), Rebal1904(), RebalWizard()))
    Exit Function
failed:
    number = Err.Number
    reason = Err.Description
    If Not anew And RebalEngineDied(number) Then
        anew = True
        Resume again
    End If
    RebalAnswer = RebalFailed(number, reason)
End Function

' The value of an argument: of a range its raw values (money with all its decimals, dates as day numbers), of a missing
' argument Empty. Raises REBAL_REFUSED for what no formula can read.
Public Function RebalIn(Optional ByVal given As Variant) As Variant
    Dim area As Object, number As Long, reason As String
    If IsMissing(given) Then Exit Function
    If Not IsObject(given) Then
        RebalIn = given
        Exit Function
    End If
    Set area = UsedArea(given)
    If area Is Nothing Then Exit Function
    On Error Resume Next
    RebalIn = area.Value2
    number = Err.Number
    reason = Err.Description
    On Error GoTo 0
    Select Case number
        Case 0
        Case NO_PROPERTY, NO_PROPERTY_LIBREOFFICE
            ' LibreOffice has no Value2, and no currency type that would cut decimals off
            RebalIn = area.Value
        Case Else
            Err.Raise REBAL_REFUSED, "rebal_xl", "The cells of an argument could not be read: " & reason
    End Select
End Function

' Where an argument's values came from, such as [Book1.xlsx]Holdings!$A$1:$L$186; "" when it is no range.
Public Function RebalPlace(Optional ByVal given As Variant) As String
    Dim area As Object
    If IsMissing(given) Then Exit Function
    If Not IsObject(given) Then Exit Function
    Set area = UsedArea(given)
    If Not area Is Nothing Then RebalPlace = FullAddress(area)
End Function

' Whether an argument of a long calculation has cells that Excel has yet to calculate: these are Empty, though a formula
' never comes to that. Excel calls again when they are done. LibreOffice calculates them before it calls.
Public Function RebalWaits(Optional ByVal given As Variant) As Boolean
    Dim area As Object, values As Variant, formulas As Variant, row As Long, column As Long
    If IsMissing(given) Then Exit Function
    If Not IsObject(given) Then Exit Function
    On Error GoTo unknown
    Set area = UsedArea(given)
    If area Is Nothing Then Exit Function
    ' Null: some cells have one
    If VarType(area.HasFormula) = vbBoolean Then
        If Not area.HasFormula Then Exit Function
    End If
    values = area.Value2
    formulas = area.Formula
    If Not IsArray(values) Then
        RebalWaits = IsEmpty(values) And Left$(formulas, 1) = "="
        Exit Function
    End If
    For row = LBound(values, 1) To UBound(values, 1)
        For column = LBound(values, 2) To UBound(values, 2)
            If IsEmpty(values(row, column)) Then
                If Left$(formulas(row, column), 1) = "=" Then
                    RebalWaits = True
                    Exit Function
                End If
            End If
        Next column
    Next row
unknown:
    ' what cannot be asked here is refused when the values are read
End Function

' The cell whose formula is being calculated, as RebalPlace writes it; "" when nobody knows.
Public Function RebalCaller() As String
    On Error Resume Next
    RebalCaller = FullAddress(Application.Caller.Cells(1, 1))
End Function

' Whether the workbook of the formula counts its days from 1904.
Public Function Rebal1904() As Boolean
    On Error Resume Next
    Rebal1904 = Application.Caller.Worksheet.Parent.Date1904
End Function

' Whether the Function Wizard is asking: it calls a formula at every key, and the command New is off while it is open.
Public Function RebalWizard() As Boolean
    Dim offered As Boolean, app As Object
    offered = True
    On Error Resume Next
    ' late bound: not every Excel has command bars
    Set app = Application
    offered = app.CommandBars("Standard").Controls(1).Enabled
    ' where it never is on, a policy or another add-in has taken it away
    If offered Then mNewWasOn = True
    RebalWizard = mNewWasOn And Not offered
End Function

' What a cell gets: the engine's answer, or the error value that its text stands for ("#REBAL!NA|sentence").
Public Function RebalOut(ByVal answer As Variant) As Variant
    RebalOut = answer
    If VarType(answer) <> vbString Then Exit Function
    If Left$(answer, 7) <> "#REBAL!" Then Exit Function
    Select Case Mid$(answer, 8, InStr(answer & "|", "|") - 8)
        Case "NA": RebalOut = CVErr(2042)
        Case "NUM": RebalOut = CVErr(2036)
        Case Else: RebalOut = CVErr(2015)
    End Select
End Function

' Keeps why the add-in itself could not answer; gives #N/A without an engine, else #VALUE!.
Public Function RebalFailed(ByVal number As Long, ByVal reason As String) As Variant
    If reason = "" Then reason = "Error " & number & " in the rebal_xl add-in."
    KeepReason RebalCaller(), reason
    RebalFailed = CVErr(IIf(number = REBAL_REFUSED Or number = 13, 2015, 2042))
End Function

' The reason behind what a cell shows, for =REBAL_WHY(cell): the add-in's own, else the engine's; never raises.
Public Function RebalReason(ByVal cell As Variant) As Variant
    Dim place As String, anew As Boolean, reason As String
    If Not IsObject(cell) Then
        RebalReason = "REBAL_WHY takes the cell to explain, for example =REBAL_WHY(B2)."
        Exit Function
    End If
    place = FullAddress(FormulaCell(cell))
    RebalReason = KeptReason(place)
    If RebalReason <> "" Then Exit Function
    On Error GoTo failed
again:
    RebalReason = RebalEngine(anew).Why((place))
    Exit Function
failed:
    reason = Err.Description
    If Not anew And RebalEngineDied(Err.Number) Then
        anew = True
        Resume again
    End If
    RebalReason = reason
End Function

' Whether an error says that the engine's process is gone, so that starting it once more may help.
Public Function RebalEngineDied(ByVal number As Long) As Boolean
    Select Case number
        ' no such server; RPC: unavailable, failed, failed without running; disconnected; server died, died before it ran
        Case 462, -2147023174, -2147023170, -2147023169, -2147417848, -2147418105, -2147418094
            RebalEngineDied = True
    End Select
End Function

' The part of a range that is sent; Nothing when a large one is empty. Raises REBAL_REFUSED.
Private Function UsedArea(ByVal given As Object) As Object
    If TypeName(given) <> "Range" Then
        Err.Raise REBAL_REFUSED, "rebal_xl", "An argument is neither a range nor a value."
    End If
    If given.Areas.Count > 1 Then
        Err.Raise REBAL_REFUSED, "rebal_xl", "An argument has several separate areas. Give one block of cells with " & _
            "its header row, such as Holdings[#All]."
    End If
    If OtherDates(given) Then
        Err.Raise REBAL_REFUSED, "rebal_xl", "An argument is in a workbook that counts its dates from another year " & _
            "(1900 or 1904) than this one. Bring both to the same date system under File, Options, Advanced."
    End If
    Set UsedArea = given
    If CDbl(given.Rows.Count) * given.Columns.Count > CLIP_CELLS Then
        Set UsedArea = Application.Intersect(given, given.Worksheet.UsedRange)
    End If
End Function

Private Function OtherDates(ByVal given As Object) As Boolean
    On Error Resume Next
    OtherDates = (given.Worksheet.Parent.Date1904 <> Application.Caller.Worksheet.Parent.Date1904)
End Function

' The cell that holds the formula of a spilled or array result.
Private Function FormulaCell(ByVal given As Object) As Object
    Dim isPart As Boolean
    Set FormulaCell = given.Cells(1, 1)
    On Error Resume Next
    isPart = FormulaCell.HasSpill
    If isPart Then
        Set FormulaCell = FormulaCell.SpillParent
        Exit Function
    End If
    isPart = FormulaCell.HasArray
    If isPart Then Set FormulaCell = FormulaCell.CurrentArray.Cells(1, 1)
End Function

Private Function FullAddress(ByVal area As Object) As String
    FullAddress = area.Address(True, True, 1, True)
End Function

Private Sub KeepReason(ByVal caller As String, ByVal reason As String)
    ForgetReason caller
    If mReasons.Count >= MOST_REASONS Then Set mReasons = New Collection
    mReasons.Add reason, "@" & caller
End Sub

Private Sub ForgetReason(ByVal caller As String)
    If mReasons Is Nothing Then Set mReasons = New Collection
    On Error Resume Next
    mReasons.Remove "@" & caller
End Sub

Private Function KeptReason(ByVal caller As String) As String
    On Error Resume Next
    KeptReason = mReasons.Item("@" & caller)
    ' where nobody knows the calling cell, the last reason stands for every cell
    If KeptReason = "" And Not mCellsKnown Then KeptReason = mReasons.Item("@")
End Function
