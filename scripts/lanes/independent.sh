#!/usr/bin/env bash
# Tests against what others wrote. Connectors: against a Stripe that keeps what it is told (Stripe World) and one that knows which requests
# Stripe's specification allows (stripe-mock). The simulator of Salesforce: by clients of the real one (jsforce, simple-salesforce). All are
# installed into .cache, which git ignores. Files of tests may be given; then only what their names say is installed.
set -uo pipefail
cd "$(dirname "$0")/../.."
cache=$PWD/.cache
STRIPE_MOCK=v0.203.0
venv=$cache/stripe-world-venv
wanted=tests/independent/stripe-world/requirements.txt
clients=tests/independent/salesforce-clients

# Stripe World was written for Python 3.14 and runs on 3.13 with what tests/independent/stripe-world/serve.py does.
python() {
  local found
  for found in python3.14 python3.13 "$HOME"/.pyenv/versions/3.14.*/bin/python "$HOME"/.pyenv/versions/3.13.*/bin/python; do
    "$found" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 13))' 2>/dev/null && echo "$found" && return
  done
  return 1
}

# install_python VENV REQUIREMENTS [OPTION...]
install_python() {
  local python venv=$1 wanted=$2
  shift 2
  cmp -s "$wanted" "$venv/installed.txt" && return
  python=$(python) || { echo "there is no Python 3.13 or 3.14 with venv here (apt-get install python3.13-venv, or pyenv install 3.13)" && return 1; }
  rm -rf "$venv"
  "$python" -m venv "$venv" || return 1
  "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps "$@" -r "$wanted" || return 1
  cp "$wanted" "$venv/installed.txt"
}

install_stripe_mock() {
  [ -x "$cache/bin/stripe-mock-$STRIPE_MOCK" ] && return
  command -v go >/dev/null || { apt-get update -qq && apt-get install -y -qq golang; } || return 1
  GOBIN=$cache/bin GOMODCACHE=$cache/go/mod GOCACHE=$cache/go/build GOFLAGS=-modcacherw \
    go install "github.com/stripe/stripe-mock@$STRIPE_MOCK" || return 1
  mv "$cache/bin/stripe-mock" "$cache/bin/stripe-mock-$STRIPE_MOCK"
}

install_jsforce() {
  cmp -s "$clients/package-lock.json" "$cache/jsforce/installed.json" && return
  rm -rf "$cache/jsforce"
  mkdir -p "$cache/jsforce"
  cp "$clients/package.json" "$clients/package-lock.json" "$cache/jsforce/"
  npm ci --silent --ignore-scripts --prefix "$cache/jsforce" || return 1
  cp "$clients/package-lock.json" "$cache/jsforce/installed.json"
}

# Whether tests with such names are asked for.
asks_for() {
  local name=$1
  shift
  [ $# -eq 0 ] || [[ $* == *"$name"* ]]
}

nothing() {
  echo "$1 cannot be installed here ($2), nothing was tested"
  exit 1
}

mkdir -p "$cache/bin"
if asks_for stripe "$@"; then
  install_python "$venv" "$wanted" --ignore-requires-python || nothing "Stripe World" "pip install -r $wanted"
  install_stripe_mock || nothing stripe-mock "go install through the module proxy"
  echo "Stripe: $(grep ^seahaven-stripe-world "$wanted") on $("$venv/bin/python" --version), stripe-mock $STRIPE_MOCK"
  export LEDGERLOOP_TEST_STRIPE_WORLD=$venv/bin/python LEDGERLOOP_TEST_STRIPE_MOCK=$cache/bin/stripe-mock-$STRIPE_MOCK
fi
if asks_for salesforce "$@"; then
  install_python "$cache/simple-salesforce-venv" "$clients/requirements.txt" || nothing simple-salesforce "pip install -r $clients/requirements.txt"
  install_jsforce || nothing jsforce "npm ci in $clients"
  echo "Salesforce: $(grep ^simple-salesforce "$clients/requirements.txt"), jsforce $(node -p "require('$cache/jsforce/node_modules/jsforce/package.json').version")"
  export LEDGERLOOP_TEST_SIMPLE_SALESFORCE=$cache/simple-salesforce-venv/bin/python LEDGERLOOP_TEST_JSFORCE=$cache/jsforce
fi
npx vitest run --config vitest.independent.config.ts "$@"
