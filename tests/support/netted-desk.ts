import type { Pipeline } from "../../src/config/pipeline.ts";
import type { Hour, Row } from "./desk.ts";
import { account, entry, withFeed } from "./desk-rows.ts";
import { ENTRIES } from "./scoped-desk.ts";

/** `app.entries` as a feed of an API that has nets; its memo stands in for the instant when a row was created. */
export function netted(pipeline: Pipeline): Pipeline {
  return withFeed(pipeline, ENTRIES, (feed) => ({
    ...feed,
    nets: { says: ["each day"], immutable: false },
    contract: {
      ...feed.contract,
      columns: feed.contract.columns.map((c) => (c.name === "memo" ? { ...c, type: { kind: "timestamp" } } : c)),
    },
  }));
}

/** Entry `id`, created on a day of October. */
export function created(id: number, day: number, more: Row = {}): Row {
  return entry(id, `e${id}`, { memo: `2026-10-${String(day).padStart(2, "0")} 12:00:00+00`, ...more });
}

const midnight = (day: number) => `2026-10-${String(day).padStart(2, "0")}T00:00:00.000Z`;

/** Days of October of which a net brings everything, the first included; null is the first there ever was. */
export function days(from: number | null, before: number) {
  return { column: "memo", ranges: [{ from: from === null ? null : midnight(from), before: midnight(before) }] };
}

/** What nets read of some days, with bytes of an extract sequence. */
export function net(
  rows: readonly Row[],
  of: { complete?: ReturnType<typeof days>; underway?: readonly number[]; seq?: bigint },
): Hour {
  const { complete, underway, seq } = of;
  return {
    rows: { [ENTRIES]: rows },
    nets: { [ENTRIES]: { ...(complete && { complete }), ...(underway && { underway: underway.map((id) => ({ id })) }) } },
    ...(seq === undefined ? {} : { seq }),
  };
}

/** Hours of a feed with nets: rows that are new, changed and gone in a range, of which one is underway, and one that waits. */
export const NETTED_HOURS: readonly Hour[] = [
  { rows: { "app.accounts": [account(1, "A")] }, adjust: netted },
  { rows: { [ENTRIES]: [created(1, 3), created(2, 3), created(3, 4), created(4, 5), created(5, 4, { amount: -1 })] } },
  net([created(1, 3, { amount: 7 }), created(6, 4)], { complete: days(3, 5), underway: [1] }),
];
