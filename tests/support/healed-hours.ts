import type { Hour } from "./desk.ts";
import { entry } from "./desk-rows.ts";
import { LINKED_HOURS } from "./linked-hours.ts";

const ENTRIES = "app.entries";

/** The hour that heals entries 1 and 3, of which the source has the first alone, and a row of a curated table that nothing reaches. */
export const HEALING: Hour = {
  rows: { [ENTRIES]: [entry(1, "e1", { memo: "m1", amount: 30 })] },
  heal: {
    keys: { [ENTRIES]: [{ id: 1 }, { id: 3 }] },
    rows: [{ table: "settled", keys: [["e5"]] }],
    reason: null,
  },
};

/** The hours of the fixture `linked`, of whose last one entry 5 waits no more, and that hour. */
export const HEALED_HOURS: readonly Hour[] = [...LINKED_HOURS, HEALING];
