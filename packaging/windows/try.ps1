# Tries the setup program on a Windows: install, use, update, remove. Never run yet: the project had no Windows.
param([string]$Setup, [string]$Version)
$ErrorActionPreference = "Stop"
function Check($told, $sentence) { if (-not $told) { Write-Error $sentence } }
function Run($program, $words) { $done = Start-Process $program -ArgumentList $words -Wait -PassThru; return $done.ExitCode }

$program = "$env:LOCALAPPDATA\Programs\NetDesk"
Check ((Run $Setup "/S") -eq 0) "The setup program fails."
$said = & "$program\netdesk-cli.exe" --version
Check ($said -eq "NetDesk $Version") "It calls itself $said."
& "$program\netdesk-cli.exe" doctor
Check ($LASTEXITCODE -eq 0) "doctor finds something."
Check (Test-Path "$env:APPDATA\Microsoft\Windows\Start Menu\Programs\NetDesk.lnk") "There is no entry in the start menu."
$command = (Get-ItemProperty "HKCU:\Software\Classes\NetDesk.xmpp\shell\open\command")."(default)"
Check ($command -like '*netdesk.exe" -- "%1"') "xmpp: links are opened by $command."

$window = Start-Process "$program\netdesk.exe" -ArgumentList "--sample" -PassThru
foreach ($second in 1..60) { Start-Sleep 1; $window.Refresh(); if ($window.MainWindowTitle -like "NetDesk*") { break } }
Check ($window.MainWindowTitle -like "NetDesk*") "The window does not open."
Start-Sleep 5
Check (-not $window.HasExited) "The window is gone."
$window.CloseMainWindow() | Out-Null
Check ($window.WaitForExit(30000)) "The window does not close."
Check ($window.ExitCode -eq 0) "The window ended with $($window.ExitCode)."
Check (Test-Path "$env:LOCALAPPDATA\netdesk-sample\desk.db") "There is no data."

Check ((Run $Setup "/S") -eq 0) "The update fails."
Run "$program\uninstall.exe" "/S" | Out-Null
foreach ($second in 1..60) { Start-Sleep 1; if (-not (Test-Path "$program\netdesk.exe")) { break } }
Check (-not (Test-Path "$program\netdesk.exe")) "The program is still there."
Check (-not (Test-Path "HKCU:\Software\Classes\NetDesk.xmpp")) "It still opens xmpp: links."
Check (Test-Path "$env:LOCALAPPDATA\netdesk-sample\desk.db") "The data went with the program."
