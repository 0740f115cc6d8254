import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { answerTo, type Desk, type Outgoing } from "./api/answer.ts";
import { type FaultOptions, type Strike, struckBy } from "./faults.ts";

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

const one = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header);

/** Sends the beginning of the body and ends the connection, so that the client sees an answer that broke off. */
function sendCut(response: ServerResponse, body: Buffer, { keep = 0.5, framing = "length" }: FaultOptions["cut_body"]): void {
  if (framing === "length") response.setHeader("Content-Length", body.length);
  response.write(body.subarray(0, Math.max(1, Math.floor(body.length * keep))), () => response.socket?.end());
}

async function sendSlowly(
  response: ServerResponse,
  body: Buffer,
  { pieces = 4, pauseMs = 5 }: FaultOptions["slow_body"],
): Promise<void> {
  const size = Math.ceil(body.length / pieces);
  for (let at = 0; at < body.length; at += size) {
    response.write(body.subarray(at, at + size));
    await pause(pauseMs);
  }
  response.end();
}

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
  const gzip = /\bgzip\b/.test(one(request.headers["accept-encoding"]) ?? "");
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

/** A server on the loopback interface. */
export interface Serving {
  readonly url: string;
  /** Ends all connections, those that wait for an answer too. */
  close(): Promise<void>;
}

/**
 * Serves what the desk answers, at a port that is free where none is given. An error of the simulator itself is a 500 whose body begins
 * with `simulator:`. Throws where the port is taken.
 */
export async function serve(desk: Desk, port = 0): Promise<Serving> {
  let atOnce = 0;
  const server = createServer((request, response) => {
    atOnce += 1;
    response.once("close", () => {
      atOnce -= 1;
    });
    handle(desk, request, { response, atOnce: () => atOnce }).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { "Content-Type": "text/plain" });
      response.end(`simulator: ${error instanceof Error ? error.stack : String(error)}`);
    });
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
