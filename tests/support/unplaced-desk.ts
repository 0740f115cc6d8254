import type { Hour } from "./desk.ts";
import { account, entry } from "./desk-rows.ts";

/** Three hours of the fixture `claims` whose rows have no positions, as those of a view: bad ones, misread ones, held ones and copies. */
export const UNPLACED_HOURS: readonly Hour[] = [
  {
    rows: {
      "app.accounts": [account(1, "A")],
      "app.entries": [
        entry(1, "e1"),
        entry(2, "e2", { amount: -1 }),
        entry(2, "e2", { amount: -1 }),
        entry(3, "e3", { amount: "1e2" }),
        entry(3, "e3", { amount: "1e2" }),
        entry(4, "e4", { account_id: "B" }),
        entry(null, "e5", { amount: "5.0" }),
      ],
    },
    unplaced: true,
  },
  {
    rows: {
      "app.accounts": [account(2, "B")],
      "app.entries": [entry(2, "e2", { amount: -1 }), entry(3, "e3"), entry(6, "e6", { amount: "x" })],
    },
    unplaced: true,
  },
  { rows: { "app.entries": [entry(1, "e1")] }, whole: ["app.entries"], unplaced: true },
];
