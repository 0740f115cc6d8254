import type { Pipeline } from "../../src/config/pipeline.ts";
import type { Hour, Row } from "./desk.ts";
import { account, entry, withFeed } from "./desk-rows.ts";
import { ENTRIES, hourOf } from "./scoped-desk.ts";

/** `app.entries` as a feed of files of which the later ones win. */
export function ordered(pipeline: Pipeline): Pipeline {
  return withFeed(pipeline, ENTRIES, (feed) => ({ ...feed, scoped: true, lands: ["_scope", "_order"] }));
}

/** Entry `id` with an amount, out of a version of a file: `b2` is the second of file `b`. */
function placed(id: number, version: string, amount: number): Row {
  return { ...entry(id, `e${id}`, { amount }), _scope: version.charAt(0), _order: version };
}

/** Hours of files with an order that take every path: earlier and later ones, a key lost and taken again, moved, bad, seen again, withdrawn. */
export const ORDERED_HOURS: readonly Hour[] = [
  { rows: { "app.accounts": [account(1, "A")] }, adjust: ordered },
  hourOf([placed(1, "b1", 10), placed(2, "b1", 20), placed(3, "b1", 30), placed(5, "b1", -1)], { complete: ["b"] }),
  hourOf([placed(1, "a1", 11), placed(2, "a1", 20), placed(5, "a1", 5), placed(3, "c1", 30), placed(1, "c1", -1)], {
    complete: ["a", "c"],
  }),
  hourOf([placed(2, "b2", 20), placed(1, "a1", 11), placed(2, "a1", 20), placed(5, "a1", 5), placed(3, "b2", 31)], {
    complete: ["a", "b"],
  }),
  hourOf([placed(3, "b2", 31), placed(2, "b2", 20), placed(4, "c2", 40)], { complete: ["b", "c"] }),
  hourOf([placed(3, "b3", 31), placed(6, "b3", -1), placed(6, "d1", 60), placed(7, "d1", 70)], { complete: ["b", "d"] }),
  hourOf([placed(7, "d2", 70), placed(3, "b3", 31), placed(6, "b3", -1)], { complete: ["b", "d"] }),
  hourOf([placed(3, "b4", 31), placed(6, "b4", 66)], { complete: ["b"] }),
];
