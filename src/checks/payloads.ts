import type { Dialect } from "../warehouse/dialect.ts";

/** Where the texts of a waiting row stand: those that are not personal, and those that are. */
export const PAYLOADS = ["payload", "payload_pii"] as const;

/** The payloads of a waiting row `q`, as columns; none of them is there whose text is no JSON any more. */
export function readablePayloads(dialect: Dialect): string {
  const readable = (name: string) => `CASE WHEN ${dialect.isJson(`q.${name}`)} THEN q.${name} END AS ${name}`;
  return PAYLOADS.map(readable).join(", ");
}

/** A text of a waiting row `q`. */
export function payloadText(dialect: Dialect, name: string, isPersonal: boolean): string {
  return dialect.jsonText(`q.${PAYLOADS[isPersonal ? 1 : 0]}`, name);
}

/** The same of a row of another version of the contract, under which it may have been personal or not. */
export function payloadTextThen(dialect: Dialect, name: string, isPersonal: boolean): string {
  return `COALESCE(${payloadText(dialect, name, isPersonal)}, ${payloadText(dialect, name, !isPersonal)})`;
}
