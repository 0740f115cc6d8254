#!/usr/bin/env bash
# Tests of warehouse/snowflake against an engine that others wrote: an emulator, installed into .cache, which git ignores; or,
# with --account, the account that SNOWFLAKE_TEST_ACCOUNT, _USER, _KEY, _ROLE and _WAREHOUSE name. Files of tests may be given.
set -uo pipefail
cd "$(dirname "$0")/../.."
cache=$PWD/.cache
venv=$cache/snowflake-venv
wanted=tests/snowflake/emulator/requirements.txt

install_emulator() {
  cmp -s "$wanted" "$venv/installed.txt" && return
  rm -rf "$venv"
  python3 -m venv "$venv" || { apt-get update -qq && apt-get install -y -qq python3-venv && python3 -m venv "$venv"; } || return 1
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$wanted" || return 1
  cp "$wanted" "$venv/installed.txt"
}

if [ "${1:-}" = --account ]; then
  shift
  for name in SNOWFLAKE_TEST_ACCOUNT SNOWFLAKE_TEST_USER SNOWFLAKE_TEST_KEY; do
    [ -n "${!name:-}" ] || { echo "$name is not set: docs/snowflake.md says what a test account needs" && exit 2; }
  done
  echo "Snowflake: account $SNOWFLAKE_TEST_ACCOUNT"
else
  unset SNOWFLAKE_TEST_ACCOUNT
  mkdir -p "$cache"
  install_emulator || { echo "the emulator cannot be installed here (pip install -r $wanted), nothing was tested" && exit 1; }
  export SNOWFLAKE_EMULATOR_PYTHON=$venv/bin/python
  echo "Snowflake: $(grep -i ^fakesnow "$wanted") on $(grep -i ^duckdb "$wanted")"
fi
npx vitest run --config vitest.snowflake.config.ts "$@"
