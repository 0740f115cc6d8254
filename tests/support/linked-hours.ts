import type { Pipeline } from "../../src/config/pipeline.ts";
import type { Hour } from "./desk.ts";
import { account, entry } from "./desk-rows.ts";
import { withSelect } from "./in-force.ts";

const [ACCOUNTS, ENTRIES] = ["app.accounts", "app.entries"];

/**
 * Four hours of the fixture `linked`: two entries with links of their own; a third claims the link of one, and an account has another name;
 * the claim ends, and an entry waits for its account; the account comes, and an entry is gone.
 */
export const LINKED_HOURS: readonly Hour[] = [
  {
    rows: {
      [ACCOUNTS]: [account(1, "A"), account(2, "B")],
      [ENTRIES]: [entry(1, "e1", { memo: "m1" }), entry(2, "e2", { memo: "m2", amount: 250 }), entry(3, "e3")],
    },
  },
  {
    rows: {
      [ACCOUNTS]: [account(2, "B", { name: "other", v: 2 })],
      [ENTRIES]: [entry(4, "e4", { account_id: "B", memo: "m1" })],
    },
  },
  { rows: { [ACCOUNTS]: [], [ENTRIES]: [entry(4, "e4", { account_id: "B", memo: "m3" }), entry(5, "e5", { account_id: "C" })] } },
  {
    rows: { [ACCOUNTS]: [account(3, "C")], [ENTRIES]: [] },
    keys: { [ENTRIES]: [1, 3, 4, 5].map((id) => ({ id })) },
  },
];

/** Other SELECTs of its tables: a conflict goes to the entry that was first, money counts twice, names are written large. */
export const OTHER_SELECTS: Readonly<Record<string, (pipeline: Pipeline) => Pipeline>> = {
  link: (pipeline) =>
    withSelect(pipeline, "link", (select) =>
      select.replace("count(*) over (partition by e.memo) > 1", "min(e.entry_id) over (partition by e.memo) < e.entry_id"),
    ),
  settled: (pipeline) => withSelect(pipeline, "settled", (select) => select.replace("e.amount,", "e.amount * 2 as amount,")),
  memo_total: (pipeline) => withSelect(pipeline, "memo_total", (select) => select.replace("max(s.name)", "upper(max(s.name))")),
};

/** The four hours, an hour with another SELECT of a table that two others stand on and a changed row, and one in which a table is computed again by hand. */
export const RECOMPUTED_HOURS: readonly Hour[] = [
  ...LINKED_HOURS,
  {
    rows: { [ACCOUNTS]: [], [ENTRIES]: [entry(4, "e4", { account_id: "B", memo: "m1", amount: 70, v: 2 })] },
    adjust: (pipeline) => OTHER_SELECTS["link"]?.(pipeline) ?? pipeline,
  },
  { rows: {}, recompute: ["settled"] },
];
