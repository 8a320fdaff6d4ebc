; The setup program: per user, no administrator. makensis -DVERSION=0.1.0 -DSOURCE=folder -DTARGET=file -DMAKER=name -DPAGE=address netdesk.nsi
Target amd64-unicode
Unicode true
SetCompressor /SOLID lzma
SetCompressorDictSize 64
!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!define LISTED "Software\Microsoft\Windows\CurrentVersion\Uninstall\NetDesk"
Name "NetDesk"
OutFile "${TARGET}"
RequestExecutionLevel user
ManifestDPIAware true
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "NetDesk"
VIAddVersionKey CompanyName "${MAKER}"
VIAddVersionKey FileDescription "NetDesk setup"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey LegalCopyright "GPL-3.0-or-later"
!define MUI_ICON "netdesk.ico"
!define MUI_UNICON "netdesk.ico"
!define MUI_WELCOMEPAGE_TEXT "This installs NetDesk ${VERSION} for you alone; no administrator is asked.$\r$\n$\r$\nNetDesk is free software (GPL, version 3 or later). If an older one is installed, it is replaced, and your data is kept.$\r$\n$\r$\nClick Next to go on."
!define MUI_FINISHPAGE_RUN "$INSTDIR\netdesk.exe"
!define MUI_FINISHPAGE_RUN_TEXT "Open NetDesk"
!define MUI_UNTEXT_COMPONENTS_TITLE "Remove NetDesk"
!define MUI_UNTEXT_COMPONENTS_SUBTITLE "Your data stays on this computer unless you choose otherwise."
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_COMPONENTS
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; Always there, and nowhere else: what is in this folder is ours, and is replaced and removed as a whole.
!macro Place
  StrCpy $INSTDIR "$LOCALAPPDATA\Programs\NetDesk"
!macroend
Function .onInit
  !insertmacro Place
FunctionEnd

; A running program cannot be replaced: its file cannot be opened for writing then.
!macro CloseFirst un
Function ${un}CloseFirst
  again:
  ${If} ${FileExists} "$INSTDIR\netdesk.exe"
    ClearErrors
    FileOpen $0 "$INSTDIR\netdesk.exe" a
    ${If} ${Errors}
      MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "NetDesk is running. Close it, then click Retry." /SD IDCANCEL IDRETRY again
      SetErrorLevel 3
      Quit
    ${EndIf}
    FileClose $0
  ${EndIf}
FunctionEnd
!macroend
!insertmacro CloseFirst ""
!insertmacro CloseFirst "un."

Section "NetDesk"
  Call CloseFirst
  RMDir /r "$INSTDIR\Lib" ; what the new version no longer has
  RMDir /r "$INSTDIR\lib"
  SetOutPath "$INSTDIR"
  File /r "${SOURCE}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortCut "$SMPROGRAMS\NetDesk.lnk" "$INSTDIR\netdesk.exe"
  WriteRegStr HKCU "${LISTED}" "DisplayName" "NetDesk"
  WriteRegStr HKCU "${LISTED}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${LISTED}" "Publisher" "${MAKER}"
  WriteRegStr HKCU "${LISTED}" "URLInfoAbout" "${PAGE}"
  WriteRegStr HKCU "${LISTED}" "DisplayIcon" "$INSTDIR\netdesk.exe"
  WriteRegStr HKCU "${LISTED}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${LISTED}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${LISTED}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${LISTED}" "NoModify" 1
  WriteRegDWORD HKCU "${LISTED}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${LISTED}" "EstimatedSize" $0
  WriteRegStr HKCU "Software\Microsoft\Windows\CurrentVersion\App Paths\netdesk.exe" "" "$INSTDIR\netdesk.exe"
  ; xmpp: links. Everything after -- is a link, never an option.
  WriteRegStr HKCU "Software\Classes\NetDesk.xmpp" "" "XMPP address"
  WriteRegStr HKCU "Software\Classes\NetDesk.xmpp" "URL Protocol" ""
  WriteRegStr HKCU "Software\Classes\NetDesk.xmpp\DefaultIcon" "" "$INSTDIR\netdesk.exe,0"
  WriteRegStr HKCU "Software\Classes\NetDesk.xmpp\shell\open\command" "" '"$INSTDIR\netdesk.exe" -- "%1"'
  WriteRegStr HKCU "Software\NetDesk\Capabilities" "ApplicationName" "NetDesk"
  WriteRegStr HKCU "Software\NetDesk\Capabilities" "ApplicationDescription" "See who is asking to connect, and what accepting would reveal"
  WriteRegStr HKCU "Software\NetDesk\Capabilities\URLAssociations" "xmpp" "NetDesk.xmpp"
  WriteRegStr HKCU "Software\RegisteredApplications" "NetDesk" "Software\NetDesk\Capabilities"
  ; where nobody opens them yet, NetDesk does
  ReadRegStr $0 HKCU "Software\Classes\xmpp\shell\open\command" ""
  ${If} $0 == ""
  ${OrIf} $0 == '"$INSTDIR\netdesk.exe" -- "%1"'
    WriteRegStr HKCU "Software\Classes\xmpp" "" "URL:XMPP address"
    WriteRegStr HKCU "Software\Classes\xmpp" "URL Protocol" ""
    WriteRegStr HKCU "Software\Classes\xmpp\shell\open\command" "" '"$INSTDIR\netdesk.exe" -- "%1"'
  ${EndIf}
SectionEnd

Section "un.NetDesk"
  SectionIn RO
  Call un.CloseFirst
  RMDir /r "$INSTDIR\Lib"
  RMDir /r "$INSTDIR\lib"
  Delete "$INSTDIR\*.*"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\NetDesk.lnk"
  ReadRegStr $0 HKCU "Software\Classes\xmpp\shell\open\command" ""
  ${If} $0 == '"$INSTDIR\netdesk.exe" -- "%1"' ; another program may have taken them over
    DeleteRegKey HKCU "Software\Classes\xmpp"
  ${EndIf}
  DeleteRegKey HKCU "${LISTED}"
  DeleteRegKey HKCU "Software\Microsoft\Windows\CurrentVersion\App Paths\netdesk.exe"
  DeleteRegKey HKCU "Software\Classes\NetDesk.xmpp"
  DeleteRegValue HKCU "Software\RegisteredApplications" "NetDesk"
  DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "NetDesk"
  DeleteRegKey HKCU "Software\NetDesk"
SectionEnd

Section /o "un.My data: the desk, its backups and the sample" Data
  RMDir /r "$LOCALAPPDATA\netdesk"
  RMDir /r "$LOCALAPPDATA\netdesk-sample"
SectionEnd

; `uninstall.exe /S /DATA` removes the data too, without a question
Function un.onInit
  !insertmacro Place
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/DATA" $1
  ${IfNot} ${Errors}
    SectionSetFlags ${Data} 1
  ${EndIf}
FunctionEnd
