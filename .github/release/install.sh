#!/bin/sh
# Installs the newest release of mlsys, or the one that MLSYS_VERSION names, into MLSYS_BIN (default: ~/.local/bin).
# The archive is checked against the release's checksums before anything is written.
set -eu

repository="${MLSYS_RELEASES:-https://github.com/mlsysbook/mlsys/releases}"
folder="${MLSYS_BIN:-$HOME/.local/bin}"

fail() {
  echo "mlsys: $*" >&2
  exit 1
}

case "$(uname -s)" in
  Linux) system=unknown-linux-gnu ;;
  Darwin) system=apple-darwin ;;
  *) fail "there is no binary for $(uname -s); install with pip, npm or cargo" ;;
esac
case "$(uname -m)" in
  x86_64 | amd64) cpu=x86_64 ;;
  aarch64 | arm64) cpu=aarch64 ;;
  *) fail "there is no binary for $(uname -m); install with cargo" ;;
esac

archive="mlsys-$cpu-$system.tar.gz"
if [ -n "${MLSYS_VERSION:-}" ]; then
  from="$repository/download/v$MLSYS_VERSION"
else
  from="$repository/latest/download"
fi

if command -v curl >/dev/null; then
  fetch() { curl --fail --silent --show-error --location --output "$2" "$1"; }
elif command -v wget >/dev/null; then
  fetch() { wget --quiet --output-document "$2" "$1"; }
else
  fail "curl or wget is needed"
fi
if command -v sha256sum >/dev/null; then
  verify() { sha256sum --check --status "$1"; }
elif command -v shasum >/dev/null; then
  verify() { shasum --algorithm 256 --check --status "$1"; }
else
  fail "sha256sum or shasum is needed to check the archive"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
fetch "$from/$archive" "$archive" || fail "cannot load $from/$archive"
fetch "$from/SHA256SUMS" SHA256SUMS || fail "cannot load $from/SHA256SUMS"
grep " [ *]*$archive\$" SHA256SUMS >own || fail "SHA256SUMS does not name $archive"
verify own || fail "$archive does not have the checksum of the release; nothing was installed"
tar -xzf "$archive"
mkdir -p "$folder"
# A running mlsys keeps its file.
mv mlsys "$folder/.mlsys-new"
mv "$folder/.mlsys-new" "$folder/mlsys"
echo "installed $("$folder/mlsys" --version) in $folder"
case ":$PATH:" in
  *":$folder:"*) ;;
  *) echo "add it to your PATH: export PATH=\"$folder:\$PATH\"" ;;
esac
