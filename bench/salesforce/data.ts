import { createWriteStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { parseContract } from "../../src/contract/parse-contract.ts";
import { pagePacks } from "../../src/sources/pages/page-packs.ts";
import { cellKind } from "../../src/sources/salesforce/pages/field-text.ts";
import type { SalesforceParameters } from "../../src/sources/salesforce/pages/spec.ts";
import { fieldOf } from "../../src/sources/salesforce/salesforce-kind.ts";

const CONTRACT = join(import.meta.dirname, "../../examples/salesforce/contracts/salesforce.opportunities.odcs.yaml");

/** Records of a page, as many as the reader asks for where they have this length. */
const PAGE = 50_000;

const NUMBERS = new Set(["Amount", "Probability"]);

/** The columns of the example's opportunities, and how they are found. */
export function parametersOf(): SalesforceParameters {
  const { contract, problems } = parseContract({ file: CONTRACT, text: readFileSync(CONTRACT, "utf8") });
  if (!contract) throw new Error(problems.map(({ says }) => says).join("; "));
  return {
    columns: ["_position", "_fault", "_payload", "_unconverted", ...contract.columns.map(({ name }) => name)],
    cells: contract.columns.map((column) => {
      const field = fieldOf(column);
      return { name: column.name, field, kind: cellKind(column.type.kind, NUMBERS.has(field)), constant: null };
    }),
    key: "id",
    records: "current",
    parts: [{ of: "records", first: 1, last: Number.MAX_SAFE_INTEGER, except: [] }],
    tellsDeleted: false,
    tellsIds: false,
  };
}

const text = (n: number, length: number) =>
  (BigInt(n + 1) * 6364136223846793005n).toString(36).padStart(length, "x").slice(0, length);

const two = (n: number) => String(n).padStart(2, "0");

/** An opportunity; each twentieth amount is printed as large ones are. */
function opportunity(n: number): readonly string[] {
  const stamp = `2026-0${1 + (n % 9)}-${two(1 + (n % 28))}T${two(n % 24)}:${two(n % 60)}:${two((n * 7) % 60)}.000Z`;
  return [
    ...[`001${text(n % 9000, 15)}`, n % 20 === 0 ? `1.${1_000_000 + n}E7` : `${n % 90_000}.${two(n % 100)}`, stamp.slice(0, 10)],
    ...[stamp, ["EUR", "USD", "GBP"][n % 3] ?? "", `006${text(n, 15)}`, "false"],
    ...[`Renewal ${n % 977}, ""Team"" for ${text(n, 12)}`, n % 4 === 0 ? "" : "75.0", "Negotiation/Review", stamp],
  ];
}

const HEADER = [
  ...["AccountId", "Amount", "CloseDate", "CreatedDate", "CurrencyIsoCode", "Id", "IsDeleted", "Name", "Probability"],
  ...["StageName", "SystemModstamp"],
];

const line = (cells: readonly string[]) => `"${cells.join('","')}"\n`;

/** Packs pages of the Bulk API with so many opportunities into a folder. @returns the bytes of all answers. */
export async function writePages(folder: string, records: number): Promise<{ bytes: number }> {
  const sink = async (name: string, bytes: AsyncIterable<Uint8Array>) => {
    await pipeline(bytes, createWriteStream(join(folder, name)));
    return { name, key: name, bytes: 0, sha256: "" };
  };
  const packs = pagePacks(sink, { name: "opportunities" });
  for (let first = 0; first < records; first += PAGE) {
    const rows = Array.from({ length: Math.min(PAGE, records - first) }, (_, i) => line(opportunity(first + i)));
    await packs.add({
      url: `https://org.example/services/data/v66.0/jobs/query/750xx/results?locator=${first}`,
      status: 200,
      headers: { "content-type": "text/csv" },
      date: "2026-10-05T12:00:00Z",
      body: Buffer.from(line(HEADER) + rows.join("")),
    });
  }
  await packs.close();
  return { bytes: packs.bytes() };
}
