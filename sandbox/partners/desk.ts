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
import { type Remittance, remittanceRow } from "./remittance.ts";

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
  /** Remittances for invoices that the partner has heard of; none before there is one. */
  collect(dialect: Dialect, count: number): Row[];
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

/** Remittances, each with a name of its own. */
function newCollector(random: Random, company: Company) {
  const invoices: Invoice[] = [];
  let ordinal = 0;
  const remit = ({ id, customer, currency, due }: Invoice): Remittance => {
    ordinal += 1;
    return {
      id: `rem_${String(ordinal).padStart(6, "0")}${random.code(4)}`,
      invoice: id,
      customer,
      currency,
      amount: random.chance(0.7) ? Math.max(1, due) : random.int(1, 500_000),
      paidOn: dayOf(STORY_START + company.hour() * HOUR_MS),
      note: random.pick(NOTES),
    };
  };
  return {
    hears: (more: readonly Invoice[]) => {
      invoices.push(...more);
    },
    collect: ({ currencies }: Dialect, count: number) => {
      const known = invoices.filter(({ currency }) => currencies.includes(currency));
      if (known.length === 0) return [];
      return Array.from({ length: count }, () => remittanceRow(remit(random.pick(known))));
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
