Attribute VB_Name = "RebalRibbon"
Option Explicit
' The buttons. A job is started in the engine and runs there while Excel stays usable; once a second its progress is
' asked for, and when its result is ready it is written. The button's tag is the job's name.

Private Const TITLE As String = "rebal_xl"
' What a message box and the status bar can show.
Private Const LONGEST_MESSAGE As Long = 1000
Private Const LONGEST_STATUS As Long = 200

' Excel's own constants, by value: no type library is needed.
Private Const WAIT_CURSOR As Long = 2
Private Const MANUAL_CALCULATION As Long = -4135
Private Const PICK_FOLDER As Long = 4
Private Const ANY_HOLDINGS As String = "Holdings (*.csv; *.txt; *.xlsx; *.xlsm),*.csv;*.txt;*.xlsx;*.xlsm,All files,*.*"

Private mRibbon As Object

' The running job: its number in the engine ("" when none runs), its workbook, and when it is asked about next.
Private mJob As String
Private mBook As Object
Private mDue As Date
Private mUnanswered As Long
' Cancel was clicked: the job is stopping.
Private mStopping As Boolean

' What is put back after the engine has worked on a workbook.
Private mQuiet As Boolean
Private mCalculation As Variant
Private mScreen As Boolean
Private mEvents As Boolean
Private mCursor As Variant
Private mStatus As Variant
Private mTablesGrow As Variant
Private mActiveBook As Object
Private mActiveSheet As Object
Private mSelection As Object

' ---- what the ribbon calls

' Once, when Excel has shown the tab: no macro runs by itself when the add-in is opened.
Public Sub RebalRibbonLoaded(ribbon As Object)
    Set mRibbon = ribbon
    RebalHelpSoon
End Sub

Public Sub RebalRibbonEnabled(control As Object, ByRef enabled As Variant)
    Select Case control.Tag
        Case "cancel": enabled = (mJob <> "" Or RebalOnMac())
        Case Else: enabled = (mJob = "")
    End Select
End Sub

Public Sub RebalRibbonClicked(control As Object)
    On Error GoTo failed
    RebalHelpNow
    If RebalOnMac() Then
        If MayRun() Then Tell RebalHandOver(control.Tag, ActiveWorkbook)
    ElseIf control.Tag = "cancel" Then
        CancelJob
    Else
        RunJob control.Tag
    End If
    Exit Sub
failed:
    GiveUp Err.Description
End Sub

' ---- a job from the click to its end

Private Sub RunJob(ByVal job As String)
    Dim book As Object, said As String, answer As String
    If mJob <> "" Then
        Warn "Another rebal_xl job is still running. Wait for it, or click Cancel."
        Exit Sub
    End If
    If Not MayRun() Then Exit Sub
    Set book = ActiveWorkbook
    said = StartJob(job, book, answer)
    Do While Verb(said) = "ask"
        answer = AskUser(said)
        If answer = "" Then Exit Sub
        said = StartJob(job, book, answer)
    Loop
    If Left$(said, 4) = "job:" Then
        mJob = Mid$(said, 5)
        Set mBook = book
        mUnanswered = 0
        mStopping = False
        ShowStatus "working ..."
        RefreshRibbon
        PollSoon
    Else
        Tell said
    End If
End Sub

' Once a second while a job runs; Excel waits with it while a cell is being typed in.
Public Sub RebalPoll()
    On Error GoTo failed
    mDue = 0
    AskHowFar
    Exit Sub
failed:
    GiveUp Err.Description
End Sub

Private Sub AskHowFar()
    Dim said As String
    If mJob = "" Then Exit Sub
    If Not BookIsOpen() Then
        DropJob
        Warn "The workbook was closed while rebal_xl was working on it. Nothing was written."
        Exit Sub
    End If
    said = PollJob()
    Select Case Verb(said)
        Case "running"
            ShowStatus Message(said)
            PollSoon
        Case "ready"
            WriteResult
        Case Else
            If mStopping And Verb(said) = "failed" Then said = "cancelled|Stopped. Nothing was written."
            EndJob
            Tell said
    End Select
End Sub

Private Sub WriteResult()
    Dim said As String
    ShowStatus "writing ..."
    said = FinishJob(False)
    If Verb(said) = "changed" Then
        If MsgBox(Shortened(Message(said), LONGEST_MESSAGE), vbYesNo + vbQuestion + vbDefaultButton2, TITLE) <> vbYes Then
            DropJob
            Exit Sub
        End If
        said = FinishJob(True)
    End If
    EndJob
    Tell said
End Sub

' The first click stops a job with the best it has, which is then written or told about; a second one drops that too.
Private Sub CancelJob()
    Dim said As String
    If mJob = "" Then Exit Sub
    If mStopping Then
        DropJob
        Tell "cancelled|Stopped. Nothing was written."
        Exit Sub
    End If
    mStopping = True
    On Error Resume Next
    said = RebalEngine().Cancel((mJob))
    ShowStatus said
