import type { Random } from "../../random.ts";
import type { Transaction } from "../books/books.ts";
import type { Written } from "../books/verbs.ts";
import type { Salesforce } from "../start-salesforce.ts";
import type { Fields } from "../values.ts";

/** What can happen in an hour, and what several of it are called. */
export const HAPPENINGS = {
  "new account": "new accounts",
  "changed account": "changed accounts",
  "new contact": "new contacts",
  "changed contact": "changed contacts",
  "new opportunity": "new opportunities",
  "opportunity moved on": "opportunities moved on",
  "closed opportunity": "closed opportunities",
  "new order": "new orders",
  "changed order": "changed orders",
  "measurement of usage": "measurements of usage",
  "row touched by automation": "rows touched by automation",
  "merge of accounts": "merges of accounts",
  "deleted row": "deleted rows",
  "undeleted row": "undeleted rows",
  "purged row": "purged rows",
  "long transaction": "long transactions",
  "transaction rolled back": "transactions rolled back",
} as const;

export type Happening = keyof typeof HAPPENINGS;

/** A transaction that stays open for a while. */
export interface Pending {
  readonly until: number;
  readonly transaction: Transaction;
  readonly keeps: boolean;
}

/** Ids of rows that life goes on with. */
export interface Stage {
  readonly accounts: string[];
  readonly contacts: string[];
  /** Opportunities that are not closed. */
  readonly opportunities: string[];
  readonly orders: string[];
  /** What is in the recycle bin. */
  readonly binned: string[];
  readonly pending: Pending[];
}

/** What acts work with. */
export interface Living {
  readonly org: Pick<Salesforce, "books" | "clock" | "schema">;
  readonly random: Random;
  readonly stage: Stage;
  tell(what: Happening): void;
}

/** Something that happens at the clock's instant; it does nothing where nobody is there whom it could happen to. */
export type Act = (living: Living) => void;

/** Draws a row that is still there; what others have deleted leaves the list. */
export function drawn({ org, random }: Living, list: string[]): Fields | undefined {
  if (list.length === 0) return undefined;
  const at = random.int(0, list.length - 1);
  const row = org.books.find(list[at] ?? "");
  if (row && row["IsDeleted"] !== true) return row;
  list.splice(at, 1);
  return undefined;
}

/** Takes an id off a list. */
export function leaves(list: string[], id: string): void {
  const at = list.indexOf(id);
  if (at >= 0) list.splice(at, 1);
}

/** The id of a row. */
export const idOf = (row: Fields) => String(row["Id"]);

/** An amount of money with two digits behind the point; now and then one of ten millions and more. */
export function money(random: Random): string {
  const cents = random.chance(0.04) ? random.int(1_000_000_000, 9_000_000_000) : random.int(100, 9_000_000);
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
}

/** The currency of a new row, where the org has several. */
export function currency({ org, random }: Living): Written {
  const field = org.schema.object("Account").fields.find(({ name }) => name === "CurrencyIsoCode");
  return field ? { CurrencyIsoCode: random.pick(field.picklist) } : {};
}

const DAY_MS = 24 * 3600 * 1000;

/** A day so many days from the clock's. */
export function day({ org }: Living, after: number): string {
  return new Date(org.clock.now().getTime() + after * DAY_MS).toISOString().slice(0, 10);
}
