import { join } from "node:path";
import { COMPANY_HOURS } from "./company-hours.ts";
import type { Hour } from "./desk.ts";
import { LANDED_HOURS } from "./landing-feed.ts";
import { RECOMPUTED_HOURS } from "./linked-hours.ts";
import { ORDERED_HOURS } from "./ordered-desk.ts";
import { SCOPED_HOURS } from "./scoped-desk.ts";
import { HOURS } from "./two-hours.ts";
import { UNITED_HOURS } from "./united-hours.ts";
import { UNPLACED_HOURS } from "./unplaced-desk.ts";

/** Hours that a desk plays. */
interface History {
  readonly about: string;
  /** What its database is called on an engine that has several. */
  readonly database: string;
  readonly fixture: string;
  readonly directory: string | undefined;
  readonly hours: readonly Hour[];
  /** Its tables are filled beforehand with more than the hours bring. */
  readonly fills: boolean;
}

/** Hours that between them take every path of every kind of feed. */
export const HISTORIES: readonly History[] = [
  {
    about: "two hours that take every path",
    database: "TWO_HOURS",
    fixture: "billing",
    directory: join(import.meta.dirname, "../fixtures/pipelines/billing"),
    hours: HOURS,
    fills: true,
  },
  {
    about: "two hours of records with faults",
    database: "FAULTS",
    fixture: "claims",
    directory: undefined,
    hours: LANDED_HOURS,
    fills: false,
  },
  {
    about: "three hours of rows without positions",
    database: "UNPLACED",
    fixture: "claims",
    directory: undefined,
    hours: UNPLACED_HOURS,
    fills: false,
  },
  {
    about: "three hours of scopes and deletes",
    database: "SCOPES",
    fixture: "claims",
    directory: undefined,
    hours: SCOPED_HOURS,
    fills: false,
  },
  {
    about: "five hours of files that have an order",
    database: "ORDERED",
    fixture: "claims",
    directory: undefined,
    hours: ORDERED_HOURS,
    fills: false,
  },
  {
    about: "six hours of tables over tables, two of them computed again",
    database: "LINKED",
    fixture: "linked",
    directory: undefined,
    hours: RECOMPUTED_HOURS,
    fills: false,
  },
  {
    about: "a table that unites feeds under derived keys",
    database: "UNITED",
    fixture: "united",
    directory: undefined,
    hours: UNITED_HOURS,
    fills: false,
  },
  {
    about: "one company in four systems",
    database: "COMPANY",
    fixture: "company",
    directory: join(import.meta.dirname, "../../examples/company"),
    hours: COMPANY_HOURS,
    fills: false,
  },
];
