import type { IncomingMessage, ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";

/** One request, read. */
export interface Received {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** The token of the session that asks, or the master token where one is renewed. */
  readonly token: string | null;
}

/** Reads a request to its end. */
export async function received(request: IncomingMessage): Promise<Received> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const raw = Buffer.concat(parts);
  const url = new URL(request.url ?? "/", "http://stub");
  const json = (request.headers["content-type"] ?? "").includes("json") && raw.length > 0;
  const plain = request.headers["content-encoding"] === "gzip" && raw[0] === 0x1f ? gunzipSync(raw) : raw;
  return {
    path: url.pathname,
    query: url.searchParams,
    body: json ? (JSON.parse(plain.toString()) as Record<string, unknown>) : {},
    token: /Token="([^"]+)"/.exec(request.headers.authorization ?? "")?.[1] ?? null,
  };
}

/** Answers with a JSON document. */
export function reply(response: ServerResponse, document: unknown): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(document));
}

/** A success with data. */
export function success(data: unknown): unknown {
  return { data, code: null, message: null, success: true };
}

/** A failure as Snowflake says it: HTTP 200, `success: false`. */
export function failure(code: string, message: string, data: unknown = null): unknown {
  return { data, code, message, success: false };
}

/** Formats without which the driver cannot write values as text; the session's set-up changes them. */
export const FORMATS: Readonly<Record<string, string>> = {
  BINARY_OUTPUT_FORMAT: "HEX",
  DATE_OUTPUT_FORMAT: "YYYY-MM-DD",
  TIME_OUTPUT_FORMAT: "HH24:MI:SS",
  TIMESTAMP_OUTPUT_FORMAT: "YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM",
  TIMESTAMP_NTZ_OUTPUT_FORMAT: "YYYY-MM-DD HH24:MI:SS.FF3",
  TIMESTAMP_TZ_OUTPUT_FORMAT: "",
  TIMESTAMP_LTZ_OUTPUT_FORMAT: "",
  TIMEZONE: "America/Los_Angeles",
};

/** The parameters that an ALTER SESSION sets, with their texts. */
export function assignments(sql: string): Record<string, string> {
  const found = /^ALTER SESSION SET (.*)$/s.exec(sql)?.[1] ?? "";
  return Object.fromEntries(
    [...found.matchAll(/(\w+) = (?:'([^']*)'|(\S+))/g)].map(([, name, text, bare]) => [name, text ?? bare ?? ""]),
  );
}

/** The name of a statement, as its tag tells it. */
export function nameOf(tag: string): string {
  if (tag === "") return "";
  const { statement, table, rule } = JSON.parse(tag) as Readonly<Record<string, string | undefined>>;
  return `${statement}${table === undefined ? "" : `.${table}`}${rule === undefined ? "" : `#${rule}`}`;
}
