#!/usr/bin/env bash
# The same text through mlsys, pandoc, mdBook and Zola, one after the other: wall seconds, CPU seconds and peak megabytes.
#   compare.sh BOOK [MLSYS]     BOOK: a project folder with .qmd files; MLSYS: the program (default: mlsys)
# Tools that are not installed are left out. Needs GNU time.
set -euo pipefail
book=$(cd "$1" && pwd)
mlsys=$(realpath "$(command -v "${2:-mlsys}")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$book"
pages=$(find . -name '*.qmd' -not -path '*/_*' -not -path '*/.*' | sort)
bibliographies=$(find . -name '*.bib' | sort)

# measure NAME COMMAND...: one line of the table. A page with errors ends with status 1 and counts all the same.
measure() {
  local name=$1 status=0
  shift
  /usr/bin/time -o "$work/time" -f '%e %U %S %M' "$@" >"$work/log" 2>&1 || status=$?
  if [ "$status" -gt 1 ]; then
    printf '%-34s failed with status %s\n' "$name" "$status"
    return
  fi
  tail -n 1 "$work/time" | awk -v name="$name" '{ printf "%-34s %8.2f s %8.2f s CPU %8.0f MB\n", name, $1, $2 + $3, $4 / 1024 }'
}

each_page() { # pandoc reads a page with the project's bibliographies and its own, as Quarto gives them to it.
  local options=() file
  for file in $bibliographies; do options+=(--bibliography "$file"); done
  for file in $pages; do
    pandoc -f markdown -t html5 --citeproc --mathml "${options[@]}" "$file" -o /dev/null || true
  done
}
export -f each_page
export pages bibliographies

printf '%s pages, %s bytes of text, %s cores\n' "$(wc -w <<<"$pages")" "$(cat $pages | wc -c)" "$(nproc)"
# The other tools draw no diagrams.
export MLSYS_CACHE_DIR="$work/cache"
measure "mlsys, all pages" "$mlsys" build "$book" --diagrams off --output-dir "$work/mlsys" --quiet
measure "mlsys, unchanged" "$mlsys" build "$book" --diagrams off --output-dir "$work/mlsys" --quiet

if command -v pandoc >/dev/null; then
  measure "pandoc --citeproc --mathml" bash -c each_page
fi

if command -v mdbook >/dev/null; then
  mkdir -p "$work/mdbook/src"
  printf '[book]\ntitle = "Book"\n' >"$work/mdbook/book.toml"
  printf '# Summary\n\n' >"$work/mdbook/src/SUMMARY.md"
  n=0
  for file in $pages; do
    n=$((n + 1))
    cp "$file" "$work/mdbook/src/page$n.md"
    printf -- '- [Page %s](page%s.md)\n' "$n" "$n" >>"$work/mdbook/src/SUMMARY.md"
  done
  measure "mdBook (no citations, no numbers)" mdbook build "$work/mdbook"
fi

if command -v zola >/dev/null; then
  mkdir -p "$work/zola/content" "$work/zola/templates"
  printf 'base_url = "https://example.org"\nbuild_search_index = true\n' >"$work/zola/config.toml"
  printf '<!doctype html><title>{{ page.title }}</title>{{ page.content | safe }}\n' >"$work/zola/templates/page.html"
  printf '<!doctype html><title>Book</title>\n' | tee "$work/zola/templates/index.html" >"$work/zola/templates/section.html"
  n=0
  for file in $pages; do
    n=$((n + 1))
    # Its own shortcodes and front matter have another form.
    { printf -- '+++\ntitle = "Page %s"\n+++\n' "$n"; sed -e '1{/^---$/,/^---$/d}' -e 's/{{/{ {/g; s/{%/{ %/g' "$file"; } \
      >"$work/zola/content/page$n.md"
  done
  measure "Zola (no citations, no numbers)" zola --root "$work/zola" build --output-dir "$work/zola-out"
fi
