-- Starts rebal_xl when a button of its tab is clicked in Excel for Mac. The installer (install-mac.command) puts this
-- file into ~/Library/Application Scripts/com.microsoft.Excel, the only folder whose scripts Excel may start.
--
-- One program can be started, from where the installer put it, and nothing of the workbook has a say in that. The
-- parameter holds two names written in hexadecimal digits; whatever it holds, the shell sees one quoted word.
-- It returns at once, since Excel waits for it: rebal_xl goes on by itself.

on RunJob(parameter)
	try
		set installed to (POSIX path of (path to home folder)) & "Library/Application Support/rebal_xl/current/bin/python"
		do shell script "test -x " & quoted form of installed & " || exit 1; " & quoted form of installed & " -I -B -X utf8 -m rebal_xl.excel.mac " & quoted form of parameter & " > /dev/null 2>&1 &"
		return "done|"
	on error
		return "failed|The rebal_xl engine is not installed for this user on this Mac: start install-mac.command, once."
	end try
end RunJob
