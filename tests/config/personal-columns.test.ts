import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { columnNames } from "../../src/documents/pii.ts";
import { loadPipeline } from "../support/load-pipeline.ts";

const FIXTURE = join(import.meta.dirname, "../fixtures/pipelines/linked");

/** The fixture with names of accounts personal, and one edit more. */
function load(edit?: { file: string; from: string; to: string }) {
  const directory = mkdtempSync(join(tmpdir(), "ledgerloop-personal-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  cpSync(FIXTURE, directory, { recursive: true });
  const name = "{ name: name, logicalType: string";
  const edits = [
    { file: "contracts/app.accounts.odcs.yaml", from: name, to: `${name}, classification: pii` },
    ...(edit ? [edit] : []),
  ];
  for (const { file, from, to } of edits) {
    const text = readFileSync(join(directory, file), "utf8");
    if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
    writeFileSync(join(directory, file), text.replace(from, to));
  }
  return loadPipeline({ directory, env: { LEDGERLOOP_STATE: directory } });
}

const newest = "{ name: newest_name, logicalType: string";

test("columns of tables are masked that are made of personal ones, through tables, and each is warned of with its place", () => {
  const { pipeline, warnings } = load();
  const masked = [...pipeline.models.values()].flatMap(({ table, contract }) =>
    contract.columns.flatMap(({ name, pii }) => (pii ? [`${table}.${name}`] : [])),
  );
  expect(masked).toEqual(["account.name", "settled.name", "memo_total.newest_name"]);
  expect(warnings.map(({ says, at }) => [says, at?.file.split("/").at(-1)])).toEqual(
    ["account.name", "memo_total.newest_name", "settled.name"].map((of) => {
      const [table = "", column = ""] = of.split(".");
      const says = `"${column}" of ${table} may be made of what is personal in what its model reads, and is masked`;
      return [says, `${table}.odcs.yaml`];
    }),
  );
  const total = pipeline.models.get("memo_total") ?? expect.fail();
  expect([...columnNames(pipeline, [total.contract]).personal]).toEqual(["newest_name"]);
});

test("what a contract says of its column holds: personal without a warning, or open", () => {
  const pii = load({ file: "contracts/memo_total.odcs.yaml", from: newest, to: `${newest}, classification: pii` });
  expect(pii.warnings.map(({ at }) => at?.file.split("/").at(-1))).toEqual(["account.odcs.yaml", "settled.odcs.yaml"]);
  const open = load({ file: "contracts/memo_total.odcs.yaml", from: newest, to: `${newest}, classification: internal` });
  expect(open.pipeline.models.get("memo_total")?.contract.columns.filter((c) => c.pii)).toEqual([]);
});
