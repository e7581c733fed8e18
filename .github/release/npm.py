#!/usr/bin/env python3
"""Assembles the npm packages: one for each platform with its binary, and `mlsys-cli`, which depends on all of them.

npm.py VERSION OUT PLATFORM=BINARY...

A platform is named as Node names it, `linux-x64` or `win32-arm64`. npm installs the package of the machine only, because the
others have another `os` or `cpu`. `mlsys-cli` has a script of a few lines that starts the binary; it runs nothing on installation.
"""

import json
import shutil
import sys
from pathlib import Path

NAME = "mlsys-cli"
DESCRIPTION = "Build Quarto books and websites: a native, fast static-site generator in one binary"
ROOT = Path(__file__).resolve().parents[2]

START = """#!/usr/bin/env node
// Starts the binary of this platform, with the same arguments, streams and exit code.
"use strict";
const { spawnSync } = require("node:child_process");
const name = `%s-${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "mlsys.exe" : "mlsys";
let binary;
try {
  binary = require.resolve(`${name}/bin/${file}`);
} catch {
  console.error(`mlsys: the package ${name} is missing. There is no binary for this platform, or npm ran with --omit=optional.`);
  process.exit(2);
}
const { status, signal, error } = spawnSync(binary, process.argv.slice(2), { stdio: "inherit" });
if (error) {
  console.error(`mlsys: ${error.message}`);
  process.exit(2);
}
if (signal) process.kill(process.pid, signal);
process.exit(status);
""" % NAME


def write(folder: Path, package: dict) -> None:
    """Writes a package's description, readme and licence."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text(json.dumps(package, indent=2) + "\n")
    for name in ["README.md", "LICENSE", "THIRD-PARTY.md"]:
        shutil.copyfile(ROOT / name, folder / name)


def main(version: str, out: Path, binaries: dict[str, Path]) -> None:
    """Writes all packages below `out`."""
    common = {
        "version": version,
        "description": DESCRIPTION,
        "license": "MIT OR Apache-2.0",
        "repository": {"type": "git", "url": "git+https://github.com/mlsysbook/mlsys.git"},
    }
    for platform, binary in sorted(binaries.items()):
        system, cpu = platform.split("-")
        folder = out / f"{NAME}-{platform}"
        write(folder, {"name": f"{NAME}-{platform}", **common, "os": [system], "cpu": [cpu], "files": ["bin"]})
        target = folder / "bin" / ("mlsys.exe" if system == "win32" else "mlsys")
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(binary, target)
        target.chmod(0o755)
    optional = {f"{NAME}-{platform}": version for platform in sorted(binaries)}
    package = {"name": NAME, **common, "bin": {"mlsys": "bin/mlsys.js"}, "files": ["bin"], "engines": {"node": ">=18"}}
    write(out / NAME, {**package, "optionalDependencies": optional})
    script = out / NAME / "bin" / "mlsys.js"
    script.parent.mkdir(exist_ok=True)
    script.write_text(START)
    script.chmod(0o755)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]), {name: Path(path) for name, path in (a.split("=", 1) for a in sys.argv[3:])})
