import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { listen, one, type Serving, sendCut, sendSlowly, textOf, wantsGzip } from "../simulator/sending.ts";
import { struckBy } from "../simulator/switchboard.ts";
import { answerTo, type Desk, type Outgoing } from "./api/answer.ts";
import type { Strike } from "./faults.ts";

async function send(
  response: ServerResponse,
  outgoing: Outgoing,
  how: { gzip: boolean; strikes: readonly Strike[] },
): Promise<void> {
  const plain = Buffer.from(outgoing.page ?? `${JSON.stringify(outgoing.body, null, 2)}\n`);
  const body = how.gzip ? gzipSync(plain, { level: 1 }) : plain;
  response.statusCode = outgoing.status;
  const cut = struckBy(how.strikes, "cut_body");
  if (cut) return sendCut(response, body, cut);
  const slow = struckBy(how.strikes, "slow_body");
  if (slow) return sendSlowly(response, body, slow);
  response.end(body);
}

async function handle(
  desk: Desk,
  request: IncomingMessage,
  more: { response: ServerResponse; atOnce: () => number },
): Promise<void> {
  const { response, atOnce } = more;
  const body = await textOf(request);
  const url = new URL(request.url ?? "/", "http://localhost");
  const { outgoing, strikes } = answerTo(desk, {
    method: request.method ?? "GET",
    path: url.pathname,
    query: url.search.slice(1),
    body,
    authorization: request.headers.authorization,
    version: one(request.headers["stripe-version"]),
    idempotencyKey: one(request.headers["idempotency-key"]),
    atOnce: atOnce(),
  });
  if (!outgoing) {
    if (struckBy(strikes, "connection_reset")) response.socket?.resetAndDestroy();
    return;
  }
  const gzip = wantsGzip(request);
  const headers: Record<string, string> = {
    "Content-Type": outgoing.page === undefined ? "application/json" : "text/html",
    "Cache-Control": "no-cache, no-store",
    ...(gzip ? { "Content-Encoding": "gzip" } : {}),
    ...outgoing.headers,
  };
  response.sendDate = false;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  await send(response, outgoing, { gzip, strikes });
}

/**
 * Serves what the desk answers, at a port that is free where none is given. An error of the simulator itself is a 500 whose body begins
 * with `simulator:`. Throws where the port is taken.
 */
export function serve(desk: Desk, port = 0): Promise<Serving> {
  let atOnce = 0;
  return listen((request, response) => {
    atOnce += 1;
    response.once("close", () => {
      atOnce -= 1;
    });
    return handle(desk, request, { response, atOnce: () => atOnce });
  }, port);
}
