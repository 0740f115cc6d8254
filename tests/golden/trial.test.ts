import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { CSV_READERS } from "../../src/app/trial.ts";
import { tryFiles } from "../../src/trial/try-files.ts";
import type { Dialect } from "../../src/warehouse/dialect.ts";
import { duckdbInMemory } from "../../src/warehouse/duckdb/memory.ts";
import type { Session } from "../../src/warehouse/warehouse.ts";
import { DIALECTS, expectGolden, expectHouseRules, nothingWritten, writeBoth } from "./golden-files.ts";

/** What a trial of files asks beside what every run asks. */
const OWN = /^(trial|refused|references)\b/;
const written = nothingWritten();

const EXAMPLE = "examples/partner-file";
const asked = {
  files: [`${EXAMPLE}/payments-2026-11.csv`],
  contract: `${EXAMPLE}/payments.odcs.yaml`,
  layout: null,
  references: new Map([["customers", `${EXAMPLE}/customers.csv`]]),
};

async function tryOn(session: Session, dialect: Dialect): Promise<void> {
  const temporary = mkdtempSync(join(tmpdir(), "ledgerloop-trial-"));
  const open = async () => ({ ...session, close: async () => undefined });
  const tools = { readers: CSV_READERS, openWarehouse: async () => ({ dialect, open }), temporary, tell: () => undefined };
  try {
    const trial = await tryFiles({ ...asked, quarantine: join(temporary, "bad") }, tools);
    expect(trial).toMatchObject({ rows: 14n, valid: 5n, quarantined: 8n, malformed: 1n });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

beforeAll(async () => {
  const spill = mkdtempSync(join(tmpdir(), "ledgerloop-trial-spill-"));
  const session = await duckdbInMemory({ memoryLimit: "256MB", spill }).open({ purpose: "test" });
  try {
    await writeBoth(written, session, tryOn);
  } finally {
    await session.close();
  }
});

test.each(DIALECTS)("%s: every statement of a trial stands in its golden file", (name) => {
  expectGolden(
    join(import.meta.dirname, "trial", name),
    new Map([...written[name]].filter(([statement]) => OWN.test(statement))),
  );
});

test("the Snowflake text keeps the house rules", () => expectHouseRules(written));
