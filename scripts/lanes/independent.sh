#!/usr/bin/env bash
# Tests of connectors against servers that others wrote: a Stripe that keeps what it is told (Stripe World) and one that knows which
# requests Stripe's specification allows (stripe-mock). Both are installed into .cache, which git ignores. Files of tests may be given.
set -uo pipefail
cd "$(dirname "$0")/../.."
cache=$PWD/.cache
STRIPE_MOCK=v0.203.0
venv=$cache/stripe-world-venv
wanted=tests/independent/stripe-world/requirements.txt

# Stripe World was written for Python 3.14 and runs on 3.13 with what tests/independent/stripe-world/serve.py does.
python() {
  local found
  for found in python3.14 python3.13 "$HOME"/.pyenv/versions/3.14.*/bin/python "$HOME"/.pyenv/versions/3.13.*/bin/python; do
    "$found" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 13))' 2>/dev/null && echo "$found" && return
  done
  return 1
}

install_stripe_world() {
  cmp -s "$wanted" "$venv/installed.txt" && return
  local python
  python=$(python) || { echo "there is no Python 3.13 or 3.14 with venv here (apt-get install python3.13-venv, or pyenv install 3.13)" && return 1; }
  rm -rf "$venv"
  "$python" -m venv "$venv" || return 1
  "$venv/bin/pip" install --quiet --disable-pip-version-check --ignore-requires-python --no-deps -r "$wanted" || return 1
  cp "$wanted" "$venv/installed.txt"
}

install_stripe_mock() {
  [ -x "$cache/bin/stripe-mock-$STRIPE_MOCK" ] && return
  command -v go >/dev/null || { apt-get update -qq && apt-get install -y -qq golang; } || return 1
  GOBIN=$cache/bin GOMODCACHE=$cache/go/mod GOCACHE=$cache/go/build GOFLAGS=-modcacherw \
    go install "github.com/stripe/stripe-mock@$STRIPE_MOCK" || return 1
  mv "$cache/bin/stripe-mock" "$cache/bin/stripe-mock-$STRIPE_MOCK"
}

mkdir -p "$cache/bin"
install_stripe_world || { echo "Stripe World cannot be installed here (pip install -r $wanted), nothing was tested" && exit 1; }
install_stripe_mock || { echo "stripe-mock cannot be installed here (go install through the module proxy), nothing was tested" && exit 1; }
echo "Stripe: $(grep ^seahaven-stripe-world "$wanted") on $("$venv/bin/python" --version), stripe-mock $STRIPE_MOCK"
LEDGERLOOP_TEST_STRIPE_WORLD=$venv/bin/python LEDGERLOOP_TEST_STRIPE_MOCK=$cache/bin/stripe-mock-$STRIPE_MOCK \
  npx vitest run --config vitest.independent.config.ts "$@"
