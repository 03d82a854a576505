Attribute VB_Name = "RebalMac"
Option Explicit
Option Private Module
' The buttons on a Mac, where there is no engine to hold on to: each click hands the job's name and the workbook's name
' to one script, which the installer puts where Excel looks for it. That starts rebal_xl, which does the rest by itself,
' questions and messages too. No other program can be started here, and the script takes nothing but these names.

Public Const REBAL_NO_SCRIPT As String = "The rebal_xl script for the Mac is missing or did not run: start " & _
    "install-mac.command again to repair it. Excel says: "

' What both sides call the form of a request; another number is another version.
Private Const FORM_OF_REQUEST As String = "1"

' Whether this is Excel for Mac. Asked at run time too, since LibreOffice takes every branch of a condition.
Public Function RebalOnMac() As Boolean
    #If Mac Then
        On Error Resume Next
        RebalOnMac = (InStr(1, Application.OperatingSystem, "Mac", 1) > 0)
    #End If
End Function

' Hands a job over, and comes back before it has begun: "done|", or "failed|why".
Public Function RebalHandOver(ByVal job As String, ByVal book As Object) As String
    Dim called As String
    RebalHandOver = "failed|" & REBAL_ON_MAC
    #If Mac Then
        On Error GoTo failed
        If Not book Is Nothing Then called = book.Name
        RebalHandOver = AppleScriptTask("rebal_xl.applescript", "RunJob", RebalRequest(job, called))
        Exit Function
    #End If
    Exit Function
failed:
    RebalHandOver = "failed|" & REBAL_NO_SCRIPT & Err.Description
End Function

' Both names as nothing but digits, letters from A to F and full stops: no name, however hostile, is more than a name.
Public Function RebalRequest(ByVal job As String, ByVal called As String) As String
    RebalRequest = FORM_OF_REQUEST & "." & InHex(job) & "." & InHex(called)
End Function

' Each character (half of one, beyond the first 65536) as four hexadecimal digits.
Private Function InHex(ByVal words As String) As String
    Dim index As Long, code As Long
    For index = 1 To Len(words)
        code = AscW(Mid$(words, index, 1))
        If code < 0 Then code = code + 65536
        InHex = InHex & Right$("000" & Hex$(code), 4)
    Next index
End Function
