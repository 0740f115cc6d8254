"""Lets the npm driver talk to fakesnow: protocol only, no statement is ever changed.

The driver reads JSON rowsets and fakesnow answers in Arrow. What this adds, and nothing else:

1. Arrow results become rowsets of strings, as Snowflake encodes them.
2. Answers carry `returned`, `total`, `version`, `code` and `message`.
3. An unhandled error is HTTP 200 with `success: false`; the driver would repeat an HTTP 500 for hours.
4. Routes that fakesnow lacks: results by query id, telemetry, renewal of a session token.
5. Statements without a counterpart are accepted and do nothing, by name: see NO_OPS.
6. Output formats stand in the parameters of every answer; without them the driver throws on BINARY.
7. PUT: the storage has a region, and an object that is not there answers 404 before it is written.
8. A write-write conflict, which DuckDB reports at once, is answered as the lock timeout that Snowflake reports after waiting.

Usage: python shim.py PORT [DATABASE_FOLDER]. Prints "listening" once it accepts connections.
"""

from __future__ import annotations

import base64
import datetime
import gzip
import io
import json
import os
import sys
import threading
import uuid
from typing import Any

import duckdb
import fakesnow.server as fs
import pyarrow as pa
import snowflake.connector.errors
import uvicorn
from fakesnow.cursor import FakeSnowflakeCursor
from fakesnow.instance import FakeSnow
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

NO_OPS = [
    r"^\s*ALTER\s+SESSION\s+SET",
    r"^\s*USE\s+(ROLE|WAREHOUSE)\b",
    r"^\s*USE\s+SECONDARY\s+ROLES\b",
]

FORMATS = {
    "BINARY_OUTPUT_FORMAT": "HEX",
    "DATE_OUTPUT_FORMAT": "YYYY-MM-DD",
    "TIME_OUTPUT_FORMAT": "HH24:MI:SS.FF9",
    "TIMESTAMP_OUTPUT_FORMAT": "YYYY-MM-DD HH24:MI:SS.FF9 TZHTZM",
    "TIMESTAMP_NTZ_OUTPUT_FORMAT": "YYYY-MM-DD HH24:MI:SS.FF9",
    "TIMESTAMP_LTZ_OUTPUT_FORMAT": "",
    "TIMESTAMP_TZ_OUTPUT_FORMAT": "",
    "TIMEZONE": "Etc/UTC",
}

EPOCH = datetime.date(1970, 1, 1)
NANOS = 10**9

results: dict[str, dict[str, Any]] = {}
master_tokens: dict[str, str] = {}


def seconds(nanos: int) -> str:
    """One signed decimal, also before 1970."""
    sign, size = ("-", -nanos) if nanos < 0 else ("", nanos)
    return f"{sign}{size // NANOS}.{size % NANOS:09d}"


def cell(value: Any, logical: str) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, dict) and "epoch" in value:
        if value["epoch"] is None:
            return None
        text = seconds(value["epoch"] * NANOS + value["fraction"])
        return f"{text} {value['timezone']}" if "timezone" in value else text
    if logical == "TIME":
        return seconds(value)
    if logical == "FIXED":
        return format(value, "f") if hasattr(value, "as_tuple") else str(value)
    if logical == "DATE":
        return str((value - EPOCH).days)
    if isinstance(value, (bytes, bytearray)):
        return value.hex().upper()
    if isinstance(value, float):
        return repr(value)
    return value if isinstance(value, str) else json.dumps(value, default=str)


def rowset(ipc: str) -> list[list[str | None]]:
    if not ipc:
        return []
    table = pa.ipc.open_stream(io.BytesIO(base64.b64decode(ipc))).read_all()
    columns = []
    for column, field in zip(table.columns, table.schema):
        logical = (field.metadata or {}).get(b"logicalType", b"").decode()
        columns.append([cell(value, logical) for value in column.to_pylist()])
    return [list(row) for row in zip(*columns)]


