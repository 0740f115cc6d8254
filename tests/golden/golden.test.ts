import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Statement } from "../../src/warehouse/dialect.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { snowflakeDialect } from "../../src/warehouse/snowflake/dialect.ts";
import { BANK_HOURS } from "../support/bank-hours.ts";
import { DEPENDENT_HOURS } from "../support/dependencies.ts";
import { type Desk, type Hour, openDesk } from "../support/desk.ts";
import { FINDINGS_HOURS } from "../support/findings-hours.ts";
import { HEALED_HOURS } from "../support/healed-hours.ts";
import { LIBRARY_HOURS } from "../support/library-hours.ts";
import { LINKED_HOURS, RECOMPUTED_HOURS } from "../support/linked-hours.ts";
import { NETTED_HOURS } from "../support/netted-desk.ts";
import { ORDERED_HOURS } from "../support/ordered-desk.ts";
import { type Recorded, recording, replaying } from "../support/recorded.ts";
import { SCOPED_HOURS } from "../support/scoped-desk.ts";
import { STRIPE_HOURS } from "../support/stripe-hours.ts";
import { HOURS } from "../support/two-hours.ts";
import { UNITED_HOURS } from "../support/united-hours.ts";
import { DIALECTS, expectGolden, isOurs, keep, nothingWritten, type Written } from "./golden-files.ts";

interface Scene {
  /** Where its golden files are. */
  readonly folder: string;
  readonly open: () => Desk;
  readonly hours: readonly Hour[];
  /** Which of its statements stand there. */
  readonly keeps: (name: string) => boolean;
  readonly written: Written;
  /** Statements from the first label scan to COMMIT, per hour. */
  readonly counted: number[];
}

const HERE = import.meta.dirname;

function scene(options: Pick<Scene, "folder" | "open" | "hours" | "keeps">): Scene {
  return { ...options, written: nothingWritten(), counted: [] };
}

/** Every statement of a run over billing's four tables and the files of partners. */
const billing = scene({
  folder: HERE,
  open: () => openDesk("billing", join(HERE, "../fixtures/pipelines/billing")),
  hours: HOURS,
  keeps: isOurs,
});

/** What is written otherwise for a feed that has scopes and is told of deletes. */
const files = scene({
  folder: join(HERE, "scoped"),
  open: () => openDesk("claims"),
  hours: SCOPED_HOURS,
  keeps: (name) =>
    /^(label|keys|deleted|vanished|verdict|waiting|ddl\.staging|staging-[a-z]+)\.app\.entries$|^quarantine\./.test(name),
});

/** And for one of whose parts the later ones win. */
const ordered = scene({
  folder: join(HERE, "ordered"),
  open: () => openDesk("claims"),
  hours: ORDERED_HOURS,
  keeps: (name) => /^(label|verdict|withdrawn|waiting|ddl\.staging|staging-(insert|scope))\.app\.entries$/.test(name),
});

/** The DuckDB statements are executed while they are recorded; the Snowflake ones are written by the same code, fed with the answers that DuckDB gave. */
async function record(from: Scene): Promise<void> {
  const recorded: Recorded[][] = [];
  await using desk = from.open();
  for (const hour of from.hours) {
    const session = await desk.open();
    const statements: Recorded[] = [];
    try {
      const played = await desk.play(hour, { session: recording(session, statements), dialect: duckdbDialect });
      expect(played.outcome.outcome).toBe("published");
    } finally {
      await session.close();
    }
    recorded.push(statements);
    const ours = statements.filter((s) => isOurs(s.name));
    from.counted.push(ours.length - ours.findIndex((s) => s.name.startsWith("label.")));
    keep(from.written, "duckdb", { statements, wanted: from.keeps });
  }
  await using again = from.open();
  for (const [i, hour] of from.hours.entries()) {
    const statements: Statement[] = [];
    await again.play(hour, { session: replaying(recorded[i] ?? [], statements), dialect: snowflakeDialect });
    keep(from.written, "snowflake", { statements, wanted: from.keeps });
  }
}

/** A table that counts rows of another one: what is touched by a changed row's old value, and after it was written. */
const library = scene({
  folder: join(HERE, "library"),
  open: () => openDesk("library"),
  hours: LIBRARY_HOURS,
  keeps: (name) => /^(old|touched-after)\./.test(name),
});

/** And for one with nets. */
const nets = scene({
  folder: join(HERE, "netted"),
  open: () => openDesk("claims"),
  hours: NETTED_HOURS,
  keeps: (name) => /^(keys|vanished|verdict|netted|misses)(\.app\.entries)?$|^quarantine\.close$/.test(name),
});

/** A table that joins two feeds, and says where they differ. */
const bank = scene({
  folder: join(HERE, "bank"),
  open: () => openDesk("bank"),
  hours: BANK_HOURS,
  keeps: (name) => /^(ties|touched|curated-insert|curated-first)\./.test(name),
});

