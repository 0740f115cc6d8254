import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { billingAlone, fourSystems } from "../../bench/hour4/pipeline.ts";
import { COMPANY_ENV } from "../support/company-hours.ts";
import { loadPipeline } from "../support/load-pipeline.ts";

test("what a bench makes of LedgerLoop's own pipeline can be loaded: four systems, and billing alone", () => {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-bench-pipelines-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [four, alone] = [fourSystems(folder), billingAlone(folder)].map((directory) =>
    [...loadPipeline({ directory, env: COMPANY_ENV }).pipeline.sources.keys()].sort(),
  );
  expect(four).toEqual(["billing", "partners", "salesforce", "stripe"]);
  expect(alone).toEqual(["billing"]);
});
