#!/bin/bash
# Lighthouse scores of the built site, desktop profile. Not part of the checks:
#   tests/browser/lighthouse.sh [PAGE...]        (default: every page)
# Targets: performance 95, accessibility 100, best practices 100, SEO 100.
set -euo pipefail
cd "$(dirname "$0")/../.."
site=_build/html
tools=_build/lighthouse
export CHROME_PATH="${CHROMIUM:-/usr/bin/chromium}"

mkdir -p "$tools"
rm -f "$tools/address"
[ -d "$tools/node_modules/lighthouse" ] ||
  npm install --silent --no-audit --no-fund --prefix "$tools" lighthouse@13.5.0

node tests/browser/serve.mjs "$site" >"$tools/address" &
server=$!
trap 'kill $server' EXIT
until [ -s "$tools/address" ]; do sleep 0.2; done
address=$(cat "$tools/address")

[ $# -gt 0 ] || set -- $(cd "$site" && ls book/*.html)
printf '%-45s perf  a11y  best  seo\n' page
for page in "$@"; do
  "$tools/node_modules/.bin/lighthouse" "$address$page" \
    --preset=desktop --quiet --output=json --output-path="$tools/report.json" \
    --chrome-flags="--headless --no-sandbox --disable-gpu --no-first-run" \
    >/dev/null 2>&1
  node -e '
    const [file, page] = process.argv.slice(1);
    const { categories } = JSON.parse(require("fs").readFileSync(file));
    const keys = ["performance", "accessibility", "best-practices", "seo"];
    const scores = keys.map((key) => Math.round(100 * categories[key].score));
    console.log(page.padEnd(45), ...scores.map((n) => `${n}`.padEnd(5)));
  ' "$tools/report.json" "$page"
done
