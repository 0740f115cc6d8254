import type { HttpAnswer } from "./http-request.ts";
import type { Page } from "./pages/warc.ts";

/** All bytes of an answer. */
export async function bodyOf({ body }: Pick<HttpAnswer, "body">): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What JSON says, its numbers as doubles; undefined where it is none. */
export function parsedJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** An answer as a page to keep: of its headers those that are named. */
export function pageOf(
  { status, headers }: Pick<HttpAnswer, "status" | "headers">,
  { url, now, body, kept }: { url: string; now: Date; body: Buffer; kept: readonly string[] },
): Page {
  const named = kept.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return { url, status, headers: Object.fromEntries(named), date: now.toISOString(), body };
}
