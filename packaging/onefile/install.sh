#!/bin/sh
# Installs NetDesk for the user who starts it, updates it, and removes it. Runs from the unpacked one-file form, and later, as
# `remove`, from where it was installed. Nothing here needs root, and nothing outside the user's own folders is touched.
set -eu
HERE=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
ID=org.netdesk.NetDesk
PLACE=$HOME/.local/opt/netdesk # ours as a whole
SHARE=${XDG_DATA_HOME:-$HOME/.local/share}
CONFIG=${XDG_CONFIG_HOME:-$HOME/.config}
BIN=$HOME/.local/bin

say() { printf '%s\n' "$*"; }
stop() { # in a terminal, or in a window when there is none
  printf 'NetDesk: %s\n' "$*" >&2
  if [ ! -t 2 ] && [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    for dialog in "zenity --error --no-wrap --text" "kdialog --error" "xmessage -center"; do
      # shellcheck disable=SC2086
      if command -v "${dialog%% *}" >/dev/null 2>&1; then $dialog "NetDesk: $*" >/dev/null 2>&1 || true; break; fi
    done
  fi
  exit 1
}

running() { # whether a NetDesk that was installed here is running
  place=$(cd "$PLACE" 2>/dev/null && pwd -P) || return 1 # as the system names it, whatever links lead there
  for one in /proc/[0-9]*; do
    case $(readlink "$one/exe" 2>/dev/null || true) in "$place/"*/netdesk*) return 0 ;; esac
  done
  return 1
}

install_it() {
  [ "$(id -u)" != 0 ] || [ "${NETDESK_AS_ROOT:-}" = 1 ] || stop "this installs for one user. Start it as that user, without sudo."
  version=$(cat "$HERE/VERSION")
  before=$(readlink "$PLACE/current" 2>/dev/null || true)
  mkdir -p "$PLACE" "$BIN" || stop "$PLACE cannot be made."
  room=$(df -Pk "$PLACE" | awk 'NR == 2 { print $4 }')
  [ "$room" -gt 200000 ] || stop "there is too little room below $PLACE: 200 MB are needed."
  made="$PLACE/.$version.new"
  rm -rf "$made"
  # moved, where this was unpacked on the same disk; copied otherwise
  { mv "$HERE/program" "$made" 2>/dev/null || cp -R "$HERE/program" "$made"; } || { rm -rf "$made"; stop "it could not be copied to $PLACE."; }
  said=$("$made/netdesk" --version 2>&1) || {
    rm -rf "$made"
    rmdir "$PLACE" "${PLACE%/*}" "$BIN" 2>/dev/null || true
    missing=$(printf '%s' "$said" | sed -n 's/.*[ :]\(lib[^ :]*\): cannot open shared object.*/\1/p' | head -n 1)
    [ -z "$missing" ] || stop "the system library $missing is missing here. Install it with your system's software manager, then start this file again."
    stop "the program does not run on this system: $said"
  }
  name=$version # or, when this version is there and may be running: a name that is free
  number=2
  while [ -e "$PLACE/$name" ]; do name=$version.$number; number=$((number + 1)); done
  mv "$made" "$PLACE/$name"
  ln -s "$name" "$PLACE/.current.new.$$" && mv -T "$PLACE/.current.new.$$" "$PLACE/current"
  cp "$HERE/install.sh" "$PLACE/.remove.new" && mv "$PLACE/.remove.new" "$PLACE/remove"
  cp "$HERE/LICENSE" "$PLACE/LICENSE"
  case $(readlink "$BIN/netdesk" 2>/dev/null || true) in
    "$PLACE/"*) ;;
    *) if [ -e "$BIN/netdesk" ] || [ -L "$BIN/netdesk" ]; then say "There is another $BIN/netdesk; it stays as it is."
       else ln -s "$PLACE/current/netdesk" "$BIN/netdesk"; fi ;;
  esac
  place_files
  # what is older goes, unless it is running: then the next update takes it away
  if ! running; then
    for one in "$PLACE"/* "$PLACE"/.*.new; do
      if [ -d "$one" ] && [ ! -L "$one" ] && [ "${one##*/}" != "$name" ]; then rm -rf "$one"; fi
    done
  fi
  if [ -n "$before" ] && [ "${before#"$version"}" = "$before" ]; then say "NetDesk was updated from $before to $version; your data is as it was."
  else say "NetDesk $version is installed for you in $PLACE, and in the menu of your desktop."; fi
  if running; then say "It is running: close it and open it again, and it is the new one."; fi
}

quoted() { # a path for a menu entry; only where it must be, as the plainest opener of links (xdg-open without a desktop) reads no quotes
  case $1 in
    *[!A-Za-z0-9/._+-]*) printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"`$]/\\\\&/g; s/%/%%/g')" ;;
    *) printf '%s' "$1" ;;
  esac
}

