"""The setup program for Windows, built without a Windows: CPython's embeddable folder, the wheels of the lock file, a launcher, NSIS."""

import hashlib
import io
import shutil
import tarfile
import tomllib
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

from making.places import ENVIRONMENT, HERE, HOME, OUT, ROOT, WORK, Stopped, read_toml, run, say, settle, version

_COMPILER = "x86_64-w64-mingw32"
_UV = ROOT / ".tools/bin/uv"


def make_windows() -> Path:
    """Build dist/NetDesk-VERSION-setup.exe (64 bits, Windows 10 and newer)."""
    say("putting the program for Windows together")
    folder = WORK / "windows"
    shutil.rmtree(folder, ignore_errors=True)
    site = folder / "Lib/site"
    site.mkdir(parents=True)
    base = read_toml(HERE / "windows/base.toml")
    _python(folder, base)
    _packages(site, base["python"])
    shutil.copytree(ROOT / "src/netdesk", site / "netdesk", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "resources", site / "netdesk/resources")
    _trim(site)
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE.txt")
    run(
        ENVIRONMENT / "bin/python", "-m", "compileall", "-q", "-j", "1", "--invalidation-mode", "unchecked-hash", "-s", folder, "-p", "Lib",
        site, folder=folder,
    )  # fmt: skip
    _launchers(folder, base["python"])
    settle(folder)
    say("packing setup.exe")
    OUT.mkdir(exist_ok=True)
    target = OUT / f"NetDesk-{version()}-setup.exe"
    told = {"VERSION": version(), "SOURCE": folder, "TARGET": target, "MAKER": HOME["maker"], "PAGE": HOME["page"]}
    run("makensis", "-V2", "-WX", *(f"-D{name}={value}" for name, value in told.items()), HERE / "windows/netdesk.nsi")
    return target


def _fetched(url: str, sha256: str) -> bytes:
    """A file of the package index, as its checksum says it must be; kept for the next build."""
    kept = WORK / "fetched" / url.rpartition("/")[2]
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        try:
            with urllib.request.urlopen(url, timeout=120) as answer:
                kept.write_bytes(answer.read())
        except OSError as error:
            raise Stopped(f"{url} could not be fetched: {error}") from None
    content = kept.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        kept.unlink()
        raise Stopped(f"{kept.name} is not what it was: its checksum is another one.")
    return content


def _python(folder: Path, base: dict[str, Any]) -> None:
    packed = _fetched(base["url"], base["sha256"])
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        inside = next(one for one in archive if one.name.endswith(base["inside"]))
        found = archive.extractfile(inside)
        with zipfile.ZipFile(io.BytesIO(found.read() if found else b"")) as files:
            for one in files.infolist():
                if not one.is_dir():
                    (folder / Path(one.filename).name).write_bytes(files.read(one))  # without the folder that they lie in
    for name in ("python.exe", "pythonw.exe", "python.cat"):
        (folder / name).unlink(missing_ok=True)
    short = base["python"].replace(".", "")
    (folder / f"python{short}._pth").write_bytes(f"python{short}.zip\r\n.\r\nLib\\site\r\n".encode())


def _packages(site: Path, python: str) -> None:
    """The wheels for Windows of what the lock file names. slixmpp has none: its Rust part is left out, which it allows."""
    wanted = WORK / "windows.txt"
    run(
        _UV, "export", "--frozen", "--no-default-groups", "--no-emit-project", "--no-emit-package", "slixmpp", "--no-header",
        "--project", ROOT, "-o", wanted,
    )  # fmt: skip
    run(
        _UV, "pip", "install", "--quiet", "--target", site, "--python-platform", "x86_64-pc-windows-msvc", "--python-version", python,
        "--only-binary", ":all:", "--no-deps", "-r", wanted,
    )  # fmt: skip
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    found = next(one for one in lock["package"] if one["name"] == "slixmpp")
    packed = _fetched(found["sdist"]["url"], found["sdist"]["hash"].removeprefix("sha256:"))
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        top = f"slixmpp-{found['version']}"
        archive.extractall(WORK / "unpacked")  # Debian 12's Python has no filters; the checksum says that it is what the lock file means
    shutil.copytree(WORK / "unpacked" / top / "slixmpp", site / "slixmpp")
    told = site / f"{top}.dist-info"
    told.mkdir()
    shutil.copyfile(WORK / "unpacked" / top / "PKG-INFO", told / "METADATA")
    shutil.copyfile(WORK / "unpacked" / top / "LICENSE", told / "LICENSE")


def _trim(site: Path) -> None:
    """Keep of PySide6 what contents.toml names; drop what no program runs."""
    kept = read_toml(HERE / "contents.toml")["windows"]
    qt = site / "PySide6"
    for one in sorted(qt.rglob("*"), reverse=True):
        name = one.relative_to(qt).as_posix()
        if one.is_file() and not any(Path(name).match(pattern) for pattern in kept["qt"]):
            one.unlink()
    for pattern in kept["left_out"]:
        for one in sorted(site.glob(pattern), reverse=True):
            shutil.rmtree(one) if one.is_dir() else one.unlink()
    for one in sorted(site.rglob("*"), reverse=True):
        if one.is_dir() and not any(one.iterdir()):
            one.rmdir()


def _launchers(folder: Path, python: str) -> None:
    work = WORK / "launcher"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(HERE / "windows", work)
    numbers = ",".join([*version().split("."), "0"])
    script = (work / "launcher.rc").read_text("utf-8")
    for name, text in (("@NUMBERS@", numbers), ("@VERSION@", version()), ("@MAKER@", HOME["maker"])):
        script = script.replace(name, text)
    (work / "launcher.rc").write_text(script, "utf-8")
    run(f"{_COMPILER}-windres", "launcher.rc", "-O", "coff", "-o", "resources.o", folder=work)
    library = f'-DPYTHON_LIBRARY=L"python{python.replace(".", "")}.dll"'
    common = [
        "-O2",
        "-s",
        "-municode",
        "-Wall",
        "-Wextra",
        "-Werror",
        library,
        "-Wl,--no-insert-timestamp",
        "launcher.c",
        "resources.o",
        "-lshell32",
    ]
    run(f"{_COMPILER}-gcc", "-mwindows", *common, "-o", folder / "netdesk.exe", folder=work)
    run(f"{_COMPILER}-gcc", "-mconsole", "-DCONSOLE", *common, "-o", folder / "netdesk-cli.exe", folder=work)
