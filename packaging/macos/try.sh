#!/bin/sh
# Tries the application on a Mac: try.sh NetDesk.app VERSION. Never run yet: the project had no Mac.
set -eu
app=$1
program=$app/Contents/MacOS/netdesk
stop() { echo "netdesk: $*" >&2; exit 1; }

[ "$("$program" --version)" = "NetDesk $2" ] || stop "it calls itself $("$program" --version)."
"$program" doctor
plutil -lint "$app/Contents/Info.plist"
[ "$(plutil -extract CFBundleShortVersionString raw "$app/Contents/Info.plist")" = "$2" ] || stop "its Info.plist names another version."
[ "$(plutil -extract CFBundleURLTypes.0.CFBundleURLSchemes.0 raw "$app/Contents/Info.plist")" = xmpp ] || stop "it does not open xmpp: links."
codesign --verify --deep --strict "$app" || stop "its signature is broken."

"$program" --sample &
window=$!
sleep 20
kill -0 "$window" || stop "the window is gone."
kill -TERM "$window"
wait "$window" || stop "the window ended with $?."
[ -f "$HOME/Library/Application Support/netdesk-sample/desk.db" ] || stop "there is no data."
