#!/usr/bin/env bash
# Tests of objects and of partners' files in S3, against two servers that others wrote, started on loopback with fresh data. What
# they need is installed into .cache, which git ignores. Files of tests may be given; without any, all that speak S3 are run.
set -uo pipefail
cd "$(dirname "$0")/../.."
cache=$PWD/.cache
VERSITYGW=v1.8.0
MOTO=5.2.5
tests=("$@")
[ ${#tests[@]} -gt 0 ] || tests=(tests/objects tests/landing/s3-landing.test.ts tests/run/s3-run.test.ts tests/cli/s3-program.test.ts
  tests/sources/s3-conformance.test.ts tests/sources/csv/s3-files.test.ts tests/sources/csv/s3-runs.test.ts
  tests/scenarios/s3-faults.test.ts)

install_versitygw() {
  [ -x "$cache/bin/versitygw-$VERSITYGW" ] && return
  command -v go >/dev/null || { apt-get update -qq && apt-get install -y -qq golang; } || return 1
  GOBIN=$cache/bin GOMODCACHE=$cache/go/mod GOCACHE=$cache/go/build GOFLAGS=-modcacherw \
    go install "github.com/versity/versitygw/cmd/versitygw@$VERSITYGW" || return 1
  mv "$cache/bin/versitygw" "$cache/bin/versitygw-$VERSITYGW"
}

install_moto() {
  "$cache/moto-venv/bin/python" -c "import moto; assert moto.__version__ == '$MOTO'" 2>/dev/null && return
  rm -rf "$cache/moto-venv"
  python3 -m venv "$cache/moto-venv" || { apt-get update -qq && apt-get install -y -qq python3-venv && python3 -m venv "$cache/moto-venv"; } || return 1
  "$cache/moto-venv/bin/pip" install --quiet --disable-pip-version-check "moto[server]==$MOTO"
}

# Its conditional writes look first and write then, which two of its threads interleave: so it gets one.
MOTO_SERVER='
import sys
from moto.server import DomainDispatcherApplication, MotoRequestHandler, create_backend_app, run_simple
run_simple("127.0.0.1", int(sys.argv[1]), DomainDispatcherApplication(create_backend_app), threaded=False, request_handler=MotoRequestHandler)
'

# Outside the range from which the system serves those who name no port: nobody gets it by chance before its server does.
free_port() { npx tsx -e 'import { freePort } from "./src/embedded/free-port.ts"; void freePort().then(console.log);'; }

# Waits until something listens; a server that died is found at once.
listening() {
  for _ in $(seq 150); do
    kill -0 "$2" 2>/dev/null || return 1
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
    sleep 0.2
  done
  return 1
}

mkdir -p "$cache/bin"
servers=()
pids=()
data=$(mktemp -d "$cache/s3-data.XXXXXX")
stop() {
  [ ${#pids[@]} -eq 0 ] || { kill "${pids[@]}" 2>/dev/null; wait "${pids[@]}" 2>/dev/null; }
  rm -rf "$data"
}
trap stop EXIT
export AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED=true
export AWS_ACCESS_KEY_ID=ledgerlooptest AWS_SECRET_ACCESS_KEY=ledgerlooptestsecret AWS_EC2_METADATA_DISABLED=true

start() {
  local name=$1 port=$2
  shift 2
  "$@" >"$data/$name.log" 2>&1 &
  pids+=($!)
  if listening "$port" $!; then servers+=("{\"name\":\"$name\",\"endpoint\":\"http://127.0.0.1:$port\"}"); else
    echo "$name did not start:" && cat "$data/$name.log"
    return 1
  fi
}

if install_versitygw; then
  mkdir -p "$data/gateway/buckets" "$data/gateway/versions" "$data/gateway/iam"
  port=$(free_port)
  ROOT_ACCESS_KEY=$AWS_ACCESS_KEY_ID ROOT_SECRET_KEY=$AWS_SECRET_ACCESS_KEY start versitygw "$port" \
    "$cache/bin/versitygw-$VERSITYGW" --port "127.0.0.1:$port" --iam-dir "$data/gateway/iam" --quiet \
    posix --versioning-dir "$data/gateway/versions" "$data/gateway/buckets" || exit 1
else
  echo "SKIPPED: versitygw cannot be installed here (go install through the module proxy)"
fi
if install_moto; then
  port=$(free_port)
  start moto "$port" "$cache/moto-venv/bin/python" -c "$MOTO_SERVER" "$port" || exit 1
else
  echo "SKIPPED: moto cannot be installed here (pip install)"
fi
[ ${#servers[@]} -gt 0 ] || { echo "no S3 server, nothing was tested" && exit 1; }

list=$(IFS=,; echo "${servers[*]}")
echo "S3 servers: $list"
LEDGERLOOP_TEST_S3="[$list]" npx vitest run --config vitest.s3.config.ts ${SHARD:+--shard=$SHARD} "${tests[@]}"
