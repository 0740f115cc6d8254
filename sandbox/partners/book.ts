import type { Act, Invoice } from "../cast/facts.ts";
import { seededRandom } from "../random.ts";
import type { Book, OpenBook } from "../world/book.ts";
import type { HourPlan } from "../world/schedule.ts";
import { type Desk, newDesk } from "./desk.ts";
import { MERIDIAN, NORDBANK } from "./dialects.ts";
import { PARTNER_FEEDS } from "./feeds.ts";
import { dayStem, hourStem } from "./folder.ts";
import { late, redelivered, remittedTwice, renamed, shiftedColumns, truncated, wrongTrailer } from "./planting/files.ts";
import {
  badRows,
  doubledRecord,
  excelDamage,
  malformedRecord,
  type Planter,
  strayQuote,
  unknownCustomer,
  wrongCurrency,
} from "./planting/records.ts";

const ordinary: Planter = (desk, draft) => desk.send(draft);

/** What happens to the reseller's file of an hour of the day; in the other hours one of the small faults, or nothing. */
const HOURS: Readonly<Record<number, Planter>> = {
  0: remittedTwice,
  1: malformedRecord,
  2: doubledRecord,
  3: excelDamage,
  4: truncated,
  5: unknownCustomer,
  7: strayQuote,
  8: renamed,
  10: shiftedColumns,
  11: wrongCurrency,
  13: redelivered,
  14: late,
  18: badRows,
};

const SMALL: readonly Planter[] = [malformedRecord, strayQuote, doubledRecord, excelDamage, unknownCustomer, wrongCurrency];

/** When the bank sends the file of the day before. */
const BANK_HOUR = 6;

function planterOf({ random }: Desk, hour: number): Planter {
  return HOURS[hour % 24] ?? (hour > 0 && random.chance(0.4) ? random.pick(SMALL) : ordinary);
}

/** What the partners have sent before the story begins. */
function sendPast(desk: Desk): void {
  for (const hour of [-3, -2, -1])
    desk.send({ dialect: MERIDIAN, stem: hourStem(hour), records: desk.collect(MERIDIAN, desk.random.int(8, 12)) });
  desk.send({ dialect: NORDBANK, stem: dayStem(-24), records: desk.collect(NORDBANK, 20) });
}

function sendHour(desk: Desk): void {
  for (const errand of desk.due()) errand(desk);
  const hour = desk.hour();
  const records = desk.collect(MERIDIAN, desk.random.int(4, 9));
  planterOf(desk, hour)(desk, { dialect: MERIDIAN, stem: hourStem(hour), records });
  if (hour % 24 !== BANK_HOUR) return;
  const bank = { dialect: NORDBANK, stem: dayStem(hour), records: desk.collect(NORDBANK, desk.random.int(20, 30)) };
  const isOdd = Math.floor(hour / 24) % 2 === 1;
  (isOdd ? ordinary : wrongTrailer)(desk, bank);
}

function heard(act: Act): Invoice[] {
  return act.flatMap((deed) => (deed.does === "begin" && deed.kind === "invoice" ? deed.facts : []));
}

function kept(desk: Desk): OpenBook {
  return {
    write: async (act) => desk.hears(heard(act)),
    beginHour: async () => [],
    endHour: async (plan: HourPlan) => {
      if (plan.empty) return [];
      if (desk.hour() === 0) sendPast(desk);
      sendHour(desk);
      return [];
    },
    retyped: () => [],
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/**
 * The files of two partners, in a folder: a reseller's, each hour, and a bank's, each day. They hear of invoices and say what they
 * collected for them; no other book knows that.
 */
export function partnersBook({ folder, seed }: { readonly folder: string; readonly seed: number }): Book {
  return {
    feeds: PARTNER_FEEDS,
    open: async (company, truth) => kept(newDesk({ company, truth, random: seededRandom(seed + 1), folder })),
  };
}
