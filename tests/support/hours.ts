import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import type { Window } from "../../src/kernel/window.ts";
import { CLAIMS } from "./claims-house.ts";
import { type House, openHouse } from "./engine.ts";

/** An hour of the source's life and the run that loads it. */
export interface SourceHour {
  readonly window: Window;
  /** The command line that loads it. */
  readonly args: readonly string[];
  live(source: pg.Client): Promise<unknown>;
}

function hour(start: string, end: string, sql: string): SourceHour {
  return {
    window: { start: new Date(start), end: new Date(end) },
    args: ["run", "--window", `${start}/${end}`],
    live: (source) => source.query(sql),
  };
}

/** Good rows, a broken one, an unreadable one, contenders, a copy and an orphan. */
export const FIRST = hour(
  "2026-11-01T00:00:00Z",
  "2026-11-01T01:00:00Z",
  String.raw`
insert into app.accounts (id, account_id, name) values (1, 'A', 'a'), (2, 'B', 'b'), (3, 'C', null), (4, 'D', 'd');
insert into app.entries (id, entry_id, account_id, amount, currency, memo) values
  (1, 'e1', 'A', 100, 'USD', null), (2, 'e2', 'B', 250, 'USD', E'two\nlines'), (3, 'e3', 'A', -5, 'USD', null), (4, 'e4', 'A', 'NaN', 'USD', null),
  (5, 'e5', 'A', 1, 'JPY', null), (6, 'e5', 'B', 2, 'JPY', null), (7, 'e7', 'C', 7, 'USD', null), (8, 'e8', 'Z', 8, 'USD', null),
  (9, 'e9', 'B', 9, 'USD', ''), (9, 'e9', 'B', 9, 'USD', ''), (10, 'e10', 'D', 10, 'USD', null), (11, 'e11', 'D', 11, 'USD', null)`,
);

/**
 * Over the first: changed, gone and new rows in both tables, a corrected row, a parent that comes late, a contender that leaves,
 * a row that becomes broken and new broken ones.
 */
export const SECOND = hour(
  "2026-11-01T01:00:00Z",
  "2026-11-01T02:00:00Z",
  `
update app.accounts set name = 'aa', v = 2, chg = pg_current_xact_id() where id = 1;
update app.accounts set name = 'c', v = 2, chg = pg_current_xact_id() where id = 3;
insert into app.accounts (id, account_id, name) values (5, 'Z', 'z'), (6, 'Y', null);
update app.entries set amount = 101, chg = pg_current_xact_id() where id = 1;
update app.entries set amount = -2, chg = pg_current_xact_id() where id = 2;
update app.entries set amount = 3, chg = pg_current_xact_id() where id = 3;
delete from app.entries where id in (6, 10, 11);
insert into app.entries (id, entry_id, account_id, amount, currency) values
  (12, 'e12', 'A', 12, 'USD'), (13, 'e13', 'Y', 13, 'USD'), (14, 'e14', 'B', 14, 'EUR'), (15, 'e15', 'C', 15, 'JPY')`,
);

/** The smallest pipeline, its entries read whole: one feed by cursor, and one whose gone rows are seen in each hour. */
function pipelineFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-pipeline-"));
  cpSync(CLAIMS, folder, { recursive: true });
  const file = join(folder, "sources/app.yaml");
  const yaml = readFileSync(file, "utf8");
  const at = yaml.indexOf("  entries:");
  writeFileSync(file, yaml.slice(0, at) + yaml.slice(at).replace("{ mode: xid, column: chg }", "{ mode: whole }"));
  return folder;
}

/** A house whose source is about to be loaded for an hour, everything before it loaded. */
export async function houseBefore(hour: SourceHour, { ownServers = false } = {}): Promise<House> {
  const directory = pipelineFolder();
  const opened = await openHouse({ directory, ddl: join(CLAIMS, "source.sql"), urlVariable: "APP_URL", ownServers });
  const house = {
    ...opened,
    [Symbol.asyncDispose]: async () => {
      await opened[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true });
    },
  };
  await FIRST.live(house.source);
  if (hour === FIRST) return house;
  const first = await house.run({ window: FIRST.window });
  if (first.report?.outcome !== "published") throw new Error(`the first hour was not published: ${first.failure?.message}`);
  await SECOND.live(house.source);
  return house;
}
