import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { OPS_TABLES, OPS_VIEWS } from "../../src/warehouse/ops-tables.ts";
import { openDesk } from "../support/desk.ts";
import { account, entry } from "../support/desk-rows.ts";

const page = readFileSync("docs/ops-tables.md", "utf8");

/** What the page says of each table: the columns of its section. */
const told = new Map(
  [...page.matchAll(/^### (\w+)\n([\s\S]*?)(?=^##)/gm)].map(([, name = "", text = ""]) => {
    const cells = [...text.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, cell = ""]) => [...cell.matchAll(/`(\w+)`/g)]);
    return [name, cells.map(([, column]) => column ?? "").toSorted()];
  }),
);

test("docs/ops-tables.md has every table with every column, and every view", () => {
  const there = Object.entries(OPS_TABLES).map(([name, columns]) => [name, columns.map(([column]) => column).toSorted()]);
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(there));
  const views = /^## Views\n([\s\S]*?)^## /m.exec(page)?.[1] ?? "";
  expect([...views.matchAll(/^\* `(\w+)`/gm)].map(([, name]) => name)).toEqual([...OPS_VIEWS]);
});

test("its questions are answered", async () => {
  await using desk = openDesk("claims");
  const broken = entry(2, "e2", { amount: -5 });
  await desk.play({ rows: { "app.accounts": [account(1, "A")], "app.entries": [entry(1, "e1"), broken] } });
  const questions = [...page.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql = ""]) => sql);
  expect(questions).toHaveLength(6);
  const answers: number[] = [];
  for (const sql of questions) answers.push((await desk.query(sql)).length);
  const [waiting = 0, flow = 0, ages = 0, decided = 0, rules = 0, findings = 0] = answers;
  expect([waiting, ages, decided, rules, findings]).toEqual([1, 2, 0, 1, 0]);
  expect(flow).toBeGreaterThan(4);
});
