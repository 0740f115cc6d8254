import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ledgerloop } from "../cli/small-run.ts";

const folder = mkdtempSync(join(tmpdir(), "ledgerloop-nfc-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The fixture with one rule more, and an environment on each warehouse. */
function pipelineWith(forms: string): string {
  const directory = join(folder, "pipeline");
  cpSync("tests/fixtures/pipelines/claims", directory, { recursive: true });
  const contract = join(directory, "contracts/app.entries.odcs.yaml");
  const quality = `- { name: memo, logicalType: string, quality: [{ type: custom, engine: ledgerloop, implementation: { rule: unique, normalise: [${forms}] } }] }`;
  writeFileSync(contract, readFileSync(contract, "utf8").replace("- { name: memo, logicalType: string }", quality));
  const main = join(directory, "pipeline.yaml");
  const snowflake = `environments:
  snowflake:
    embedded: true
    warehouse: { kind: snowflake, account: a, user: u, database: D, sign_in: { kind: password, password: any }, access_url: "http://127.0.0.1:1" }
    control_store: { url: embedded }
    object_store: { kind: file, path: objects }
`;
  writeFileSync(main, readFileSync(main, "utf8").replace("environments:\n", snowflake));
  return directory;
}

test("nfc is refused where the environment's warehouse has no function for it, and taken elsewhere", async () => {
  const directory = pipelineWith("nfc, trim");
  const lint = (env: string) => ledgerloop(["contract", "lint", "--pipeline", directory, "--env", env], {});
  expect((await lint("local")).code).toBe(0);
  const { code, err, out } = await lint("snowflake");
  expect(code).toBe(2);
  expect(err + out).toMatch(
    /app\.entries\.odcs\.yaml:\d+:\d+: the rule memo\.unique_normalised normalises by nfc, which snowflake has/,
  );
  expect(err + out).toContain("remove nfc from normalise");
  const plan = await ledgerloop(["plan", "--pipeline", directory, "--env", "snowflake"], {});
  expect([plan.code, plan.err]).toEqual([2, expect.stringContaining("normalises by nfc")]);
});

test("the other forms are taken on every warehouse", async () => {
  const directory = pipelineWith("trim, casefold, integral, leading_zeros");
  const { code } = await ledgerloop(["contract", "lint", "--pipeline", directory, "--env", "snowflake"], {});
  expect(code).toBe(0);
});
