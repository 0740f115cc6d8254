import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as a rule sees it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly bytes: number;
  /** The header `range`. */
  readonly range: string | undefined;
}

/** What goes wrong with a request, or with its answer. */
export type Fault =
  /** The server is not asked. */
  | { readonly answer: number; readonly code: string }
  /** The connection ends in the middle of the request's body; the server never sees it. */
  | { readonly cut: "request" }
  /** The server does what it was asked, and nobody learns of it. */
  | { readonly cut: "answer" }
  /** The answer breaks off after so many bytes of its body. */
  | { readonly cutBodyAt: number }
  /** A bit of the body is another one. */
  | { readonly flip: "request" | "answer" }
  /** The server does not see whether the key has to be free. */
  | { readonly strip: "if-none-match" }
  /** The answer's body stands still after so many bytes. */
  | { readonly stallBodyAt: number }
  /** The answer's body says something else. */
  | { readonly rewrite: (body: string) => string };

/** A way to an S3 server on which things go wrong. */
export interface Proxy extends AsyncDisposable {
  readonly endpoint: string;
  readonly seen: Seen[];
  /** The most requests with a body that were under way at once. */
  readonly mostAtOnce: () => number;
}

async function bodyOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Ends a connection when half of a body has come. */
async function cutInTheMiddle(incoming: IncomingMessage, bytes: number): Promise<void> {
  let come = 0;
  for await (const chunk of incoming) {
    come += (chunk as Buffer).length;
    if (come >= bytes / 2) break;
  }
  incoming.socket.destroy();
}

function flipped(body: Buffer): Buffer {
  const copy = Buffer.from(body);
  copy[copy.length >> 1] = (copy[copy.length >> 1] ?? 0) ^ 1;
  return copy;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

function ask(target: URL, incoming: IncomingMessage, { body, strip }: { body: Buffer; strip?: string }): Promise<Answer> {
  const headers = Object.fromEntries(Object.entries(incoming.headers).filter(([name]) => name !== "expect" && name !== strip));
  return new Promise((resolve, reject) => {
    const options = {
      host: target.hostname,
      port: target.port,
      method: incoming.method,
      path: incoming.url,
      headers,
      agent: false,
    };
    const outgoing = request(options, (answer) => {
      bodyOf(answer).then((read) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: read }), reject);
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function refuse(response: ServerResponse, { answer, code }: { answer: number; code: string }): void {
  response.writeHead(answer, { "content-type": "application/xml" });
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>not now</Message></Error>`);
}

/** The body that is passed on, and headers that fit it. */
function written({ headers, body }: Answer, fault: Fault | null): Pick<Answer, "headers" | "body"> {
  if (fault && "flip" in fault && fault.flip === "answer") return { headers, body: flipped(body) };
  if (!(fault && "rewrite" in fault)) return { headers, body };
  const { "content-length": _length, "transfer-encoding": _encoding, ...others } = headers;
  return { headers: others, body: Buffer.from(fault.rewrite(body.toString())) };
}

function passOn(response: ServerResponse, answer: Answer, fault: Fault | null): void {
  const { headers, body } = written(answer, fault);
  response.writeHead(answer.status, headers);
  if (fault && "cutBodyAt" in fault) response.write(body.subarray(0, fault.cutBodyAt), () => response.destroy());
  else if (fault && "stallBodyAt" in fault) response.write(body.subarray(0, fault.stallBodyAt));
  else response.end(body);
}

/** Opens a way to a server; `rule` is asked for each request what goes wrong with it. */
export async function openProxy(target: string, rule: (seen: Seen) => Fault | null): Promise<Proxy> {
  const seen: Seen[] = [];
  let [underWay, most] = [0, 0];
  const handle = async (incoming: IncomingMessage, response: ServerResponse) => {
    const url = new URL(incoming.url ?? "/", target);
    const bytes = Number(incoming.headers["content-length"] ?? 0);
    underWay += bytes > 0 ? 1 : 0;
    most = Math.max(most, underWay);
    const { method = "", headers } = incoming;
    const asked = { method, path: url.pathname, query: url.searchParams, bytes, range: headers.range };
    seen.push(asked);
    const fault = rule(asked);
    try {
      if (fault && "cut" in fault && fault.cut === "request") return await cutInTheMiddle(incoming, bytes);
      const body = await bodyOf(incoming);
      if (fault && "answer" in fault) return refuse(response, fault);
      const flip = fault && "flip" in fault && fault.flip === "request";
      const sent = { body: flip ? flipped(body) : body, ...(fault && "strip" in fault ? { strip: fault.strip } : {}) };
      const answer = await ask(new URL(target), incoming, sent);
      if (fault && "cut" in fault) return void response.destroy();
      passOn(response, answer, fault);
    } finally {
      underWay -= bytes > 0 ? 1 : 0;
    }
  };
  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    mostAtOnce: () => most,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
