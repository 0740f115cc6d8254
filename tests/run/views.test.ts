import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CLAIMS } from "../support/claims-house.ts";
import { type House, openHouse } from "../support/engine.ts";

const VIEWED = `table: app.entries_seen
    contract: app.entries
    source_key: [id]
    unique_source_key: checked nightly
    business_key: [entry_id]
    rekey: allowed
    cursor: { mode: xid, column: chg, trusted: the table behind the view stamps each change }`;

/** A house that reads its entries through a view, whose rows have no positions. */
async function openViewHouse(): Promise<House> {
  const directory = mkdtempSync(join(tmpdir(), "ledgerloop-pipeline-"));
  cpSync(CLAIMS, directory, { recursive: true });
  const file = join(directory, "sources/app.yaml");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace(/table: app\.entries\n[\s\S]*?cursor: {[^}]*}/, VIEWED));
  const house = await openHouse({ directory, ddl: join(CLAIMS, "source.sql"), urlVariable: "APP_URL" });
  await house.source.query("create view app.entries_seen as select * from app.entries");
  await house.source.query("insert into app.accounts (id, account_id, name) values (1, 'A', 'a')");
  return {
    ...house,
    [Symbol.asyncDispose]: async () => {
      await house[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true });
    },
  };
}

const open = (house: House) => house.query("select source_key, kind, reasons, payload from ops.open_quarantine order by 1");

async function publish(house: House, choice: Parameters<House["run"]>[0] = {}) {
  const { report, failure } = await house.run(choice);
  expect(failure?.message).toBeUndefined();
  expect(report?.outcome).toBe("published");
  return report?.gates ?? [];
}

test("rows of a view that are misread, bad or held wait with what was landed, and each ends", async () => {
  await using house = await openViewHouse();
  await house.source.query(`insert into app.entries (id, entry_id, account_id, amount, currency) values (1, 'e1', 'A', 100, 'USD'),
    (2, 'e2', 'A', 10.5, 'USD'), (3, 'e3', 'A', -3, 'USD'), (4, 'e4', 'B', 4, 'USD'), (5, 'e5', 'A', 'NaN', 'USD')`);
  await publish(house);
  const waiting = await open(house);
  expect(waiting.map((row) => [row["source_key"], row["kind"]])).toEqual([
    ["2", "unreadable"],
    ["3", "quarantined"],
    ["4", "held"],
    ["5", "unreadable"],
  ]);
  expect(waiting.map((row) => JSON.parse(row["payload"] ?? "").amount)).toEqual(["10.5", "-3", "4", "NaN"]);
  await house.source.query("insert into app.accounts (id, account_id, name) values (2, 'B', 'b')");
  await house.source.query("update app.entries set amount = 10, chg = pg_current_xact_id() where id in (2, 3)");
  await house.source.query("delete from app.entries where id = 5");
  await publish(house, { keys: true });
  expect(await open(house)).toEqual([]);
  expect(await house.query("select row_id from ops.quarantine_row where row_id is null")).toEqual([]);
  expect(await house.query("select entry_id, amount from curated.entry order by 1")).toEqual([
    { entry_id: "e1", amount: "100" },
    { entry_id: "e2", amount: "10" },
    { entry_id: "e3", amount: "10" },
    { entry_id: "e4", amount: "4" },
  ]);
});

test("a whole read counts the rows of a view that increments had missed, by a cursor column that the contract does not have", async () => {
  await using house = await openViewHouse();
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (1, 'e1', 'A', 100, 'USD')",
  );
  await publish(house);
  const missed = "insert into app.entries (id, entry_id, account_id, amount, currency, chg) values";
  await house.source.query(`${missed} (2, 'e2', 'A', 1, 'USD', '3'), (3, 'e3', 'A', 1, 'USD', pg_current_xact_id())`);
  const gates = await publish(house, { full: true });
  expect(gates.filter((gate) => gate.name === "missed_rows").map((gate) => [gate.feed, gate.observed])).toEqual([
    ["app.entries", "below the cursor 1 rows were inserted and 0 updated"],
  ]);
});
