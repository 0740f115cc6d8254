import type { Feed, Row } from "../feed.ts";
import { given, whole } from "./hand-rules.ts";

/** Ids of the row rules that a row breaks, given the published row of its source key. */
export function brokenRules({ rules }: Feed, row: Row, published: Row | undefined): string[] {
  const broken = rules.rows.filter(([, isBroken]) => isBroken(row)).map(([id]) => id);
  const changed = rules.immutable.filter((name) => {
    const [was, is] = [published?.[name] ?? null, given(row, name)];
    return was !== null && is !== null && was !== is;
  });
  return [...broken, ...changed.map((name) => `${name}.immutable`)];
}

/** Whether the money of a row cannot be counted. */
export function isUnreadable({ rules }: Feed, row: Row): boolean {
  const { money } = rules;
  return money !== null && (whole(row[money.amount]) === null || given(row, money.currency) === null);
}
