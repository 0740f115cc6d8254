import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type CrashSite, failAt, killAt, siteBefore } from "../support/crashing.ts";
import { openHouse, type SourcelessHouse } from "../support/engine.ts";
import { expectWhole, expectWholeAtEvery, type OpenSite, onSite } from "../support/expect-whole.ts";
import { inForce } from "../support/in-force.ts";
import { loadPipeline } from "../support/load-pipeline.ts";
import type { Published } from "../support/published.ts";

const PIPELINES = join(import.meta.dirname, "../fixtures/pipelines");
const WINDOW = { start: new Date("2026-11-01T01:00:00Z"), end: new Date("2026-11-01T02:00:00Z") };
const HOUR = { window: WINDOW, args: ["run", "--window", `${WINDOW.start.toISOString()}/${WINDOW.end.toISOString()}`] };

const LOADED = `
insert into app.accounts (id, account_id, name) values (1, 'A', 'a'), (2, 'B', 'b');
insert into app.entries (id, entry_id, account_id, amount, currency, memo) values
  (1, 'e1', 'A', 100, 'USD', 'm1'), (2, 'e2', 'B', 250, 'USD', 'm2'), (3, 'e3', 'A', 5, 'JPY', null), (4, 'e4', 'B', 7, 'USD', 'm1')`;

/** A conflict ends, another begins, an account has another name: rows of all tables are other ones, also where nothing of theirs changed. */
const CHANGED = `
update app.accounts set name = 'bb', v = 2, chg = pg_current_xact_id() where id = 2;
update app.entries set memo = 'm2', chg = pg_current_xact_id() where id = 4;
insert into app.entries (id, entry_id, account_id, amount, currency, memo) values (5, 'e5', 'A', 9, 'USD', null)`;

/** Doubles the money of `settled`, on which totals stand. */
function double(directory: string): void {
  const file = join(directory, "models/settled.sql");
  writeFileSync(file, readFileSync(file, "utf8").replace("e.amount,", "e.amount * 2 as amount,"));
}

/** The house with the files of its pipeline as they are now. */
function reread<H extends SourcelessHouse>(house: H, directory: string): H {
  const { pipeline } = loadPipeline({ directory, env: house.env });
  const now = inForce(pipeline);
  return {
    ...house,
    pipeline,
    engine: { ...house.engine, ...now },
    run: (choice, engine) => house.run(choice, { ...now, ...engine }),
  };
}

interface Happens {
  /** To the source, behind a first hour. */
  readonly live?: string;
  /** To the files of the pipeline. */
  readonly edit?: (directory: string) => void;
  /** To published rows, by another hand. */
  readonly spoil?: string;
  readonly hour: CrashSite["hour"];
}

async function siteOf({ live, edit, spoil, hour }: Happens): Promise<OpenSite> {
  const directory = mkdtempSync(join(tmpdir(), "ledgerloop-pipeline-"));
  cpSync(join(PIPELINES, "linked"), directory, { recursive: true });
  const house = await openHouse({ directory, ddl: join(PIPELINES, "claims/source.sql"), urlVariable: "APP_URL" });
  await house.source.query(LOADED);
  expect((await house.run()).report?.outcome).toBe("published");
  if (live) await house.source.query(live);
  edit?.(directory);
  if (spoil) {
    const session = await house.engine.warehouse.open({ purpose: "another hand" });
    await session.run({ name: "t", sql: spoil });
    await session.close();
  }
  const site = await siteBefore(reread(house, directory), hour);
  return { site, close: async () => rmSync(directory, { recursive: true }) };
}

/** Rows of two entries are read again, of which a hand has changed one and the source has the other no more, and a row of a table on which others stand is computed again. */
const HEAL: CrashSite["hour"] = {
  ...{ window: null, args: [] },
  request: {
    ...{ kind: "heal", group: "desk", reason: "by hand", ticket: null, acceptRemoved: [] },
    keys: [{ feed: "app.entries", keys: [["1"], ["3"]] }],
    rows: [{ table: "link", keys: [["e2"]] }],
    breaks: [
      {
        ...{ break_id: "brk_1", leg: "R1", subject: "app.entries", compares: "rows", break_key: "1" },
        ...{ class: "amount", extent: null },
      },
    ],
  },
};

const BY_HAND = { window: null, recompute: ["link"], args: ["run", "--recompute", "link"] };

/** Everything published, but for what a publication has recorded of itself, and that it wrote the same rows once more. */
function but(published: Published, number: number): Published {
  const rowsBut = (rows: readonly string[]) =>
    rows.flatMap((text) => {
      const row = JSON.parse(text);
      if (row.number === number || row._to_publication === number) return [];
      return row._publication === number ? [JSON.stringify({ ...row, _publication: number - 1 })] : [text];
    });
  const others = Object.entries(published).map(([table, rows]) => [table, rowsBut(rows).sort()] as const);
  return Object.fromEntries(others.filter(([, rows]) => rows.length > 0));
}

/** A request by hand has no window that would tell that it was published: repeated behind its COMMIT it is published once more, with the same rows. */
const failByHand: typeof failAt = async (site, moment) => {
  const run = await failAt(site, moment);
  const published = site.clean["ops.publication"]?.length ?? 0;
  const isTwice = (run.after["ops.publication"]?.length ?? 0) > published;
  if (!isTwice) return run;
  expect(run.between, "what was published before it was repeated").toEqual(site.clean);
  return { ...run, after: but(run.after, published + 1) };
};

test.each<[string, Happens, typeof killAt]>([
  ["of changes that reach rows through two tables", { live: CHANGED, hour: HOUR }, killAt],
  ["with changes and another SELECT of a table that others stand on", { live: CHANGED, edit: double, hour: HOUR }, failAt],
  [
    "in which tables are computed again by hand",
    { spoil: "update curated.link__rows set status = 'unlinked' where entry_id = 'e2'", hour: BY_HAND },
    failByHand,
  ],
  [
    "that heals keys",
    {
      live: "delete from app.entries where id = 3",
      spoil: "update staging.app_entries__rows set amount = amount + 1, _minor = _minor + 1 where id = 1",
      hour: HEAL,
    },
    failByHand,
  ],
])(
  "an hour %s, broken off at any statement and repeated, is the clean run; readers never see half",
  async (_, happens, breakOff) => {
    await onSite(siteOf(happens), (site) => expectWholeAtEvery(site, { kind: "warehouse", when: "after" }, breakOff));
  },
);

test.each([
  ["touched.settled", "before"],
  ["touched-after.memo_total", "after"],
  ["curated-delete.memo_total", "after"],
] as const)("a process killed at %s, %s it, repeated, is the clean run", async (what, when) => {
  await onSite(siteOf({ live: CHANGED, hour: HOUR }), async (site) => {
    const run = await killAt(site, { kind: "warehouse", what, when, at: 1 });
    expect(run.reached).toBe(true);
    expect(run.between).toEqual(site.before);
    expectWhole(site, run, `${when} ${what}`);
  });
});
