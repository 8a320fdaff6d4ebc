"""The house's own rules, as far as a machine can check them."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "netdesk"
MODULES = sorted(SOURCE.rglob("*.py"))
TRACKED = subprocess.run(["git", "-C", str(ROOT), "ls-files"], capture_output=True, text=True, check=False).stdout.splitlines()
TEXTS = [ROOT / one for one in TRACKED if (ROOT / one).is_file()]


def first_line(path: Path) -> str:
    """What a module says it holds."""
    return (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").splitlines()[0]


def test_every_module_begins_with_what_it_holds() -> None:
    assert not [str(one) for one in MODULES if "migrations" not in one.parts and not first_line(one).endswith((".", ":"))]


def test_the_map_in_the_architecture_page_is_true() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    named = set(re.findall(r"`(\w[\w/]*\.py)`", page))
    there = {str(one.relative_to(SOURCE)) for one in MODULES}
    assert named <= there, named - there
    folders = {one.relative_to(SOURCE).parts[0] for one in MODULES if len(one.relative_to(SOURCE).parts) > 1}
    assert all(f"`{folder}/`" in page for folder in folders), "each layer stands on the page"


def sizes() -> list[tuple[str, int, int]]:
    """Each module, its lines, and its longest function."""
    found = []
    for path in MODULES:
        text = path.read_text("utf-8")
        functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
        longest = max(((n.end_lineno or n.lineno) - n.lineno + 1 for n in functions), default=0)
        found.append((str(path.relative_to(SOURCE)), text.count("\n"), longest))
    return found


def test_files_and_functions_stay_small() -> None:
    assert not [(name, lines) for name, lines, _ in sizes() if lines > 400]
    assert not [(name, longest) for name, _, longest in sizes() if longest > 50]


def test_no_import_inside_a_function_and_no_type_checking_block() -> None:
    for path in MODULES:
        text = path.read_text("utf-8")
        assert "TYPE_CHECKING" not in text, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert not any(isinstance(inner, ast.Import | ast.ImportFrom) for inner in ast.walk(node)), f"{path}:{node.lineno}"


def test_broad_excepts_stand_only_where_the_house_allows_them() -> None:
    """The bridge, the loop's handlers, the last door of the command line, one bad event (house.md §9)."""
    allowed = {
        "ui/bridge.py": 1, "desk.py": 1, "sessions.py": 1, "passwords.py": 1,
        "networks/community/network.py": 1, "controllers/inbox.py": 1, "cli/commands.py": 1,
        "networks/xmpp/stream.py": 1, "networks/xmpp/chores.py": 1, "networks/xmpp/network.py": 1,
    }  # fmt: skip
    for path in MODULES:
        count = len(re.findall(r"except Exception\b", path.read_text("utf-8")))
        assert count <= allowed.get(str(path.relative_to(SOURCE)), 0), path


def test_the_lock_holds_only_the_public_index() -> None:
    hosts = set(re.findall(r"https?://([^/\"]+)", (ROOT / "uv.lock").read_text("utf-8")))
    assert hosts == {"pypi.org", "files.pythonhosted.org"}


@pytest.mark.parametrize("word", ["".join(("/wo", "rk/")), "".join((".lib", "rary")), "".join(("/ro", "ot/")), "".join(("../sha", "red"))])
def test_the_project_speaks_of_itself_alone(word: str) -> None:
    suffixes = {".py", ".md", ".toml", ".sh", ".yml", ".json", ".lock", ".svg", ""}
    assert TEXTS
    named = [str(one) for one in TEXTS if one.suffix in suffixes and one.name != "LICENSE" and word in one.read_text("utf-8", "ignore")]
    assert not named


def test_nothing_speaks_to_the_outside() -> None:
    """No module opens a connection: the embedded community is a file (promise 5)."""
    banned = re.compile(
        r"(?:^|\s)import (?:socket|requests|httpx)\b|\b(?:urllib\.request|http\.client|QNetworkAccessManager|QTcpSocket|asyncio\.open_connection)"
    )
    assert [one.name for one in MODULES if banned.search(one.read_text("utf-8"))] == ["updates.py"]


def test_updates_are_asked_for_by_one_window_that_is_loaded_when_it_is_opened() -> None:
    """The one exception to promise 5: nothing else can ask, and no start loads what could."""
    asks = [
        str(one.relative_to(SOURCE))
        for one in MODULES
        if re.search(r"from netdesk\.updates import|import netdesk\.updates", one.read_text("utf-8"))
    ]
    assert asks == ["ui/updates.py"]
    loads = [str(one.relative_to(SOURCE)) for one in MODULES if "netdesk.ui.updates" in one.read_text("utf-8")]
    assert loads == ["ui/program.py"]


def test_the_commands_of_the_readme_are_there_and_shell_reads_them() -> None:
    for name in ("run", "test", ".ci/run", "scripts/setup.sh"):
        assert subprocess.run(["sh", "-n", str(ROOT / name)], check=False).returncode == 0
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "./run" in readme and "./test" in readme
    assert "./test" in (ROOT / ".ci" / "run").read_text("utf-8")
