import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

/** The connection ends inside the body. `keep` is the share of the bytes that arrive, a half where nothing is said. */
export interface CutBody {
  readonly keep?: number;
  readonly framing?: "length" | "chunked";
}

/** The body comes in pieces, with a pause of real time between them. */
export interface SlowBody {
  readonly pieces?: number;
  readonly pauseMs?: number;
}

/** The whole body of a request. */
export async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** A header's only, or first, value. */
export const one = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header);

/** Whether a client asks for packed bodies. */
export function wantsGzip(request: IncomingMessage): boolean {
  return /\bgzip\b/.test(one(request.headers["accept-encoding"]) ?? "");
}

/** Sends the beginning of the body and ends the connection, so that the client sees an answer that broke off. */
export function sendCut(response: ServerResponse, body: Buffer, { keep = 0.5, framing = "length" }: CutBody): void {
  if (framing === "length") response.setHeader("Content-Length", body.length);
  response.write(body.subarray(0, Math.max(1, Math.floor(body.length * keep))), () => response.socket?.end());
}

/** Sends the body in pieces. */
export async function sendSlowly(response: ServerResponse, body: Buffer, { pieces = 4, pauseMs = 5 }: SlowBody): Promise<void> {
  const size = Math.ceil(body.length / pieces);
  for (let at = 0; at < body.length; at += size) {
    response.write(body.subarray(at, at + size));
    await pause(pauseMs);
  }
  response.end();
}

/** A server on the loopback interface. */
export interface Serving {
  readonly url: string;
  /** Ends all connections, those that wait for an answer too. */
  close(): Promise<void>;
}

/**
 * Serves what `handle` does, at a port that is free where none is given. An error of the simulator itself is a 500 whose body begins
 * with `simulator:`. Throws where the port is taken.
 */
export async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  port = 0,
): Promise<Serving> {
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { "Content-Type": "text/plain" });
      response.end(`simulator: ${error instanceof Error ? error.stack : String(error)}`);
    });
  });
  // Books that write a million rows hold up the process for seconds, in which a connection at rest would otherwise be over.
  server.keepAliveTimeout = 60_000;
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
