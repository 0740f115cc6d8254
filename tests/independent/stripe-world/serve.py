"""Serves Stripe World, a Stripe that others wrote, on a free port of loopback, and prints that port.

It was written for Python 3.14, where annotations are not evaluated; on 3.13 its modules are compiled with the flag that does the
same. Three things are added to what it serves: `Date` says what the account's own clock says, as an API's does; POST /clock of an
account moves that clock; GET /v1/account gives the account, which it keeps and does not serve. It ends with its standard input, and so with whoever started it.
"""

import __future__
import dataclasses
import importlib.machinery
import os
import socket
import sys
import threading
from datetime import datetime
from email.utils import format_datetime

POSTPONED = ("seahaven", "seahaven_stripe_world")


class Postponing(importlib.machinery.SourceFileLoader):
    """Compiles from source each time: what pip has compiled lacks the flag."""

    def get_code(self, fullname):
        path = self.get_filename(fullname)
        flags = __future__.annotations.compiler_flag
        return compile(self.get_data(path), path, "exec", flags=flags, dont_inherit=True)


class PostponingFinder(importlib.machinery.PathFinder):
    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        if fullname.split(".")[0] not in POSTPONED:
            return None
        spec = super().find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = Postponing(spec.loader.name, spec.loader.path)
        return spec


if sys.version_info < (3, 14):
    sys.dont_write_bytecode = True
    sys.meta_path.insert(0, PostponingFinder)

import seahaven.http  # noqa: E402
import uvicorn  # noqa: E402
from seahaven.http import HttpResponse  # noqa: E402
from seahaven_stripe_world import world  # noqa: E402
from seahaven_stripe_world.http_api import handle  # noqa: E402


def move(clock, request):
    if clock.mode != "fixed":
        return HttpResponse.json({"error": "only a fixed clock is moved"}, status=400)
    clock._start = datetime.fromisoformat(request.json()["now"])
    return HttpResponse.json({"now": clock.iso()})


def account(ctx, request):
    refused = handle(ctx, dataclasses.replace(request, path="/v1/balance"))
    if refused.status != 200:
        return refused
    return HttpResponse(status=200, headers=refused.headers, body=ctx.db.rows("SELECT object FROM account")[0]["object"])


OWN = {("POST", "/clock"): lambda ctx, request: move(ctx.clock, request), ("GET", "/v1/account"): account}


def answer(ctx, request):
    response = OWN.get((request.method, request.path), handle)(ctx, request)
    date = ("date", format_datetime(ctx.clock.now(), usegmt=True))
    return HttpResponse(status=response.status, headers=(*response.headers, date), body=response.body)


def end_with_input():
    sys.stdin.read()
    os._exit(0)


def main(seed, now):
    options = {"startup": {"livemode": False}, "seed": int(seed), "now": now, "clock_mode": "fixed"}
    app = seahaven.http.app(world, answer, reset_options=options, max_instances=0)
    # With its protocol named, asyncio sends small answers at once.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    threading.Thread(target=end_with_input, daemon=True).start()
    print(listening.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="warning", date_header=False, server_header=False)).run([listening])


main(*sys.argv[1:])