place_files() { # the menu entry and the icons
  (cd "$HERE/share" && find icons -type f) | while read -r one; do
    mkdir -p "$SHARE/$(dirname "$one")" && cp "$HERE/share/$one" "$SHARE/$one"
  done
  mkdir -p "$SHARE/applications"
  COMMAND=$(quoted "$PLACE/current/netdesk") REMOVER=$(quoted "$PLACE/remove") awk '
    { at = index($0, "@COMMAND@")
      if (at) $0 = substr($0, 1, at - 1) ENVIRON["COMMAND"] substr($0, at + 9)
      sub(/^Actions=sample;$/, "Actions=sample;remove;"); print }
    END { print ""; print "[Desktop Action remove]"; print "Name=Remove NetDesk"; print "Exec=sh " ENVIRON["REMOVER"] " --ask" }
  ' "$HERE/share/applications/$ID.desktop" > "$SHARE/applications/.$ID.new"
  mv "$SHARE/applications/.$ID.new" "$SHARE/applications/$ID.desktop"
  tell_desktop
}

tell_desktop() {
  if command -v update-desktop-database >/dev/null 2>&1; then update-desktop-database -q "$SHARE/applications" 2>/dev/null || true; fi
  if [ -d "$SHARE/icons/hicolor" ]; then touch "$SHARE/icons/hicolor" 2>/dev/null || true; fi
}

remove_it() { # $1: "" keeps the data, --with-data removes it too
  if running; then stop "it is running. Close NetDesk first, then remove it."; fi
  rm -f "$SHARE/applications/$ID.desktop"
  if grep -qF "$PLACE/" "$CONFIG/autostart/$ID.desktop" 2>/dev/null; then rm -f "$CONFIG/autostart/$ID.desktop"; fi
  if [ -d "$SHARE/icons/hicolor" ]; then
    for one in "$SHARE"/icons/hicolor/*/apps/"$ID".*; do
      [ -e "$one" ] || continue
      rm -f "$one"
      rmdir "${one%/*}" "${one%/apps/*}" 2>/dev/null || true
    done
    rmdir "$SHARE/icons/hicolor" "$SHARE/icons" 2>/dev/null || true
  fi
  case $(readlink "$BIN/netdesk" 2>/dev/null || true) in "$PLACE/"*) rm -f "$BIN/netdesk" ;; esac
  tell_desktop
  if [ "$(find "$SHARE/applications" ! -type d -print 2>/dev/null | grep -vc mimeinfo.cache)" = 0 ]; then
    rm -f "$SHARE/applications/mimeinfo.cache"
    rmdir "$SHARE/applications" 2>/dev/null || true
  fi
  rm -rf "$PLACE"
  rmdir "${PLACE%/*}" "$BIN" 2>/dev/null || true
  if [ "$1" = --with-data ]; then
    rm -f "$CONFIG/autostart/$ID.desktop"
    for one in "$SHARE/netdesk" "$SHARE/netdesk-sample"; do
      if [ -L "$one" ]; then say "Your data lies behind a link, in $(readlink -f "$one"); remove it there."; else rm -rf "$one"; fi
    done
    say "NetDesk and its data are gone. Passwords that you let it keep are in your system's keyring, under NetDesk."
  else
    say "NetDesk is gone. Your data is where it was: $SHARE/netdesk"
  fi
}

ask() { # asks before it removes: in the terminal where there is one, else in a window
  if [ -t 0 ]; then
    printf 'Remove NetDesk? Your data in %s stays, unless you write "data too" [yes/no/data too]: ' "$SHARE/netdesk"
    read -r answer
    case $answer in yes|y) remove_it "" ;; "data too") remove_it --with-data ;; *) say "Nothing was removed." ;; esac
    return
  fi
  if running; then stop "it is running. Close NetDesk first, then remove it."; fi
  answer=$("$PLACE/current/netdesk" --ask-removal) || answer=keep
  case $answer in program) remove_it "" ;; all) remove_it --with-data ;; esac
}

usage() {
  cat <<EOF
Installs NetDesk for you alone, without root; started again with a newer file, it updates it and keeps your data.

  (nothing)             install or update, then open NetDesk
  --no-start            install or update, and leave it at that
  --remove              remove the program; your data stays
  --remove --with-data  remove the program and all data of it
  --ask                 remove, and ask about the data
EOF
}

case ${1:-} in
  --remove)
    [ -e "$PLACE" ] || stop "it is not installed in $PLACE."
    case ${2:-} in ""|--with-data) remove_it "${2:-}" ;; *) usage; exit 2 ;; esac ;;
  --ask) ask ;;
  --help|-h) usage ;;
  ""|--no-start)
    [ -d "$HERE/program" ] || { usage; exit 2; }
    install_it
    if [ "${1:-}" != --no-start ] && [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
      # makeself removes what it unpacked when this ends: what is started must not hold on to it
      cd / && (setsid "$PLACE/current/netdesk" >/dev/null 2>&1 </dev/null &)
    fi ;;
  *) usage; exit 2 ;;
esac
