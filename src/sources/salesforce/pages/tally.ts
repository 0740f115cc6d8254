import type { EvidenceToRead } from "../../deriver.ts";
import { pagesOf } from "../../pages/kept-pages.ts";
import type { Page } from "../../pages/warc.ts";
import type { ControlTotal } from "../../source.ts";
import { partOf } from "./deriver.ts";
import { cellOf, instantMs } from "./field-text.ts";
import { type IdSet, idSet } from "./id-set.ts";
import { isCsv, type PageRecord, takenOf } from "./records.ts";
import { recordFault } from "./row-lines.ts";
import type { CellSpec, PagePart, SalesforceParameters } from "./spec.ts";

/** An amount of a feed, and what decides whether it can be read: docs/concepts.md, "Control totals". */
export interface AmountSpec {
  readonly amount: CellSpec;
  readonly isAmountRequired: boolean;
  /** Null where a feed has no column for it: the exponent is 2. */
  readonly currency: CellSpec | null;
  readonly isCurrencyRequired: boolean;
  readonly unit: "minor" | "major";
}

/** What is counted of records. */
export interface TallySpec {
  readonly parameters: SalesforceParameters;
  /** Null where the feed has no amount. */
  readonly money: AmountSpec | null;
  /** Amounts beside it that must be readable too. */
  readonly beside: readonly AmountSpec[];
  /** Exponents of currencies. */
  readonly currencies: Readonly<Record<string, number>>;
  /** Milliseconds since 1970: records stamped later are not yet the source's to count. */
  readonly until: number;
}

/** Rows of a currency that are stamped up to the instant, and the exact sum of their amounts. */
export interface Summed {
  rows: number;
  /** In units of 10^-18. */
  sum: bigint;
}

/** What was read, counted in the source's terms and in the warehouse's. */
export interface Tally {
  /** By the text of the currency; `-` for none. */
  readonly upTo: ReadonlyMap<string, Summed>;
  /** All rows, those that are stamped later included. */
  readonly totals: readonly ControlTotal[];
  /** Rows that are stamped later. */
  readonly beyond: number;
  /** Records that came once more: as many others did not come, where the source says how many it gave. */
  readonly repeated: number;
}

/** Places behind the point in which sums are exact; a field has at most so many digits. */
const PLACES = 18;

/** A plain decimal in units of 10^-18; null where it has more places. */
export function unscaled(plain: string): bigint | null {
  const [whole = "", fraction = ""] = plain.split(".");
  return fraction.length > PLACES ? null : BigInt(whole + fraction.padEnd(PLACES, "0"));
}

/** A sum of units of 10^-18 as a decimal. */
export function scaled(sum: bigint): string {
  const digits = (sum < 0n ? -sum : sum).toString().padStart(PLACES + 1, "0");
  const fraction = digits.slice(-PLACES).replace(/0+$/, "");
  return `${sum < 0n ? "-" : ""}${digits.slice(0, -PLACES)}${fraction === "" ? "" : `.${fraction}`}`;
}

const LARGEST = 2n ** 63n - 1n;
const SMALLEST = -(2n ** 63n);
const MINOR = /^(?:0|-?[1-9]\d*)$/;
const MAJOR = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

const inRange = (value: bigint) => (value >= SMALLEST && value <= LARGEST ? value : null);

function minorOf(text: string, exponent: number | undefined, unit: AmountSpec["unit"]): bigint | null {
  if (unit === "minor") return MINOR.test(text) ? inRange(BigInt(text)) : null;
  if (exponent === undefined || !MAJOR.test(text)) return null;
  const [whole = "", fraction = ""] = text.split(".");
  if (/[1-9]/.test(fraction.slice(exponent))) return null;
  return inRange(BigInt(whole + fraction.slice(0, exponent).padEnd(exponent, "0")));
}