/** The example's table of movements of the balance and their objects. */
const stripe = scene({
  folder: join(HERE, "stripe"),
  open: () => openDesk("stripe", join(HERE, "../../examples/stripe")),
  hours: STRIPE_HOURS,
  keeps: (name) => /^(ties|touched|curated-insert|curated-first)\.balance_tie\b/.test(name),
});

/** A curated table of which rows break its rules. */
const findings = scene({
  folder: join(HERE, "findings"),
  open: () => openDesk("claims"),
  hours: FINDINGS_HOURS,
  keeps: (name) => /^(assert$|findings)/.test(name),
});

/** Rows that are compared with others of the same determinants, in a feed and in its table. */
const dependent = scene({
  folder: join(HERE, "dependent"),
  open: () => openDesk("claims"),
  hours: DEPENDENT_HOURS,
  keeps: (name) => /^(verdict|waiting)\.app\.entries$|^(tally|assert)$/.test(name),
});

/** Curated tables over curated tables. */
const linked = scene({
  folder: join(HERE, "linked"),
  open: () => openDesk("linked"),
  hours: LINKED_HOURS,
  keeps: (name) => /^(touched|touched-after|curated-first|curated-insert)\.(settled|memo_total)$/.test(name),
});

/** A table that unites two feeds under derived keys. */
const united = scene({
  folder: join(HERE, "united"),
  open: () => openDesk("united"),
  hours: UNITED_HOURS,
  keeps: (name) =>
    /^(label|staging-insert|ddl\.staging|ddl\.staging-view)\.app\.transfers$|^(touched|curated-insert)\.payment$/.test(name),
});

/** One of them computed whole. */
const recomputed = scene({
  folder: join(HERE, "recomputed"),
  open: () => openDesk("linked"),
  hours: RECOMPUTED_HOURS,
  keeps: (name) =>
    /^(made|touched|computed|differing|curated-insert)\.settled$|^assert\.(breaking\.)?settled$|^touched-count$/.test(name),
});

/** Keys that are read again, of which one is gone, and a curated key that nothing reaches. */
const healed = scene({
  folder: join(HERE, "healed"),
  open: () => openDesk("linked"),
  hours: HEALED_HOURS,
  keeps: (name) =>
    /^(keys|vanished|verdict)\.app\.entries$|^(quarantine\.close|before|tally)$|^(touched|curated-insert)\.settled$/.test(name),
});

beforeAll(async () => {
  await record(stripe);
  await record(bank);
  await record(library);
  await record(billing);
  await record(files);
  await record(ordered);
  await record(nets);
  await record(findings);
  await record(dependent);
  await record(linked);
  await record(recomputed);
  await record(united);
  await record(healed);
});

describe.each(DIALECTS)("%s", (name) => {
  test.each([
    ["billing alone", billing],
    ["a feed of files", files],
    ["a feed of files that have an order", ordered],
    ["a table that counts", library],
    ["a feed with nets", nets],
    ["rows compared with others", dependent],
    ["a table that joins", bank],
    ["a table with findings", findings],
    ["Stripe's movements and their objects", stripe],
    ["tables over tables", linked],
    ["a table that is computed again", recomputed],
    ["a table that unites feeds", united],
    ["keys that are healed", healed],
  ])("every statement of %s stands in its golden file", (_scene, { folder, written }) => {
    expectGolden(join(folder, name), written[name]);
  });

  test("between DDL and COMMIT the publish transaction holds DML and queries only", () => {
    const inside = [...billing.written[name], ...files.written[name], ...recomputed.written[name]].filter(([s]) =>
      /^(publish|staging-|quarantine|history|curated|computed|differing|ledger|assert|after)/.test(s),
    );
    expect(inside.length).toBeGreaterThan(30);
    for (const [statement, sql] of inside) expect(sql.trimStart(), statement).toMatch(/^(INSERT|UPDATE|DELETE|SELECT)\b/);
  });
});

test("an hour of four feeds takes so many statements: each costs a warehouse its compilation", () => {
  expect(billing.counted).toEqual([41, 74]);
});

test("the Snowflake text keeps the house rules: no casts by ::, no lower-case keywords, no FILTER, no anti join", () => {
  for (const [statement, sql] of [
    ...billing.written.snowflake,
    ...files.written.snowflake,
    ...ordered.written.snowflake,
    ...library.written.snowflake,
    ...nets.written.snowflake,
    ...dependent.written.snowflake,
    ...bank.written.snowflake,
    ...stripe.written.snowflake,
    ...linked.written.snowflake,
    ...recomputed.written.snowflake,
    ...united.written.snowflake,
    ...healed.written.snowflake,
  ]) {
    const own = sql.replace(/'(?:[^']|'')*'/g, "''");
    expect(own, statement).not.toMatch(/::|\bFILTER\b|\bANTI JOIN\b|\browid\b|TRY_CAST\((?!REGEXP_REPLACE\()|\btemp\./);
    if (!/^(curated-insert|curated-first|computed|touched(?:-after)?|label|assert|batch-rules)\b/.test(statement))
      expect(own, statement).not.toMatch(/\b(select|from|where|join|insert|update|delete)\b/);
  }
});
