import type { Field, Lookup } from "./schema/fields.ts";
import type { Fields } from "./values.ts";

/** An object as somebody sees it. */
export interface Seen {
  readonly name: string;
  readonly label: string;
  readonly keyPrefix: string;
  readonly replicateable: boolean;
  readonly fields: readonly Field[];
  /** A field by its name, in whichever case. */
  field(name: string): Field | undefined;
  /** The field through which rows of another object are reached. */
  relationship(name: string): Field | undefined;
}

/** What a user sees of the org at a request. */
export interface Sight {
  readonly user: string;
  readonly viewAllData: boolean;
  readonly store: Lookup;
  /** The org's own currency; null where it has but one. */
  readonly corporate: string | null;
  objects(): readonly Seen[];
  /** An object by its name, in whichever case; undefined where it is hidden. */
  object(name: string): Seen | undefined;
  /** The rows that sharing lets the user see, those in the recycle bin too. */
  rows(object: string): Iterable<Fields>;
  /** How many of a currency one of the org's own currency is. */
  rate(currency: string): string;
}
