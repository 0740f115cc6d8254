import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { billingBook } from "../../sandbox/billing/book.ts";
import { decimal } from "../../sandbox/expectation/hand-rules.ts";
import type { Row } from "../../sandbox/feed.ts";
import { partnersBook } from "../../sandbox/partners/book.ts";
import { REMITTANCES } from "../../sandbox/partners/feeds.ts";
import { BYTES, type LyingFile } from "../../sandbox/world/sent-file.ts";
import { createWorld, type World } from "../../sandbox/world/world.ts";
import { freshDatabase } from "../support/postgres.ts";
import { listener } from "./heard.ts";

/** Plays some hours over a folder of partners' files. */
async function played(seed: number, hours: number, look: (folder: string, world: World, hour: number) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-sent-"));
  try {
    await using db = await freshDatabase();
    const books = [billingBook(db), partnersBook({ folder, seed })];
    await using world = await createWorld({ books, seed, scale: 0.3 });
    for (let hour = 0; hour < hours; hour += 1) {
      await world.playHour();
      look(folder, world, hour);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function sent(world: World): readonly LyingFile[] {
  return world.sight().files.get(REMITTANCES) ?? [];
}

/** The fields of a line, quotes taken off; null for one whose quotes or number of fields are wrong. */
function fieldsOf(line: string, delimiter: string, count: number): string[] | null {
  const fields = line.match(new RegExp(`(?<=^|${delimiter})("(?:[^"]|"")*"|[^"${delimiter}]*)(?=${delimiter}|$)`, "g")) ?? [];
  const isWhole = fields.length === count && fields.join(delimiter) === line;
  return isWhole ? fields.map((field) => field.replace(/^"(.*)"$/, "$1").replaceAll('""', '"')) : null;
}

function meridianRows(bytes: Buffer): (Row | null)[] {
  const [header = "", ...lines] = gunzipSync(bytes).toString("utf8").trimEnd().split("\n");
  const names = header.split(",");
  return lines.map((line) => {
    const fields = fieldsOf(line, ",", names.length);
    return fields && Object.fromEntries(names.map((name, i) => [name, fields[i] || null]));
  });
}

function nordbankRows(bytes: Buffer): Row[] {
  const [, ...lines] = new TextDecoder("windows-1252").decode(bytes, { stream: true }).trimEnd().split("\r\n");
  return lines.slice(0, -1).map((line) => {
    const [id, invoice, customer, amount = "", day = "", note] = fieldsOf(line, ";", 6) ?? [];
    return {
      remittance_id: id ?? null,
      invoice_id: invoice ?? null,
      customer_id: customer ?? null,
      amount: amount.replaceAll(".", "").replace(",", "."),
      currency: "EUR",
      paid_on: day.split(".").reverse().join("-"),
      note: note || null,
    };
  });
}

const rowsIn = (folder: string, { path }: LyingFile) =>
  path.endsWith(".gz") ? meridianRows(readFileSync(join(folder, path))) : nordbankRows(readFileSync(join(folder, path)));

const inTruth = ({ records }: LyingFile) => records.map((row) => (BYTES in row ? null : row));

test("the truth equals what lies in the folder after every hour", async () => {
  await played(7, 26, (folder, world, hour) => {
    const lying = readdirSync(join(folder, "remittances"), { recursive: true, encoding: "utf8" });
    const data = lying.filter((path) => /\.csv(\.gz)?$/.test(path)).map((path) => `remittances/${path}`);
    expect(data.sort(), `hour ${hour}`).toEqual(
      sent(world)
        .map(({ path }) => path)
        .sort(),
    );
    for (const file of sent(world).filter(({ stops }) => stops === null)) {
      expect(rowsIn(folder, file), `${file.path} in hour ${hour}`).toEqual(inTruth(file));
      const instant = statSync(join(folder, file.path)).mtime.toISOString();
      expect(file.order).toBe(`${/\d{4}-\d\d-\d\d/.exec(file.path)?.[0]} ${instant} ${file.path}`);
    }
  });
});

/** What lies there for each invoice, in hundredths: of each remittance what is said of it last. */
function remitted(world: World): Map<string, number> {
  const taken = sent(world).filter(({ stops }) => stops === null);
  const inOrder = taken.toSorted((a, b) => (a.order < b.order ? -1 : 1)).flatMap(({ records }) => records);
  const sums = new Map<string, number>();
  for (const row of new Map(inOrder.map((one) => [one["remittance_id"], one])).values()) {
    const hundredths = Number(decimal(row["amount"]) ?? 0n);
    if (hundredths > 0) sums.set(row["invoice_id"] ?? "", (sums.get(row["invoice_id"] ?? "") ?? 0) + hundredths);
  }
  return sums;
}

test.each([1, 5, 7])(
  "seed %i: for five hours one invoice is remitted twice, and no other one beyond what it comes to",
  async (seed) => {
    const folder = mkdtempSync(join(tmpdir(), "ledgerloop-sent-"));
    const { heard, book } = listener();
    await using world = await createWorld({ books: [book, partnersBook({ folder, seed })], seed, scale: 0.3 });
    for (let hour = 0; hour < 30; hour += 1) {
      await world.playHour();
      const found = [...remitted(world)].map(([id, sum]) => ({ sum, due: heard.invoice.get(id)?.due ?? 0 }));
      const beyond = found.filter(({ sum, due }) => sum > due);
      const isTwice = hour % 24 < 5;
      expect(beyond.length, `hour ${hour}`).toBe(isTwice ? 1 : 0);
      if (isTwice) expect(beyond.map(({ sum }) => sum)).toEqual(beyond.map(({ due }) => 2 * due));
      expect(found.filter(({ sum, due }) => sum < due).length).toBeGreaterThan(0);
      expect(found.filter(({ sum, due }) => sum === due).length).toBeGreaterThan(0);
    }
    rmSync(folder, { recursive: true });
  },
);

test("equal seeds send equal files, other seeds other ones, and nothing is sent in an empty hour", async () => {
  const filesOf = async (seed: number) => {
    const hours: string[] = [];
    await played(seed, 10, (_, world) => hours.push(JSON.stringify(sent(world).map(({ commit, ...file }) => file))));
    expect(hours[9]).toBe(hours[8]);
    return hours;
  };
  const first = await filesOf(11);
  expect(await filesOf(11)).toEqual(first);
  expect(await filesOf(12)).not.toEqual(first);
});
