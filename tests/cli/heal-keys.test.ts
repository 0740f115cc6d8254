import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { HealDocument } from "../../src/documents/heal.ts";
import { atSource as runAtSource } from "./at-source.ts";
import { BILLING_PIPELINE, emptyPlace, type ProgramPlace, ROWS, SETTLED } from "./small-run.ts";

interface KeyColumn {
  readonly name: string;
  /** At the source. */
  readonly type: string;
  /** By the contract. */
  readonly logicalType: string;
  readonly physicalType: string;
}

const text = { logicalType: "string", physicalType: "text" } as const;
const decimal = { logicalType: "number", physicalType: "numeric(10,2)" } as const;
const instant = { logicalType: "timestamp", physicalType: "timestamptz" } as const;

/** Tables whose keys the source writes otherwise than the warehouse does, each with rows. */
const TABLES: Readonly<Record<string, { key: readonly KeyColumn[]; rows: string }>> = {
  rates: { key: [{ name: "rate", type: "numeric", ...decimal }], rows: "(1.5), (2), (2.250), (-3.10), (0)" },
  fixed: { key: [{ name: "rate", type: "numeric(12,4)", ...decimal }], rows: "(1.5), (2), (-0.25)" },
  moments: {
    key: [
      { name: "acct", type: "bigint", logicalType: "integer", physicalType: "bigint" },
      { name: "since", type: "timestamp", ...instant },
    ],
    rows: "(1, '2026-11-01 10:00:00'), (1, '2026-11-01 10:00:00.5'), (2, '2026-11-01 10:00:00.123456')",
  },
  zoned: {
    key: [{ name: "since", type: "timestamptz", ...instant }],
    rows: "('2026-11-01 10:00:00+05:30'), ('2026-11-01 00:00:00+00')",
  },
  days: {
    key: [
      { name: "day", type: "date", logicalType: "date", physicalType: "date" },
      { name: "flag", type: "boolean", logicalType: "boolean", physicalType: "boolean" },
    ],
    rows: "('2026-02-28', true), ('2024-02-29', false)",
  },
  texts: {
    key: [
      { name: "code", type: "text", ...text },
      { name: "part", type: "char(6)", ...text },
    ],
    rows: `('a|b', 'c\\d'), ('a', 'b|c\\d'), ('', ''), ('it''s "q"', E'n\\nl'), ('Ünï 😀', '日本'), ('=cmd', '-1'), (' sp ', '\\'), ('NULL', 'null')`,
  },
  ids: { key: [{ name: "uid", type: "uuid", ...text }], rows: "('A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A12')" },
  words: { key: [{ name: "n", type: "text", logicalType: "integer", physicalType: "bigint" }], rows: "('7'), ('8')" },
};

const names = Object.keys(TABLES);

let place: ProgramPlace;
let pipeline: string;

const at = (...args: string[]) => place.ledgerloop(...args, "--pipeline", pipeline);

function contractOf(name: string, key: readonly KeyColumn[]): string {
  const columns = key.map(
    (column, i) =>
      `      - { name: ${column.name}, logicalType: ${column.logicalType}, physicalType: "${column.physicalType}", primaryKey: true, primaryKeyPosition: ${i + 1}, required: true }`,
  );
  return `apiVersion: v3.1.0
kind: DataContract
id: billing.${name}
version: 1.0.0
status: active
name: ${name}
domain: finance
description: { purpose: keys of all kinds }
team: { name: data-engineering }
schema:
  - name: ${name}
    logicalType: object
    properties:
${columns.join("\n")}
      - { name: label, logicalType: string, physicalType: text }
slaProperties:
  - { property: latency, value: 2, unit: h, element: ${name}.label }
  - { property: retention, value: 7, unit: y, element: ${name}.label }
`;
}

