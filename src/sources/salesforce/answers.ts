import { isUtf8 } from "node:buffer";
import { parsedJson } from "../http-body.ts";

/** What JSON says; undefined where it is none, or no UTF-8. */
export function jsonOf(bytes: Buffer): unknown {
  return isUtf8(bytes) ? parsedJson(bytes) : undefined;
}

/** The API's own word for a refusal: `INVALID_SESSION_ID`; `unknown` where it says none. */
export function errorCode(body: unknown): string {
  const first: unknown = Array.isArray(body) ? body[0] : body;
  const word = typeof first === "object" && first !== null && "errorCode" in first ? first.errorCode : null;
  return typeof word === "string" && /^[A-Z_]{1,80}$/.test(word) ? word : "unknown";
}
