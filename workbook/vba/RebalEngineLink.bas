Attribute VB_Name = "RebalEngineLink"
Option Explicit
Option Private Module
' The only way from the add-in to Python: a class that Windows starts in a process of its own, registered for this user
' by the installer. Nothing else is started, and nothing is read from the open workbook, its folder or the environment.

' Error numbers of this project: vbObjectError (&H80040000) + 1101 and + 1102, which LibreOffice takes as numbers only.
Public Const REBAL_NO_ENGINE As Long = -2147220403
Public Const REBAL_REFUSED As Long = -2147220402

Public Const REBAL_NOT_INSTALLED As String = "The rebal_xl engine is not installed for this user on this computer: " & _
    "run the rebal_xl installer here, once; then Ctrl+Alt+F9 calculates the cells again. The add-in can travel with " & _
    "your Windows profile, the engine cannot. If it is installed here, start Excel normally: an Excel started as " & _
    "administrator cannot see it."
Public Const REBAL_NO_START As String = "The rebal_xl engine is installed but did not start: run the rebal_xl " & _
    "installer again to repair it, or ask IT whether a policy stops programs in your profile folder. Windows says: "
Public Const REBAL_ON_MAC As String = "rebal_xl formulas need Excel for Windows. On a Mac, use the buttons of the " & _
    "Rebalance tab, or the rebal-xl command on the workbook file."

' Gives the engine and keeps it. With anew, one that no longer answers is dropped first. After a failure it is not tried
' again for some seconds, since a sheet may hold hundreds of formulas. Raises REBAL_NO_ENGINE with the reason.
Public Function RebalEngine(Optional ByVal anew As Boolean = False) As Object
    Static engine As Object
    Static failedAt As Date
    Static reason As String
    #If Mac Then
        Err.Raise REBAL_NO_ENGINE, "rebal_xl", REBAL_ON_MAC
    #Else
        If anew Then
            Set engine = Nothing
            reason = ""
        End If
        If engine Is Nothing Then
            If reason <> "" And Abs(Now - failedAt) < TimeSerial(0, 0, 20) Then
                Err.Raise REBAL_NO_ENGINE, "rebal_xl", reason
            End If
            reason = ""
            On Error Resume Next
            Set engine = CreateObject("RebalXL.Engine")
            If engine Is Nothing Then
                ' 429 and &H80040154: no such class
                If Err.Number = 429 Or Err.Number = -2147221164 Then
                    reason = REBAL_NOT_INSTALLED
                Else
                    reason = REBAL_NO_START & Err.Description & " (" & Err.Number & ")"
                End If
            End If
            On Error GoTo 0
            If reason <> "" Then
                failedAt = Now
                Err.Raise REBAL_NO_ENGINE, "rebal_xl", reason
            End If
        End If
        Set RebalEngine = engine
    #End If
End Function