function feedOf(name: string, key: readonly KeyColumn[]): string {
  const list = key.map((column) => column.name).join(", ");
  return `  ${name}:
    table: billing.${name}
    contract: billing.${name}
    source_key: [${list}]
    unique_source_key: checked nightly
    business_key: [${list}]
    cursor: { mode: xid, column: chg }
`;
}

const atSource = (...statements: readonly string[]) => runAtSource(place, statements);

const labels = async (name: string) => {
  const { document } = await place.json("query", `select label from staging.billing_${name}`, "--pipeline", pipeline);
  return (document as { label: string }[]).map(({ label }) => label).sort();
};

beforeAll(async () => {
  place = await emptyPlace();
  pipeline = join(place.folder, "pipeline");
  cpSync(BILLING_PIPELINE, pipeline, { recursive: true, filter: (path) => !path.includes(".state") });
  const change = (file: string, by: (text: string) => string) =>
    writeFileSync(join(pipeline, file), by(readFileSync(join(pipeline, file), "utf8")));
  const listed = names.map((name) => `billing.${name}`).join(", ");
  change("pipeline.yaml", (yaml) => yaml.replace("billing.payments, partners", `billing.payments, ${listed}, partners`));
  const feeds = names.map((name) => feedOf(name, TABLES[name]?.key ?? [])).join("");
  change("sources/billing.yaml", (yaml) => `${yaml.trimEnd()}\n${feeds}`);
  await atSource(`${ROWS};${SETTLED}`);
  for (const [name, { key, rows }] of Object.entries(TABLES)) {
    writeFileSync(join(pipeline, `contracts/billing.${name}.odcs.yaml`), contractOf(name, key));
    const columns = key.map((column) => `${column.name} ${column.type}`).join(", ");
    await atSource(
      `create table billing.${name} (${columns}, label text, chg xid8 not null default pg_current_xact_id())`,
      `insert into billing.${name} (${key.map((column) => column.name).join(", ")}) values ${rows}`,
      `update billing.${name} set label = 'old ' || ctid::text`,
    );
  }
  await at("up");
  expect((await at("run", "--window", "2026-11-02T00:00:00Z/2026-11-03T00:00:00Z")).code).toBe(0);
  expect((await at("reconcile", "run")).code).toBe(0);
  await atSource(...names.map((name) => `update billing.${name} set label = replace(label, 'old', 'new')`));
  // The change has no stamp: each row has the one that it had.
  await atSource(...names.map((name) => `update billing.${name} set chg = '3'::xid8`));
  expect((await at("reconcile", "run", "--leg", "R1")).code).toBe(10);
  return () => place[Symbol.asyncDispose]();
});

test.each(names.filter((name) => name !== "words"))(
  "keys of %s are found at the source however it writes them, and none is taken for gone",
  async (name) => {
    const before = await labels(name);
    const { code, document } = await place.json(
      "reconcile",
      "heal",
      "--class",
      "attribute",
      "--feed",
      `billing.${name}`,
      "--pipeline",
      pipeline,
    );
    const { healed, runs } = document as HealDocument;
    const flow = runs[0]?.feeds.find(({ feed }) => feed === `billing.${name}`);
    expect([code, healed.length, healed.some(({ open }) => open)]).toEqual([0, before.length, false]);
    expect([flow?.extracted, flow?.updated, flow?.vanished]).toEqual([before.length, before.length, 0]);
    expect(await labels(name)).toEqual(before.map((label) => label.replace("old", "new")).sort());
  },
);

test("where a source writes texts of which the contract makes numbers, a key that is not found need not be gone: that is refused", async () => {
  const before = await labels("words");
  const { code, err } = await at("reconcile", "heal", "--class", "attribute", "--feed", "billing.words");
  expect([code, err]).toEqual([20, expect.stringContaining("n is text at the source and integer by its contract")]);
  expect(await labels("words")).toEqual(before);
  expect((await at("run", "--full", "--feeds", "billing.words", "--reason", "as it says")).code).toBe(0);
  expect((await at("reconcile", "run")).code).toBe(0);
});
