import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip, gzipSync } from "node:zlib";
import { listen, one, type Serving, sendCut, sendSlowly, textOf, wantsGzip } from "../simulator/sending.ts";
import { struckBy } from "../simulator/switchboard.ts";
import { answerTo, type Outgoing } from "./api/answer.ts";
import type { Org } from "./api/asked.ts";
import type { Door } from "./api/oauth.ts";
import type { Strike } from "./faults.ts";

/** Sends a body piece by piece, each when the client has taken what came before it. */
async function sendPieces(response: ServerResponse, pieces: Iterable<string>, gzip: boolean): Promise<void> {
  const from = Readable.from(pieces, { objectMode: true, highWaterMark: 2 });
  try {
    await (gzip ? pipeline(from, createGzip({ level: 1 }), response) : pipeline(from, response));
  } catch (error) {
    // Whoever asked has gone away; the rest of the body is nobody's.
    if ((error as { code?: unknown }).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
}

async function send(response: ServerResponse, { body }: Outgoing, how: { gzip: boolean; strikes: readonly Strike[] }) {
  const cut = struckBy(how.strikes, "cut_body");
  const slow = struckBy(how.strikes, "slow_body");
  if (typeof body !== "string" && !cut && !slow) return sendPieces(response, body, how.gzip);
  const plain = Buffer.from(typeof body === "string" ? body : [...body].join(""));
  const packed = how.gzip ? gzipSync(plain, { level: 1 }) : plain;
  if (cut) return sendCut(response, packed, cut);
  if (slow) return sendSlowly(response, packed, slow);
  response.end(packed);
}

async function handle(org: Org, door: Door, more: { request: IncomingMessage; response: ServerResponse }): Promise<void> {
  const { request, response } = more;
  const body = await textOf(request);
  const url = new URL(request.url ?? "/", "http://localhost");
  const { outgoing, strikes } = answerTo(org, door, {
    method: request.method ?? "GET",
    path: url.pathname,
    params: url.searchParams,
    body,
    header: (name) => one(request.headers[name]),
  });
  if (!outgoing) {
    if (struckBy(strikes, "connection_reset")) response.socket?.resetAndDestroy();
    return;
  }
  const gzip = wantsGzip(request) && outgoing.status !== 204;
  response.sendDate = false;
  response.statusCode = outgoing.status;
  for (const [name, value] of Object.entries(outgoing.headers)) response.setHeader(name, value);
  if (gzip) response.setHeader("Content-Encoding", "gzip");
  await send(response, outgoing, { gzip, strikes });
}

/** Serves an org at a port that is free where none is given. Throws where the port is taken. */
export function serve(org: Org, door: Door, port?: number): Promise<Serving> {
  return listen((request, response) => handle(org, door, { request, response }), port);
}
