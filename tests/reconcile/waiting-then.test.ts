import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { TermsDocument } from "../../src/documents/terms.ts";
import { atSource } from "../cli/at-source.ts";
import { BILLING_PIPELINE, emptyPlace, ROWS, SETTLED } from "../cli/small-run.ts";

const CONTRACT = "contracts/billing.invoices.odcs.yaml";

test("rows that wait since before their contract had a column wait still, and an older one beside them stays as it was", async () => {
  await using place = await emptyPlace();
  const pipeline = join(place.folder, "pipeline");
  cpSync(BILLING_PIPELINE, pipeline, { recursive: true, filter: (path) => !path.includes(".state") });
  const here = (...args: string[]) => place.ledgerloop(...args, "--pipeline", pipeline);
  const terms = async () => {
    const asked = ["reconcile", "terms", "billing.invoices", "--term", "waiting", "stale", "break", "--pipeline", pipeline];
    const { terms: found } = (await place.json(...asked)).document as TermsDocument;
    return found.flatMap(({ term, listed }) => listed.map(({ key }) => `${term} ${key["id"]}`));
  };
  await atSource(place, [`${ROWS};${SETTLED}`]);
  await here("up");
  expect((await here("run", "--window", "2026-11-02T00:00:00Z/2026-11-03T00:00:00Z")).code).toBe(0);
  await atSource(place, ["update billing.invoices set status = 'nonsense' where id = 8"]);
  expect((await here("run", "--window", "2026-11-03T00:00:00Z/2026-11-04T00:00:00Z")).code).toBe(0);
  expect(await terms()).toEqual(["waiting 7", "stale 8"]);
  await atSource(place, ["alter table billing.invoices add column memo text"]);
  const contract = readFileSync(join(pipeline, CONTRACT), "utf8");
  const [description = ""] = /^ +- name: description$/m.exec(contract) ?? [];
  const later = contract
    .replace(description, `      - { name: memo, logicalType: string }\n${description}`)
    .replace(/^version: .*$/m, "version: 1.9.0");
  expect(later).toContain("memo");
  writeFileSync(join(pipeline, CONTRACT), later);
  expect((await here("run", "--window", "2026-11-04T00:00:00Z/2026-11-05T00:00:00Z")).code).toBe(0);
  expect(await terms()).toEqual(["waiting 7", "stale 8"]);
});