End Sub

' What Excel itself refused: all is restored, and the job is dropped.
Private Sub GiveUp(ByVal reason As String)
    BeAsBefore False
    If mJob <> "" Then DropJob
    Warn "Excel refused a step of rebal_xl, so the job was stopped: " & reason
End Sub

Private Sub DropJob()
    On Error Resume Next
    RebalEngine().Cancel (mJob)
    ' asked again, the engine throws away what it has
    RebalEngine().Cancel (mJob)
    EndJob
End Sub

Private Sub EndJob()
    On Error Resume Next
    If mDue <> 0 Then Application.OnTime mDue, "'" & ThisWorkbook.Name & "'!RebalPoll", , False
    mDue = 0
    mJob = ""
    Set mBook = Nothing
    Application.StatusBar = False
    RefreshRibbon
End Sub

Private Sub PollSoon()
    mDue = Now + TimeSerial(0, 0, 1)
    Application.OnTime mDue, "'" & ThisWorkbook.Name & "'!RebalPoll"
End Sub

' ---- the engine's answers, "verb|text"; an engine that fails answers "failed|why" here

Private Function StartJob(ByVal job As String, ByVal book As Object, ByVal answer As String) As String
    Dim anew As Boolean, number As Long, reason As String
    BeQuiet
    On Error GoTo failed
    ShowStatus "reading the workbook ..."
again:
    StartJob = RebalEngine(anew).Start((job), BookOrExcel(book), (answer))
    BeAsBefore Verb(StartJob) = "done"
    Exit Function
failed:
    number = Err.Number
    reason = Err.Description
    If Not anew And (number = REBAL_NO_ENGINE Or RebalEngineDied(number)) Then
        anew = True
        Resume again
    End If
    BeAsBefore False
    StartJob = "failed|" & reason
End Function

Private Function PollJob() As String
    Dim reason As String
    On Error GoTo failed
    PollJob = RebalEngine().Poll((mJob))
    mUnanswered = 0
    Exit Function
failed:
    reason = Err.Description
    mUnanswered = mUnanswered + 1
    If Not RebalEngineDied(Err.Number) And mUnanswered < 30 Then
        PollJob = "running|waiting for the engine ..."
    Else
        PollJob = "failed|The rebal_xl engine stopped (" & reason & "). Nothing was written. Try again."
    End If
End Function

Private Function FinishJob(ByVal force As Boolean) As String
    Dim reason As String
    BeQuiet
    On Error GoTo failed
    FinishJob = RebalEngine().Finish((mJob), BookOrExcel(mBook), force)
    BeAsBefore Verb(FinishJob) = "done"
    Exit Function
failed:
    reason = Err.Description
    BeAsBefore False
    FinishJob = "failed|The result could not be written: " & reason
End Function

' What a job works on: where no workbook is open, this Excel itself, which nobody could find by its windows.
Private Function BookOrExcel(ByVal book As Object) As Object
    Set BookOrExcel = book
    If book Is Nothing Then Set BookOrExcel = Application
End Function

Private Function Verb(ByVal said As String) As String
    Verb = Left$(said, InStr(said & "|", "|") - 1)
End Function

Private Function Message(ByVal said As String) As String
    Message = Mid$(said, InStr(said & "|", "|") + 1)
End Function

' ---- the user

' Whether Excel lets a job begin now; says why not. That there is no workbook is for the engine to say: some need none.
Private Function MayRun() As Boolean
    Dim isReady As Boolean, isOpen As Boolean, isProtected As Boolean
    isReady = True
    On Error Resume Next
    isReady = ThisExcel().Ready
    isOpen = Not (ActiveWorkbook Is Nothing Or ActiveWindow Is Nothing)
    ' one may be open behind the workbook, too
    If Not isOpen Then isProtected = Not (ThisExcel().ActiveProtectedViewWindow Is Nothing)
    On Error GoTo 0
    If isProtected Then
        Warn "This workbook is open in Protected View. Click Enable Editing in the yellow bar, then try again."
    ElseIf Not isReady Then
        Warn "A cell is being edited. Finish it with Enter, or leave it with Esc, then try again."
    Else
        MayRun = True
    End If
End Function

' Asks for what the engine needs, "ask|kind|prompt|default"; "" when the user leaves it.
Private Function AskUser(ByVal said As String) As String
    Dim parts As Variant, picked As Variant
    parts = Split(said & "|||", "|")
    Select Case parts(1)
        Case "yesno"
            picked = MsgBox(Shortened(parts(2), LONGEST_MESSAGE), vbYesNoCancel + vbQuestion, TITLE)
            If picked = vbYes Then AskUser = "yes"
            If picked = vbNo Then AskUser = "no"
        Case "file"
            AskUser = PickFiles(parts(2), parts(3), False)
        Case "files"
            AskUser = PickFiles(parts(2), parts(3), True)
        Case "folder"
            AskUser = PickFolder(parts(2))
        Case Else
            AskUser = InputBox(Shortened(parts(2), LONGEST_MESSAGE), TITLE, parts(3))
    End Select
