Attribute VB_Name = "RebalHelp"
Option Explicit
' The Function Wizard's texts: Excel takes those of the arguments only from a running macro, and only while a workbook
' is open. Without them the formulas work as well, so no failure here is worth a message.

Private Const MOST_TRIES As Long = 40

Private mTries As Long
Private mDescribed As Boolean

' Has the formulas described as soon as Excel is ready.
Public Sub RebalHelpSoon()
    On Error Resume Next
    Application.OnTime Now + TimeSerial(0, 0, 2), "'" & ThisWorkbook.Name & "'!RebalHelpNow"
End Sub

Public Sub RebalHelpNow()
    On Error Resume Next
    If mDescribed Then Exit Sub
    If ActiveWorkbook Is Nothing Then
        ' Excel's start page: look again for a while, and at the first click on the ribbon
        mTries = mTries + 1
        If mTries < MOST_TRIES Then RebalHelpSoon
        Exit Sub
    End If
    mDescribed = True
    RebalDescribeFormulas
End Sub

' One formula: what it answers, and what each argument takes; category 1 is Financial.
Public Sub RebalDescribe(ByVal formula As String, ByVal summary As String, ByVal notes As Variant)
    Dim app As Object
    On Error Resume Next
    ' late bound: an Excel that does not know all of these arguments still opens the add-in
    Set app = Application
    app.MacroOptions Macro:="'" & ThisWorkbook.Name & "'!" & formula, Description:=summary, Category:=1, _
        ArgumentDescriptions:=notes
End Sub
