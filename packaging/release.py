"""Makes a release in a clone of the checkout, and takes it over when all of it worked. Started by packaging/release."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from making.history import UNRELEASED, Release, plain, releases
from making.places import HERE, HOME, OUT, ROOT, WORK, Stopped, say, version
from making.sums import sum_of

CLONE = WORK / "release"
_VERSION = re.compile(r"\d+\.\d+\.\d+")


def git(*words: str | Path, folder: Path = ROOT) -> str:
    """Run git and give what it said. Raises Stopped with its words when it refuses."""
    done = subprocess.run(["git", *map(str, words)], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Stopped(f"git {words[0]}: {done.stderr.strip()}")
    return done.stdout.strip()


def check(wanted: str) -> None:
    """Whether this checkout can be released as `wanted`. Raises Stopped when it cannot."""
    if not _VERSION.fullmatch(wanted):
        raise Stopped(f"{wanted} is no version: one looks like 1.2.3.")
    if git("status", "--porcelain"):
        raise Stopped("There are changes that are not committed.")
    if git("tag", "--list", f"v{wanted}"):
        raise Stopped(f"There is a {wanted} already.")
    before = [tuple(map(int, one[1:].split("."))) for one in git("tag", "--list", "v*").splitlines() if _VERSION.fullmatch(one[1:])]
    if before and tuple(map(int, wanted.split("."))) <= max(before):
        raise Stopped(f"{wanted} is not newer than {'.'.join(map(str, max(before)))}.")
    if os.environ.get("NETDESK_SIGNING_KEY") and shutil.which("minisign") is None:
        raise Stopped("minisign is not on this machine, and NETDESK_SIGNING_KEY wants a signature.")
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    if not re.search(rf"^## {UNRELEASED}\n++(?!## |\Z)", text, re.MULTILINE):
        raise Stopped("CHANGELOG.md has nothing under Unreleased.")


def commit(wanted: str, day: datetime) -> Release:
    """In a clone: name the version, close the changelog's section, commit and tag. Gives what is released."""
    shutil.rmtree(CLONE, ignore_errors=True)
    CLONE.parent.mkdir(parents=True, exist_ok=True)
    git("clone", "--quiet", ROOT, CLONE)
    for name in ("user.name", "user.email"):
        git("config", name, git("config", name), folder=CLONE)
    changes, told = CLONE / "CHANGELOG.md", CLONE / "src/netdesk/__init__.py"
    changes.write_text(
        changes.read_text("utf-8").replace(f"## {UNRELEASED}\n", f"## {UNRELEASED}\n\n## {wanted} ({day:%Y-%m-%d})\n", 1), "utf-8"
    )
    told.write_text(re.sub(r'^__version__ = ".*"$', f'__version__ = "{wanted}"', told.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    released = releases(changes)[0]
    if released.version != wanted or version(CLONE) != wanted:
        raise Stopped("The release would call itself by another version.")
    git("commit", "--quiet", "--all", "--message", f"NetDesk {wanted}", folder=CLONE)
    git("tag", "--annotate", "--message", f"NetDesk {wanted}\n\n{released.text}", "--cleanup=verbatim", f"v{wanted}", folder=CLONE)
    return released


def build(targets: list[str]) -> None:
    """Build the packages in the clone, twice, and compare."""
    if subprocess.run([CLONE / "packaging/build", *targets, "--twice"], check=False).returncode:
        raise Stopped("The packages could not be built.")


def write_notes(released: Release) -> None:
    """Write what goes with the packages: the notes, and the file by which older versions hear of this one."""
    dist = CLONE / "dist"
    dist.mkdir(exist_ok=True)
    files = sorted(one for one in dist.iterdir() if released.version in one.name)
    table = "".join(f"| {one.name} | {one.stat().st_size / 1e6:.1f} MB | `{sum_of(one)}` |\n" for one in files)
    listed = f"## Files\n\n| file | size | SHA-256 |\n|---|--:|---|\n{table}\n" if files else ""
    tried = (HERE / "tried.md").read_text("utf-8")
    (dist / "RELEASE_NOTES.md").write_text(f"# NetDesk {released.version}\n\n{released.text}\n\n{listed}{tried}", "utf-8")
    said = {
        "version": released.version,
        "released": f"{released.at:%Y-%m-%d}",
        "page": HOME["page"],
        "notes": [plain(one)[:300] for one in released.lines.get("Added", ())][:12],
    }
    (dist / "latest.json").write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", "utf-8")


def sign(key: str) -> None:
    """Sign the sums and the file for older versions with minisign; the key is a file, its password is asked for by minisign."""
    for name in ("SHA256SUMS", "latest.json"):
        path = CLONE / "dist" / name
        if path.exists() and subprocess.run(["minisign", "-S", "-s", key, "-m", path], check=False).returncode:
            raise Stopped(f"{name} could not be signed.")


def take_over(wanted: str) -> None:
    """All of it worked: the packages come into dist/, then the commit and the tag."""
    try:
        OUT.mkdir(exist_ok=True)
        for old in [*OUT.glob("*.minisig"), *OUT.glob("SHA256SUMS"), *OUT.glob("latest.json"), *OUT.glob("RELEASE_NOTES.md")]:
            old.unlink()  # of the release before: beside newer files they would be wrong
        for one in (CLONE / "dist").iterdir():
            shutil.copy2(one, OUT / one.name)
    except OSError as error:
        raise Stopped(f"The packages could not be copied to dist/: {error.strerror}. They are in {CLONE.relative_to(ROOT)}/dist.") from None
    git("pull", "--quiet", "--ff-only", CLONE, "HEAD")
    git("fetch", "--quiet", CLONE, f"refs/tags/v{wanted}:refs/tags/v{wanted}")


def main() -> int:
    """Gives the exit status: 0 released (or tried), 1 stopped, with nothing changed here."""
    parser = argparse.ArgumentParser(prog="packaging/release", description=__doc__)
    parser.add_argument("version", help="as in 1.2.3")
    parser.add_argument("--dry-run", action="store_true", help="do all of it in the clone and leave it there")
    parser.add_argument("--targets", nargs="*", default=["all"], help="which packages (all); none where nothing follows")
    words = parser.parse_args()
    try:
        check(words.version)
        say(f"preparing {words.version} in a clone")
        released = commit(words.version, datetime.now(UTC))
        if words.targets:
            build(words.targets)
        write_notes(released)
        key = os.environ.get("NETDESK_SIGNING_KEY", "")
        if key:
            sign(key)
        else:
            say("NETDESK_SIGNING_KEY names no key of minisign: nothing is signed")
        if words.dry_run:
            say(f"it would be released; look at {CLONE.relative_to(ROOT)}")
        else:
            take_over(words.version)
            say(f"released: the tag v{words.version}, and the files in dist/. Publish them with: git push --follow-tags")
    except Stopped as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