def with_formats(parameters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    have = {p["name"] for p in parameters}
    return parameters + [{"name": k, "value": v} for k, v in FORMATS.items() if k not in have]


def failure(code: str | None, message: str | None) -> JSONResponse:
    code = code or "261000"
    data = {"errorCode": code, "sqlState": "XX000", "queryId": str(uuid.uuid4())}
    return JSONResponse({"data": data, "code": code, "message": message, "success": False})


def with_lock_timeouts(execute: Any) -> Any:
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return execute(*args, **kwargs)
        except duckdb.TransactionException as e:
            if "onflict" not in str(e):
                raise
            message = "Statement was aborted: the lock was not released before LOCK_TIMEOUT; lock timeout"
            raise snowflake.connector.errors.ProgrammingError(msg=message, errno=625, sqlstate="57014") from e

    return wrapped


FakeSnowflakeCursor._execute = with_lock_timeouts(FakeSnowflakeCursor._execute)


async def query(request: Request) -> Response:
    answer = await fs.query_request(request)
    document = json.loads(answer.body)
    if answer.status_code >= 500:
        return failure(document.get("code"), document.get("message"))
    if answer.status_code != 200:
        return answer
    data = document.get("data") or {}
    storage = data.get("stageInfo") or {}
    if storage.get("locationType") == "GCS":
        storage.setdefault("region", "US")
    if data.get("queryResultFormat") == "arrow":
        data["rowset"] = rowset(data.pop("rowsetBase64", ""))
        data["queryResultFormat"] = "json"
    if "rowset" in data:
        data["parameters"] = with_formats(data.get("parameters", []))
        data.update(returned=len(data["rowset"]), total=len(data["rowset"]), version=1)
        data.setdefault("numberOfBinds", 0)
        data.setdefault("arrayBindSupported", False)
    document.setdefault("code", None)
    document.setdefault("message", None)
    if data.get("queryId"):
        results[data["queryId"]] = document
    return JSONResponse(document)


async def login(request: Request) -> Response:
    raw = await request.body()
    if request.headers.get("content-encoding") == "gzip":
        raw = gzip.decompress(raw)
    body = json.loads(raw)
    parameters = body["data"].get("SESSION_PARAMETERS") or {}
    parameters["nop_regexes"] = NO_OPS
    body["data"]["SESSION_PARAMETERS"] = parameters
    answer = await fs.login_request(rewritten(request, body))
    document = json.loads(answer.body)
    if data := document.get("data"):
        data["parameters"] = with_formats(data["parameters"])
        data.setdefault("masterToken", f"master-{data['token']}")
        data.setdefault("validityInSeconds", 3600)
        data.setdefault("masterValidityInSeconds", 14400)
        master_tokens[data["masterToken"]] = data["token"]
    document.setdefault("code", None)
    document.setdefault("message", None)
    return JSONResponse(document)


def rewritten(request: Request, body: dict[str, Any]) -> Request:
    """The same request with another body; what cached its old form goes."""
    request._body = json.dumps(body).encode()
    request.scope["headers"] = [h for h in request.scope["headers"] if h[0] != b"content-encoding"]
    request.__dict__.pop("_headers", None)
    return request


async def result(request: Request) -> Response:
    found = results.get(request.path_params["id"])
    return JSONResponse(found) if found else failure("000709", "no such result")


async def renew(request: Request) -> Response:
    token = master_tokens.get(request.headers.get("authorization", "")[17:-1])
    if token is None:
        return failure("390114", "the master token has expired")
    data = {"sessionToken": token, "validityInSecondsST": 3600, "masterToken": f"master-{token}", "validityInSecondsMT": 14400}
    return JSONResponse({"data": data, "code": None, "message": None, "success": True})


async def absent(_: Request) -> Response:
    return JSONResponse({}, status_code=404)


async def accepted(_: Request) -> Response:
    return JSONResponse({"data": {}, "code": None, "message": None, "success": True})


OURS = [
    Route("/session/v1/login-request", login, methods=["POST"]),
    Route("/session/token-request", renew, methods=["POST"]),
    Route("/queries/v1/query-request", query, methods=["POST"]),
    Route("/queries/{id}/result", result, methods=["GET"]),
    Route("/telemetry/send", accepted, methods=["POST"]),
    Route("/fs_bucket/{path:path}", fs.bucket_upload, methods=["PUT"]),
    Route("/fs_bucket/{path:path}", absent, methods=["GET", "HEAD"]),
]


class Announcing(uvicorn.Server):
    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        if self.started:
            print("listening", flush=True)


UNTIL_INPUT_ENDS = "--until-input-ends"


def end_with_input() -> None:
    """Whoever started this holds its standard input; when that ends, nobody is left to ask."""
    sys.stdin.buffer.read()
    os._exit(0)


def main() -> None:
    if UNTIL_INPUT_ENDS in sys.argv:
        sys.argv.remove(UNTIL_INPUT_ENDS)
        threading.Thread(target=end_with_input, daemon=True).start()
    if len(sys.argv) > 2:
        # One instance for all sessions: a path given at login opens the files once per session, and fails on the second.
        fs.shared_fs = FakeSnow(db_path=sys.argv[2])
    taken = {route.path for route in OURS}
    app = Starlette(routes=[*OURS, *(route for route in fs.routes if route.path not in taken)])
    Announcing(uvicorn.Config(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error")).run()


if __name__ == "__main__":
    main()