interface Read {
  readonly currency: string;
  /** The amount's own text; null for none. */
  readonly text: string | null;
  /** Null where the amount, or its currency, is needed and cannot be read. */
  readonly minor: bigint | null;
}

const sourceText = ({ field, constant }: CellSpec, record: PageRecord) => (field === null ? constant : record.text(field));

/** The money of a record, by the definition that the warehouse has. */
function readMoney(of: AmountSpec, record: PageRecord, currencies: TallySpec["currencies"]): Read {
  const source = sourceText(of.amount, record);
  const text = source === null ? null : cellOf(of.amount.kind, source);
  const code = of.currency === null ? null : sourceText(of.currency, record);
  const currency = code ?? "-";
  const lacks = (source !== null && text === null) || (text === null && of.isAmountRequired);
  const lacksCurrency = of.currency !== null && code === null && of.isCurrencyRequired;
  if (lacks || lacksCurrency) return { currency, text, minor: null };
  if (text === null) return { currency, text, minor: 0n };
  return { currency, text, minor: minorOf(text, exponentOf(of, code, currencies), of.unit) };
}

function exponentOf(of: AmountSpec, code: string | null, currencies: TallySpec["currencies"]): number | undefined {
  if (of.currency === null) return 2;
  return code === null ? undefined : currencies[code];
}

interface Total {
  rows: bigint;
  minor: bigint;
  unreadable: bigint;
}

/** A tally that is being made. */
interface Counting {
  readonly spec: TallySpec;
  readonly upTo: Map<string, Summed>;
  readonly totals: Map<string, Total>;
  readonly ids: IdSet;
  beyond: number;
  repeated: number;
}

function made<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}

function count(of: Counting, record: PageRecord, isFaulty: boolean): void {
  const { money, beside, currencies, until } = of.spec;
  const read = money === null ? { currency: "-", text: null, minor: 0n } : readMoney(money, record, currencies);
  const isLost = isFaulty || beside.some((one) => readMoney(one, record, currencies).minor === null);
  const isUnreadable = isLost || read.minor === null;
  // A record that is a fault has no currency either.
  const total = made(of.totals, isFaulty ? "-" : read.currency, () => ({ rows: 0n, minor: 0n, unreadable: 0n }));
  total.rows += 1n;
  if (isUnreadable) total.unreadable += 1n;
  else total.minor += read.minor ?? 0n;
  if (instantMs(record.text("SystemModstamp")) > until) {
    of.beyond += 1;
    return;
  }
  const summed = made(of.upTo, read.currency, () => ({ rows: 0, sum: 0n }));
  summed.rows += 1;
  summed.sum += (read.text === null ? null : unscaled(read.text)) ?? 0n;
}

/** Counts the rows of one page. */
function countPage(of: Counting, page: Page, part: PagePart): void {
  const { parameters } = of.spec;
  const maybeFaulty = !isCsv(page) || page.body.includes(0);
  for (const { record, id, standing } of takenOf(parameters, page, part)) {
    if (!of.ids.add(id)) of.repeated += 1;
    if (standing === "row") count(of, record, recordFault(parameters, record, maybeFaulty) !== null);
  }
}

/** Counts the rows of records. @throws SyntaxError where the evidence is no pages of them. */
export async function tallyOf(spec: TallySpec, evidence: readonly EvidenceToRead[]): Promise<Tally> {
  const of: Counting = { spec, upTo: new Map(), totals: new Map(), ids: idSet(), beyond: 0, repeated: 0 };
  for await (const { page, number } of pagesOf(evidence)) {
    const part = partOf(spec.parameters.parts, number);
    if (part?.of === "records") countPage(of, page, part);
  }
  const totals = [...of.totals].map(([currency, { rows, minor, unreadable }]) => ({
    currency,
    rows: String(rows),
    minor: String(minor),
    unreadable: String(unreadable),
  }));
  return { upTo: of.upTo, totals, beyond: of.beyond, repeated: of.repeated };
}
