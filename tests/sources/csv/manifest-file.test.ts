import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { manifestPath } from "../../../src/sources/csv/files/manifest-file.ts";
import { at, openPartnersHouse, type PartnersHouse } from "../../support/partners-house.ts";
import { expectEnded, gatesOf } from "../conformance-subject.ts";

const PATH = "remittances/south/2026-05-11.csv.gz";
const MANIFEST = "remittances/south/2026-05-11.json";
const content = gzipSync(
  "remittance,invoice_id,amount,currency,paid_on\nr1,I-1,10.00,EUR,2026-05-11\nr2,I-2,20.50,EUR,2026-05-11\n",
);
const sha256 = createHash("sha256").update(content).digest("hex");
const manifest = (more: object = {}) => JSON.stringify({ records: 2, total: "30.50", sha256, ...more }, null, 2);

const LAYOUT = `layouts:
      south:
        manifest:
          file: "{stem}.json"
          pattern: '"records":\\s*(?<count>\\d+),\\s*"total":\\s*"(?<sum>[^"]*)",\\s*"sha256":\\s*"(?<sha256>[0-9a-f]{64})"'`;
const open = () => openPartnersHouse("", (text) => text.replace("layouts:", LAYOUT));

async function told(partners: PartnersHouse, hour: string, gate: string): Promise<string[]> {
  const ended = await partners.run(at(hour));
  expectEnded(ended, "published");
  return gatesOf(ended, gate).map((g) => g.observed);
}

test.each([
  ["in/a.csv", "{file}.manifest", "in/a.csv.manifest"],
  ["in/a.csv.gz", "{stem}.json", "in/a.json"],
  ["a.csv", "{stem}/{file}.ok", "a/a.csv.ok"],
])("the manifest of %s is %s: %s", (path, file, expected) => {
  expect(manifestPath(path, { file, pattern: "" })).toBe(expected);
});

test("a file waits for its manifest; what that states is compared, and it is the witness", async () => {
  await using partners = await open();
  partners.put(PATH, content);
  expect(await told(partners, "07:00", "files_waiting")).toEqual([`left for the next run: without their manifest: ${PATH}`]);
  partners.put(MANIFEST, manifest());
  const ended = await partners.run(at("08:00"));
  expectEnded(ended, "published");
  expect(gatesOf(ended, "control_totals").map((g) => [g.verdict, g.limit])).toEqual([
    ["pass", "equal to the sender's trailer, 0 off"],
  ]);
  expect(gatesOf(ended, "files_unknown")).toEqual([]);
  expect(await partners.published()).toEqual([`r1 10.00 ${PATH}`, `r2 20.50 ${PATH}`]);
});

test.each([
  ["count", { records: 3 }, "its manifest counts 3 records where it has 2"],
  ["sum", { total: "30.51" }, "the sum in its manifest is not that of its records"],
  ["hash", { sha256: "0".repeat(64) }, "its bytes are not those whose SHA-256 its manifest states"],
  ["form", { records: "two" }, "its manifest does not say what the layout expects of it"],
])("a manifest of another %s stops its file, until a right one comes", async (_what, more, says) => {
  await using partners = await open();
  partners.put(PATH, content);
  partners.put(MANIFEST, manifest(more));
  expect(await told(partners, "07:00", "files_stopped")).toEqual([`1 file stopped, no row of it is taken: ${PATH} (${says})`]);
  partners.put(MANIFEST, manifest(), at("07:30"));
  expect(await told(partners, "08:00", "files_stopped")).toEqual([]);
  expect(await partners.published()).toHaveLength(2);
});
