"""What simple-salesforce gets from an org: asks stand as JSON on the standard input, answers as JSON on the output."""

import json
import sys
from datetime import datetime
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce
from simple_salesforce.bulk2 import ColumnDelimiter


class Loopback(HTTPAdapter):
    """Leads every host to one address: the client only knows https, and only hosts of the service."""

    def __init__(self, origin):
        super().__init__()
        self.origin = origin

    def send(self, request, **how):
        parts = urlsplit(request.url)
        request.url = self.origin + parts.path + (f"?{parts.query}" if parts.query else "")
        return super().send(request, **how)


def session_to(origin):
    session = requests.Session()
    session.mount("https://", Loopback(origin))
    return session


def plain(value):
    return json.loads(json.dumps(value))


def answer(org, ask):
    kind = ask["kind"]
    if kind == "describe":
        return plain(getattr(org, ask["object"]).describe())
    if kind == "query":
        return plain(org.query(ask["soql"], include_deleted=ask.get("deleted", False)))
    if kind == "query_all":
        return plain(org.query_all(ask["soql"], include_deleted=ask.get("deleted", False)))
    if kind == "bulk2":
        read = org.bulk2.Account.query_all if ask.get("deleted") else org.bulk2.Account.query
        how = {"max_records": ask["maxRecords"], "column_delimiter": ColumnDelimiter[ask["delimiter"]], "wait": 0.01}
        return list(read(ask["soql"], **how))
    if kind in ("updated", "deleted"):
        span = [datetime.fromisoformat(ask[name]) for name in ("start", "end")]
        return plain(getattr(getattr(org, ask["object"]), kind)(*span))
    if kind == "create":
        return plain(getattr(org, ask["object"]).create(ask["fields"]))
    if kind == "update":
        return getattr(org, ask["object"]).update(ask["id"], ask["fields"])
    if kind == "delete":
        return getattr(org, ask["object"]).delete(ask["id"])
    if kind == "limits":
        return plain(org.limits())
    if kind == "usage":
        org.query("SELECT Id FROM Account LIMIT 1")
        return org.api_usage["api-usage"]._asdict()
    raise ValueError(kind)


def main():
    told = json.load(sys.stdin)
    org = Salesforce(**told["login"], version=told["version"], session=session_to(told["url"]))
    json.dump([answer(org, ask) for ask in told["asks"]], sys.stdout)


main()
