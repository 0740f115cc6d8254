import { isUtf8 } from "node:buffer";
import type { HttpAnswer } from "../http-request.ts";

/** All bytes of an answer. */
export async function bodyOf({ body }: Pick<HttpAnswer, "body">): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What JSON says; undefined where it is none. */
export function parsedBody(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) return undefined;
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** The API's own word for a refusal: `INVALID_SESSION_ID`; `unknown` where it says none. */
export function errorCode(body: unknown): string {
  const first: unknown = Array.isArray(body) ? body[0] : body;
  const word = typeof first === "object" && first !== null && "errorCode" in first ? first.errorCode : null;
  return typeof word === "string" && /^[A-Z_]{1,80}$/.test(word) ? word : "unknown";
}