End Function

' The chosen files, one a line; the filter is Excel's, such as "Custodian files,*.csv;*.xlsx".
Private Function PickFiles(ByVal prompt As String, ByVal filter As String, ByVal several As Boolean) As String
    Dim picked As Variant, index As Long
    If InStr(filter, ",") = 0 Then filter = ANY_HOLDINGS
    picked = Application.GetOpenFilename(filter, 1, prompt, , several)
    If IsArray(picked) Then
        For index = LBound(picked) To UBound(picked)
            PickFiles = PickFiles & IIf(index > LBound(picked), vbLf, "") & picked(index)
        Next index
    ElseIf VarType(picked) = vbString Then
        PickFiles = picked
    End If
End Function

Private Function PickFolder(ByVal prompt As String) As String
    Dim dialog As Object
    Set dialog = ThisExcel().FileDialog(PICK_FOLDER)
    dialog.Title = prompt
    If dialog.Show = -1 Then PickFolder = dialog.SelectedItems(1)
End Function

Private Sub Tell(ByVal said As String)
    Select Case Verb(said)
        Case "done", "cancelled"
            If Message(said) <> "" Then MsgBox Shortened(Message(said), LONGEST_MESSAGE), vbInformation, TITLE
        Case "failed"
            Warn Message(said)
        Case Else
            Warn "The rebal_xl engine gave an answer that this add-in does not know. Run the installer again: " & _
                "add-in and engine must be of one version."
    End Select
End Sub

Private Sub Warn(ByVal sentence As String)
    MsgBox Shortened(sentence, LONGEST_MESSAGE), vbExclamation, TITLE
End Sub

Private Sub ShowStatus(ByVal text As String)
    Application.StatusBar = Shortened(TITLE & ": " & text, LONGEST_STATUS)
End Sub

' A text that says where it was cut off.
Private Function Shortened(ByVal text As String, ByVal most As Long) As String
    Shortened = text
    If Len(text) > most Then Shortened = Left$(text, most - 4) & " ..."
End Function

' Excel without its type library: what one version does not have fails when it is used, not when the add-in is opened.
Private Function ThisExcel() As Object
    Set ThisExcel = Application
End Function

Private Sub RefreshRibbon()
    On Error Resume Next
    If Not mRibbon Is Nothing Then mRibbon.Invalidate
End Sub

Private Function BookIsOpen() As Boolean
    Dim called As String
    BookIsOpen = (mBook Is Nothing)
    On Error Resume Next
    called = mBook.Name
    If called <> "" Then BookIsOpen = True
End Function

' ---- Excel while the engine works on a workbook

' No recalculation, events or redrawing meanwhile; Esc does not stop half-way.
Private Sub BeQuiet()
    If mQuiet Then Exit Sub
    mQuiet = True
    mCalculation = Empty
    mTablesGrow = Empty
    mStatus = False
    Set mActiveBook = Nothing
    Set mActiveSheet = Nothing
    Set mSelection = Nothing
    On Error Resume Next
    mScreen = Application.ScreenUpdating
    mEvents = Application.EnableEvents
    mCursor = Application.Cursor
    mStatus = Application.StatusBar
    mCalculation = Application.Calculation
    ' the engine changes it too, and puts it back unless it dies meanwhile
    mTablesGrow = ThisExcel().AutoCorrect.AutoExpandListRange
    Set mActiveBook = ActiveWorkbook
    Set mActiveSheet = ActiveSheet
    Set mSelection = Selection
    Application.Cursor = WAIT_CURSOR
    Application.EnableCancelKey = 0
    Application.ScreenUpdating = False
    Application.EnableEvents = False
    ' also keeps Excel from telling that it waits for another program
    ThisExcel().DisplayAlerts = False
    If Not IsEmpty(mCalculation) Then Application.Calculation = MANUAL_CALCULATION
End Sub

' Everything as it was, and the user where he was: only a job that is done may lead him to its result.
Private Sub BeAsBefore(ByVal isDone As Boolean)
    If Not mQuiet Then Exit Sub
    mQuiet = False
    On Error Resume Next
    If Not isDone Then
        mActiveBook.Activate
        mActiveSheet.Activate
        mSelection.Select
    End If
    If Not IsEmpty(mCalculation) Then Application.Calculation = mCalculation
    If Not IsEmpty(mTablesGrow) Then ThisExcel().AutoCorrect.AutoExpandListRange = mTablesGrow
    ThisExcel().DisplayAlerts = True
    Application.EnableEvents = mEvents
    Application.ScreenUpdating = mScreen
    Application.EnableCancelKey = 1
    Application.Cursor = mCursor
    Application.StatusBar = mStatus
    Set mActiveBook = Nothing
    Set mActiveSheet = Nothing
    Set mSelection = Nothing
End Sub
