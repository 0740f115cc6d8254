import { expect, test } from "vitest";
import { readYaml } from "../../src/contract/yaml-document.ts";
import { openHostileHouse } from "../support/hostile-house.ts";

const TEXT = { logicalType: "string" };

test("a table without rows publishes an hour without rows; rows that come later are inserted", async () => {
  await using house = await openHostileHouse({ columns: [{ name: "a", type: "text", contract: TEXT }] });
  expect((await house.run()).report).toMatchObject({ outcome: "published", feeds: [{ extracted: 0, inserted: 0 }] });
  await house.source.query("insert into app.things values (1, 'x')");
  expect((await house.run()).report).toMatchObject({ outcome: "published", feeds: [{ inserted: 1 }] });
});

test.each([
  ["without a column in common but its key", "alter table app.things rename a to theirs", "a"],
  ["without its key column", "alter table app.things drop column id", "id"],
])("a table %s is not read: the gate names the column", async (_, change, column) => {
  await using house = await openHostileHouse({ columns: [{ name: "a", type: "text", contract: TEXT }] });
  await house.source.query(change);
  const { report } = await house.run();
  expect(report).toMatchObject({ outcome: "blocked", exit_code: 10 });
  const gate = report?.gates.find((g) => g.gate === "drift/app.things");
  expect(gate).toMatchObject({ verdict: "fail", observed: expect.stringMatching(new RegExp(`\\b${column}\\b`)) });
});

test("600 columns, each with a rule, and each broken once", async () => {
  const columns = Array.from({ length: 600 }, (_, i) => ({
    name: `c${i}`,
    type: "text",
    contract: { ...TEXT, logicalTypeOptions: { maxLength: 3 } },
  }));
  await using house = await openHostileHouse({ columns });
  const row = (id: number, broken: number) => `(${id}, ${columns.map((_, i) => (i === broken ? "'long'" : "'ok'")).join(", ")})`;
  await house.source.query(`insert into app.things values ${Array.from({ length: 601 }, (_, i) => row(i, i)).join(", ")}`);
  const { report } = await house.run();
  expect(report).toMatchObject({
    outcome: "published",
    rules: { errored: 0, failed: 600 },
    feeds: [{ inserted: 1, quarantined: 600 }],
  });
  const [reasons] = await house.query("select count(distinct reasons) as n, count(*) as all from ops.quarantine_row");
  expect(reasons).toEqual({ n: "600", all: "600" });
});

test("200 rules on one table, each broken by one row: each row has its own reason alone", async () => {
  const quality = Array.from({ length: 200 }, (_, i) => ({
    id: `not_${i}`,
    type: "custom",
    engine: "ledgerloop",
    implementation: { rule: "expression", expression: `n <> ${i}`, nulls: "pass" },
    severity: "error",
  }));
  await using house = await openHostileHouse({
    columns: [{ name: "n", type: "bigint", contract: { logicalType: "integer", physicalType: "bigint" } }],
    quality,
  });
  await house.source.query("insert into app.things select i, i from generate_series(0, 209) i");
  const { report } = await house.run();
  expect(report).toMatchObject({ outcome: "published", feeds: [{ inserted: 10, quarantined: 200 }] });
  const rows = await house.query("select source_key, reasons from ops.quarantine_row order by cast(source_key as int)");
  expect(rows.map((r) => r["reasons"])).toEqual(Array.from({ length: 200 }, (_, i) => `["not_${i}"]`));
});

test("a YAML file of 1 MB is read, or refused at the place that is wrong", () => {
  const list = Array.from({ length: 30_000 }, (_, i) => `  - { name: c${i}, logicalType: string }`);
  const good = readYaml({ file: "big.yaml", text: `properties:\n${list.join("\n")}\n` });
  expect(good.problems).toEqual([]);
  const bad = readYaml({ file: "big.yaml", text: `properties:\n${list.join("\n")}\n  - { name: [\n` });
  expect(bad.problems[0]).toMatchObject({ at: { file: "big.yaml", line: 30_003 } });
  const deep = readYaml({ file: "deep.yaml", text: `a: ${"[".repeat(100_000)}` });
  expect(deep.problems[0]).toMatchObject({ at: { file: "deep.yaml" } });
  const long = readYaml({ file: "long.yaml", text: `a: "${"x".repeat(1 << 20)}"\nb: 1\nb: 2\n` });
  expect(long.problems).toMatchObject([{ code: "yaml.duplicate_key", at: { line: 3 } }]);
});
