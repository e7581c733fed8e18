#!/usr/bin/env python3
"""Prints the Homebrew formula of a release: homebrew.py VERSION SHA256SUMS."""

import sys
from pathlib import Path

REPOSITORY = "https://github.com/mlsysbook/mlsys"
PLATFORMS = {
    ("macos", "arm"): "aarch64-apple-darwin",
    ("macos", "intel"): "x86_64-apple-darwin",
    ("linux", "arm"): "aarch64-unknown-linux-gnu",
    ("linux", "intel"): "x86_64-unknown-linux-gnu",
}


def formula(version: str, sums: dict[str, str]) -> str:
    """The formula. Every platform must have a checksum."""
    parts = []
    for system in ["macos", "linux"]:
        cpus = []
        for cpu in ["arm", "intel"]:
            archive = f"mlsys-{PLATFORMS[system, cpu]}.tar.gz"
            url = f"{REPOSITORY}/releases/download/v{version}/{archive}"
            cpus.append(f'    on_{cpu} do\n      url "{url}"\n      sha256 "{sums[archive]}"\n    end\n')
        parts.append(f"  on_{system} do\n{''.join(cpus)}  end\n")
    return f"""class Mlsys < Formula
  desc "Build Quarto books and websites in one native binary"
  homepage "{REPOSITORY}"
  version "{version}"
  license any_of: ["MIT", "Apache-2.0"]

{chr(10).join(parts)}
  def install
    bin.install "mlsys"
    generate_completions_from_executable(bin/"mlsys", "completions")
  end

  test do
    system bin/"mlsys", "new", "book"
    system bin/"mlsys", "build", "book"
  end
end
"""


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    lines = (line.split() for line in Path(sys.argv[2]).read_text().splitlines() if line.strip())
    print(formula(sys.argv[1], {name.lstrip("*"): digest for digest, name in lines}), end="")
