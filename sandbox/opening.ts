import { wrapped } from "./lines.ts";

/** What the demo is about, and what the lines of its hours say, for somebody who reads nothing else; in lines of 80 columns. */
export function opening({ hours, seed }: { readonly hours: number; readonly seed: number }): string[] {
  return [
    "LedgerLoop loads what a billing company has in four systems (PostgreSQL, Stripe, Salesforce, partners' files) into one warehouse, hour by hour. Nothing is published that was not audited, and every row and every cent is accounted for.",
    "",
    `Here such a company lives for ${hours} hours, with faults planted in its data, in what its systems answer, and between them (seed ${seed}). Each hour is loaded by one run, which judges every row by its contract and publishes all tables together, or nothing. In the end everything that was planted must have been found, and nothing else.`,
    "",
    "Of each hour: rows that were published, by system; bad rows set aside (quarantined) and rows that wait for a parent (held); what the run went on without, or was stopped by; rows in which two systems disagree; and [seconds so far/in all].",
    "",
  ].map((line) => wrapped(line));
}
