import type { Hour } from "./desk.ts";
import { account, entry } from "./desk-rows.ts";

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
