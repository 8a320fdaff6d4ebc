# Sets up what a command needs: the environment from the lock file, and the system's libraries. Sourced by ./run, ./test and
# packaging/build.
# Wants: ROOT (the checkout), YES (1: may install system packages), LIBRARIES (lines "file-or-command package").

UV_VERSION=0.13.9

say() { printf '%s\n' "$*" >&2; }
stop() { say "netdesk: $*"; exit 1; }

find_python() {
  for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
      command -v "$candidate"
      return 0
    fi
  done
  return 1
}

has_library() {
  case $1 in
    lib*) ldconfig -p 2>/dev/null | grep -q "$1 " || /sbin/ldconfig -p 2>/dev/null | grep -q "$1 " ;;
    font:*) [ -n "$(find /usr/share/fonts "$HOME/.fonts" "$HOME/.local/share/fonts" -name "${1#font:}" -print -quit 2>/dev/null)" ] ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
  esac
}

set_up_system() {
  [ "$(uname -s)" = Linux ] || return 0
  missing=""
  while read -r thing package; do
    [ -n "$thing" ] || continue
    has_library "$thing" || missing="$missing $package"
  done <<EOF
$LIBRARIES
EOF
  [ -n "$missing" ] || return 0
  if [ "${OPTIONAL:-0}" = 1 ] && { [ "$YES" != 1 ] || ! command -v apt-get >/dev/null 2>&1; }; then
    say "netdesk: not on this machine:$missing. The tests that need them are skipped; give --yes, and this command installs them."
    return 0
  fi
  if ! command -v apt-get >/dev/null 2>&1; then
    say "netdesk: these seem to be missing (Debian's names):$missing. If the window does not open, install them with your system's package manager."
    return 0
  fi
  if [ "$(id -u)" = 0 ]; then as_root=""; else as_root=sudo; fi
  if [ -n "$as_root" ] && [ "$YES" != 1 ]; then
    stop "system libraries are missing. Install them, or give --yes and let this command do it: sudo apt-get install$missing"
  fi
  say "netdesk: installing from Debian:$missing"
  # A server that comes with a package must not begin to listen on this machine: tests start their own, on 127.0.0.1.
  quiet=/usr/sbin/policy-rc.d
  if [ -e "$quiet" ] && ! grep -q netdesk-setup "$quiet" 2>/dev/null; then quiet=""; else
    # shellcheck disable=SC2064
    trap "$as_root rm -f $quiet" EXIT
    trap 'exit 130' INT TERM HUP
    printf '#!/bin/sh\nexit 101 # netdesk-setup\n' | $as_root sh -c "cat > $quiet && chmod 755 $quiet"
  fi
  # shellcheck disable=SC2086
  $as_root apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >&2 \
    || { [ -z "$quiet" ] || $as_root rm -f "$quiet"; stop "the system libraries could not be installed:$missing"; }
  if [ -n "$quiet" ]; then $as_root rm -f "$quiet"; trap - EXIT INT TERM HUP; fi
  if command -v systemctl >/dev/null 2>&1; then
    for server in prosody ejabberd epmd; do
      case $missing in *" $server"*) $as_root systemctl disable --now "$server" >/dev/null 2>&1 || true ;; esac
    done
  fi
}

set_up_environment() { # the environment of the program and its tests, or: FOLDER GROUP, one for a group of the lock file alone
  folder=${1:-.venv}
  groups=""
  if [ -n "${2:-}" ]; then groups="--no-default-groups --group $2"; fi
  python=$(find_python) || stop "Python 3.11, 3.12 or 3.13 is needed; none was found."
  mark="$ROOT/$folder/.ready"
  wanted="$(cksum < "$ROOT/uv.lock") $(cksum < "$ROOT/pyproject.toml") $("$python" -V 2>&1) $ROOT $groups"
  if [ -x "$ROOT/$folder/bin/python" ] && [ "$(cat "$mark" 2>/dev/null)" = "$wanted" ]; then return 0; fi
  uv="$ROOT/.tools/bin/uv"
  if [ "$("$uv" --version 2>/dev/null | cut -d' ' -f2)" != "$UV_VERSION" ]; then
    "$python" -m pip --version >/dev/null 2>&1 || stop "pip is missing. On Debian: apt-get install python3-pip"
    say "netdesk: fetching uv $UV_VERSION, which installs from the lock file"
    rm -rf "$ROOT/.tools"
    "$python" -m pip install -q --disable-pip-version-check --no-warn-conflicts --root-user-action=ignore \
      --target "$ROOT/.tools" "uv==$UV_VERSION" || stop "uv could not be fetched: is the package index reachable?"
  fi
  say "netdesk: making the environment in $folder"
  # shellcheck disable=SC2086
  (cd "$ROOT" && UV_PROJECT_ENVIRONMENT="$folder" UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 \
    "$uv" sync --frozen --quiet --compile-bytecode --python "$python" $groups) || stop "the environment could not be made."
  printf '%s' "$wanted" > "$mark"
}

OFFSCREEN_LIBRARIES="libglib-2.0.so.0 libglib2.0-0
libEGL.so.1 libegl1
libGL.so.1 libgl1
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libxkbcommon.so.0 libxkbcommon0
font:DejaVuSans.ttf fonts-dejavu-core"

WINDOW_LIBRARIES="$OFFSCREEN_LIBRARIES
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-shape.so.0 libxcb-shape0
libxcb-xkb.so.1 libxcb-xkb1
libxkbcommon-x11.so.0 libxkbcommon-x11-0"
