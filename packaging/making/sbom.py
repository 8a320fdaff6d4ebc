"""What is in the packages, for machines: a CycloneDX list by cyclonedx-py, with the parts added that are no Python packages."""

import json
import shutil
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from making.parts import known
from making.places import ENVIRONMENT, HERE, OUT, ROOT, WORK, epoch, read_toml, run, say, version
from making.strings import version_in


def make_sbom(program: Path) -> Path:
    """Write dist/netdesk-VERSION.cdx.json (CycloneDX 1.6) of the frozen program."""
    say("listing the parts (CycloneDX)")
    found: dict[str, Any] = json.loads(
        run(
            ENVIRONMENT / "bin/cyclonedx-py", "environment", "--output-reproducible", "--output-format", "JSON", "--spec-version", "1.6",
            "--pyproject", ROOT / "pyproject.toml", "--mc-type", "application", ENVIRONMENT / "bin/python",
        )
    )  # fmt: skip
    shipped = {_plain(one["name"]) for one in known()[0]} - {"netdesk"}
    python = [one for one in found["components"] if _plain(one["name"]) in shipped]
    native = [_native(name, part, program) for name, part in read_toml(HERE / "native.toml")["parts"].items()]
    parts = sorted([*python, *(one for one in native if one)], key=lambda one: str(one["bom-ref"]))
    refs = {one["bom-ref"] for one in parts}
    main = found["metadata"]["component"]
    main.update(name="netdesk", version=version())
    main.pop("externalReferences", None)
    kept = [one for one in found["dependencies"] if one["ref"] in refs]
    for one in kept:
        one["dependsOn"] = [ref for ref in one.get("dependsOn", ()) if ref in refs]
    found["components"] = parts
    found["dependencies"] = [{"ref": main["bom-ref"], "dependsOn": sorted(refs)}, *kept]
    found["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'netdesk {version()} {epoch()}')}"
    found["metadata"]["timestamp"] = datetime.fromtimestamp(epoch(), UTC).isoformat()
    target = OUT / f"netdesk-{version()}.cdx.json"
    OUT.mkdir(exist_ok=True)
    target.write_text(json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
    _check(target)
    return target


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _native(name: str, part: dict[str, Any], program: Path) -> dict[str, Any] | None:
    """The entry of a part that is no Python package; None where its file is not in the program."""
    said = version_in(program, part)
    if said is None:
        return None
    entry: dict[str, Any] = {
        "type": "library",
        "bom-ref": f"native:{name}",
        "name": name,
        "licenses": [{"expression": part["licence"]}],
        "externalReferences": [{"type": "website", "url": part["page"]}],
        "properties": [{"name": "netdesk:file", "value": part["file"]}],
    }
    if said:
        entry["version"] = said
    return entry


def _check(path: Path) -> None:
    """Hold the list against the format's own schema."""
    copy = WORK / "check-sbom.py"
    copy.write_text(
        "import sys\nfrom cyclonedx.schema import SchemaVersion\nfrom cyclonedx.validation.json import JsonStrictValidator\n"
        "wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1], encoding='utf-8').read())\n"
        "sys.exit(str(wrong) if wrong else 0)\n",
        "utf-8",
    )
    run(ENVIRONMENT / "bin/python", copy, path)
    shutil.rmtree(copy, ignore_errors=True)
