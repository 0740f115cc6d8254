#!/usr/bin/env bash
# Pages that the program writes, looked at in a real browser: Debian's Chromium, which is installed where it is missing. Files of tests may be given.
set -uo pipefail
cd "$(dirname "$0")/../.."

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
if [ -z "$browser" ]; then
  (apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core) >/dev/null 2>&1
  browser=$(command -v chromium) || { echo "Chromium cannot be installed here (apt-get install chromium), nothing was tested" && exit 1; }
fi
echo "browser: $("$browser" --version 2>/dev/null)"
LEDGERLOOP_TEST_BROWSER=$browser npx vitest run --config vitest.browser.config.ts "$@"
