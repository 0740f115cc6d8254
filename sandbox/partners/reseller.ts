import type { Act, Customer } from "../cast/facts.ts";
import { HOUR_MS, STORY_START } from "../cast/hours.ts";
import { amountIn } from "../cast/new-facts.ts";
import { accepted, required, since, whole } from "../expectation/hand-rules.ts";
import type { Feed, Row } from "../feed.ts";
import { type Random, seededRandom } from "../random.ts";
import type { Book, OpenBook } from "../world/book.ts";
import type { SentFile } from "../world/sent-file.ts";
import { dayOf, hourStem, type Sender, type Sending, send } from "./folder.ts";

const PARTNER = "meridian";
const COLUMNS = ["number", "customer_id", "amount_minor", "currency", "issued_on"] as const;
const CURRENCIES = ["USD", "EUR", "GBP", "CHF", "SEK"];

/** What a reseller billed in the company's name, as the pipeline calls it. */
export const RESELLER_INVOICES: Feed = {
  id: "partners.invoices",
  columns: ["partner", ...COLUMNS],
  keyOf: (row) => `${row["partner"]}|${row["number"]}`,
  isFiles: true,
  leftOutBelow: null,
  clock: null,
  rules: {
    rows: [
      ...required("partner", ...COLUMNS),
      accepted("currency", CURRENCIES),
      ["amount_minor.range", (row) => (whole(row["amount_minor"]) ?? 1n) < 1n],
      since("issued_on", "2010-01-01"),
    ],
    immutable: ["issued_on"],
    businessKey: "number",
    unique: [],
    references: [{ column: "customer_id", parent: "billing.customers" }],
    money: { amount: "amount_minor", currency: "currency", unit: "minor" },
    version: null,
    faults: [],
  },
  inSourceWords: (_, text) => text,
};

/** In this hour of the day the file of two hours before comes once more, with an amount put right. */
const CORRECTED = 10;
const HOURS_BEFORE = 2;

function corrected(records: readonly Row[]): Row[] {
  return records.map((row, i) => (i === 0 ? { ...row, amount_minor: String(BigInt(row["amount_minor"] ?? "0") + 100n) } : row));
}

/** A file of an hour of the story. */
function fileOf(hour: number, records: readonly Row[], fault: SentFile["fault"]): Sending {
  const stem = hourStem(hour);
  const path = `invoices/${PARTNER}/${stem}.csv`;
  const lines = records.map((row) => COLUMNS.map((name) => row[name]).join(","));
  const bytes = Buffer.from([COLUMNS.join(","), ...lines, ""].join("\n"));
  return { partner: PARTNER, path, stem, lines, written: [{ path, bytes }], records, stops: null, fault };
}

/** Invoices of an hour for some of the customers. */
function bill(random: Random, customers: readonly Customer[], hour: number): Row[] {
  const known = customers.filter(({ currency }) => CURRENCIES.includes(currency));
  if (known.length === 0) return [];
  return Array.from({ length: random.int(1, 4) }, (_, i) => {
    const { id, currency } = random.pick(known);
    const number = `M-${hourStem(hour)}-${i + 1}`;
    const amount = String(amountIn(random, currency, [10, 4_000]));
    const day = dayOf(STORY_START + hour * HOUR_MS);
    return { partner: PARTNER, number, customer_id: id, amount_minor: amount, currency, issued_on: day };
  });
}

function kept(random: Random, senderNow: () => Sender): OpenBook {
  const customers: Customer[] = [];
  const sent = new Map<number, readonly Row[]>();
  const sendHour = (hour: number, records: readonly Row[], fault: SentFile["fault"]) => {
    sent.set(hour, records);
    send(senderNow(), fileOf(hour, records, fault));
  };
  return {
    write: async (act: Act) => {
      for (const deed of act) if (deed.does === "begin" && deed.kind === "customer") customers.push(...deed.facts);
    },
    beginHour: async () => [],
    endHour: async ({ empty }) => {
      if (empty) return [];
      const { hour } = senderNow();
      const records = bill(random, customers, hour);
      if (records.length > 0) sendHour(hour, records, null);
      const before = sent.get(hour - HOURS_BEFORE);
      if (hour % 24 === CORRECTED && before) sendHour(hour - HOURS_BEFORE, corrected(before), "file_redelivered");
      return [];
    },
    retyped: () => [],
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** The invoices that a reseller sends each hour, in a folder: for customers that it has heard of, which no other book knows. */
export function resellerBook({ folder, seed }: { readonly folder: string; readonly seed: number }): Book {
  return {
    feeds: [RESELLER_INVOICES],
    open: async (company, truth) =>
      kept(seededRandom(seed + 2), () => ({ folder, feed: RESELLER_INVOICES.id, truth, hour: company.hour() })),
  };
}
