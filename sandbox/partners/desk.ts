import type { Company } from "../cast/company.ts";
import type { Invoice } from "../cast/facts.ts";
import { HOUR_MS, STORY_START } from "../cast/hours.ts";
import { decimal } from "../expectation/hand-rules.ts";
import type { Fault } from "../faults.ts";
import type { Row } from "../feed.ts";
import type { Random } from "../random.ts";
import { type Agenda, newAgenda } from "../world/agenda.ts";
import type { Truth } from "../world/truth.ts";
import type { Dialect, Written } from "./dialects.ts";
import { REMITTANCES, remittanceKey } from "./feeds.ts";
import { dayOf, send } from "./folder.ts";
import { remittanceRow } from "./remittance.ts";

/** A file of a partner: its name without the ending, and the rows that a reader should find in it. */
export interface Draft {
  readonly dialect: Dialect;
  /** Begins with the day that it is of. */
  readonly stem: string;
  readonly records: readonly Row[];
}

/** What is not as it should be with a file as a whole. */
export interface Flaw {
  readonly fault: Fault;
  /** Why nothing of it may be taken; null where it is taken all the same. */
  readonly stops: string | null;
  /** What becomes of its lines before they are written. */
  readonly lines?: (lines: readonly string[]) => string[];
  /** What becomes of its bytes, and of what lies beside it, on the way. */
  readonly bytes?: (written: readonly Written[]) => Written[];
  /** Records that its trailer counts too many. */
  readonly miscounted?: number;
}

/** Something that a partner does in a later hour. */
export type Errand = (desk: Desk) => void;

/** The partners' desk: what they know of the company, and the folder that they send to. */
export interface Desk extends Agenda<Errand> {
  /** A stream of chance of its own: what partners do changes nothing in what the company does. */
  readonly random: Random;
  readonly truth: Truth;
  hour(): number;
  hears(invoices: readonly Invoice[]): void;
  /** Remittances for invoices that the partner has heard of, whole or in parts, and of none more than it comes to; none before there is one. */
  collect(dialect: Dialect, count: number): Row[];
  /** Another remittance of the whole of an invoice for which nothing is left to collect; null before there is one. */
  collectTwice(dialect: Dialect): Row | null;
  /** Sends a file, in place of the one of its name. */
  send(draft: Draft, flaw?: Flaw): void;
  /** An ordinary file that was sent and that nothing else happened to; it is not given again. */
  takeSent(dialect: Dialect): Draft | null;
}

const NOTES = [
  null,
  null,
  "Sammelzahlung",
  "10 € Skonto",
  "Müller & Söhne, Größe",
  'said "paid"',
  "a;b,c|d",
  "=1+1",
  "0012",
] as const;

function sumOf(records: readonly Row[]): number {
  return records.reduce((sum, row) => sum + Number(decimal(row["amount"]) ?? 0n), 0);
}

/** An invoice that a partner collects for, and what has not been remitted of it. */
interface Collected {
  readonly invoice: Invoice;
  left: number;
}

/** Less than this many hundredths is collected at once. */
const SMALL = 1000;

/** What is collected at once of so much that is left. */
function partOf(random: Random, left: number): number {
  return left < SMALL || random.chance(0.3) ? left : random.int(Math.ceil(left / 10), Math.ceil(left / 2));
}

/** Remittances, each with a name of its own. */
function newCollector(random: Random, company: Company) {
  const collected: Collected[] = [];
  let ordinal = 0;
  const remit = ({ id, customer, currency }: Invoice, amount: number): Row => {
    ordinal += 1;
    return remittanceRow({
      id: `rem_${String(ordinal).padStart(6, "0")}${random.code(4)}`,
      invoice: id,
      ...{ customer, currency, amount },
      paidOn: dayOf(STORY_START + company.hour() * HOUR_MS),
      note: random.pick(NOTES),
    });
  };
  const next = (open: Collected[]) => {
    const one = random.pick(open);
    const amount = partOf(random, one.left);
    one.left -= amount;
    if (one.left === 0) open.splice(open.indexOf(one), 1);
    return remit(one.invoice, amount);
  };
  const known = ({ currencies }: Dialect, accept: (one: Collected) => boolean) =>
    collected.filter((one) => currencies.includes(one.invoice.currency) && accept(one));
  return {
    hears: (invoices: readonly Invoice[]) => {
      collected.push(...invoices.map((invoice) => ({ invoice, left: invoice.due })));
    },
    collect: (dialect: Dialect, count: number) => {
      const open = known(dialect, ({ left }) => left > 0);
      return Array.from({ length: count }).flatMap((): Row[] => (open.length === 0 ? [] : [next(open)]));
    },
    collectTwice: (dialect: Dialect) => {
      const done = known(dialect, ({ left }) => left === 0);
      if (done.length === 0) return null;
      const { invoice } = random.pick(done);
      return remit(invoice, invoice.due);
    },
  };
}

/** A desk whose partners have sent nothing yet. */
export function newDesk(of: { company: Company; truth: Truth; random: Random; folder: string }): Desk {
  const { company, truth, random, folder } = of;
  const ordinary = new Map<string, Draft>();
  const sendDraft = (draft: Draft, flaw?: Flaw) => {
    const { dialect, stem, records } = draft;
    const { partner } = dialect;
    const path = dialect.pathOf(stem);
    const right = dialect.lines(records);
    const lines = flaw?.lines?.(right) ?? right;
    const claims = { count: records.length + (flaw?.miscounted ?? 0), sum: sumOf(records) };
    const whole = dialect.write(stem, lines, claims);
    const written = flaw?.bytes?.(whole) ?? whole;
    const [stops, fault] = [flaw?.stops ?? null, flaw?.fault ?? null];
    const sender = { folder, feed: REMITTANCES, truth, hour: company.hour() };
    send(sender, { partner, path, stem, lines, written, records, stops, fault });
    ordinary.delete(path);
    if (!flaw) ordinary.set(path, draft);
  };
  return {
    random,
    truth,
    hour: () => company.hour(),
    ...newCollector(random, company),
    send: sendDraft,
    takeSent: (dialect) => {
      const mine = [...ordinary].filter(([, draft]) => draft.dialect === dialect);
      if (mine.length === 0) return null;
      const [path, draft] = random.pick(mine);
      ordinary.delete(path);
      return draft;
    },
    ...newAgenda<Errand>({ hour: () => company.hour() }),
  };
}

/** Marks a record as planted. */
export function tagRecord({ truth }: Desk, row: Row, fault: Fault): void {
  truth.tag(REMITTANCES, remittanceKey(row), fault);
}
