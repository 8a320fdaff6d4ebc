"""The release command: all of it in a clone, and nothing here unless all of it worked."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GIT = {
    "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@x.example", "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@x.example",
    "GIT_CONFIG_GLOBAL": os.devnull,
}  # fmt: skip


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True, env={**os.environ, **GIT}).stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A clone of this project with something to release."""
    folder = tmp_path / "netdesk"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    git(folder, "config", "user.name", "A")
    git(folder, "config", "user.email", "a@x.example")
    shutil.copytree(ROOT / "packaging", folder / "packaging", dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "CHANGELOG.md").write_text("# Changes\n\n## Unreleased\n\n### Added\n- A **map**, and\n  more.\n", "utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Something to release")
    return folder


def release(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    told = {**os.environ, **GIT}
    told.pop("NETDESK_SIGNING_KEY", None)
    return subprocess.run(
        [sys.executable, "packaging/release.py", *words], cwd=folder, capture_output=True, text=True, check=False, env=told
    )


def test_a_dry_run_does_all_of_it_and_changes_nothing_here(checkout: Path) -> None:
    before = git(checkout, "rev-parse", "HEAD")
    done = release(checkout, "9.8.7", "--dry-run", "--targets")
    assert done.returncode == 0, done.stderr
    assert git(checkout, "rev-parse", "HEAD") == before and not git(checkout, "tag", "--list", "v9.8.7")
    assert not git(checkout, "status", "--porcelain") and not (checkout / "dist").exists()
    clone = checkout / ".build/release"
    assert git(clone, "describe", "--tags") == "v9.8.7" and git(clone, "rev-parse", "HEAD^") == before
    assert '__version__ = "9.8.7"' in (clone / "src/netdesk/__init__.py").read_text("utf-8")
    assert re.search(
        r"^## Unreleased\n\n## 9\.8\.7 \(\d{4}-\d\d-\d\d\)\n\n### Added", (clone / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    notes = (clone / "dist/RELEASE_NOTES.md").read_text("utf-8")
    assert "A **map**" in notes and "No Windows ran it" in notes
    said = json.loads((clone / "dist/latest.json").read_text("utf-8"))
    assert said["version"] == "9.8.7" and said["notes"] == ["A map, and more."]
    assert "A **map**" in git(clone, "tag", "--list", "--format=%(contents)", "v9.8.7")


def test_a_release_brings_commit_and_tag_here(checkout: Path) -> None:
    before = git(checkout, "rev-parse", "HEAD")
    done = release(checkout, "9.8.7", "--targets")
    assert done.returncode == 0, done.stderr
    assert git(checkout, "rev-parse", "HEAD^") == before == git(checkout, "rev-parse", "v9.8.7^{commit}^")
    assert git(checkout, "rev-parse", "HEAD") == git(checkout, "rev-parse", "v9.8.7^{commit}")
    assert not git(checkout, "status", "--porcelain") and (checkout / "dist/latest.json").exists()
    again = release(checkout, "9.8.8", "--targets")
    assert again.returncode == 1 and "nothing under Unreleased" in again.stderr


@pytest.mark.parametrize(
    ("version", "prepare", "sentence"),
    [
        ("9.8", "", "is no version"),
        ("9.8.7", "echo x >> README.md", "not committed"),
        ("9.8.7", "git tag v9.8.7", "already"),
        ("9.8.7", "git tag v9.10.0", "not newer than 9.10.0"),
    ],
)
def test_what_cannot_be_released_is_refused_in_a_sentence(checkout: Path, version: str, prepare: str, sentence: str) -> None:
    subprocess.run(["sh", "-c", prepare], cwd=checkout, check=True)
    head, tags = git(checkout, "rev-parse", "HEAD"), git(checkout, "tag")
    done = release(checkout, version, "--targets")
    assert done.returncode == 1 and sentence in done.stderr
    assert git(checkout, "rev-parse", "HEAD") == head and git(checkout, "tag") == tags


def test_when_the_packages_fail_nothing_is_released(checkout: Path) -> None:
    (checkout / "packaging/build").write_text("#!/bin/sh\nexit 1\n")
    git(checkout, "commit", "--quiet", "--all", "--message", "A build that fails")
    head = git(checkout, "rev-parse", "HEAD")
    done = release(checkout, "9.8.7", "--targets", "deb")
    assert done.returncode == 1 and "could not be built" in done.stderr
    assert git(checkout, "rev-parse", "HEAD") == head and not git(checkout, "tag", "--list", "v9.8.7")
