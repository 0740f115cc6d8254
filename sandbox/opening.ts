import { wrapped } from "./lines.ts";

/** What the demo is about, and what the lines of its hours say, for somebody who reads nothing else; in lines of 80 columns. */
export function opening({ hours, seed }: { readonly hours: number; readonly seed: number }): string[] {
  return [
    "LedgerLoop loads what a billing company has in four systems (PostgreSQL, Stripe, Salesforce, partners' files) into one warehouse, hour by hour. Nothing is published that was not audited, and every row and every cent is accounted for.",
    "",
    `Here such a company lives for ${hours} hours, with faults planted in its data, in what its systems answer, and between them (seed ${seed}): in a real PostgreSQL, in simulators that speak Stripe's and Salesforce's protocols, and in files. Each hour is loaded by one run, which judges every row by its contract and publishes all tables together, or nothing; what a source does not give stays as it was published, and its age is told. Some hours read everything again, or list all keys to see what is gone; nights compare what is published with its sources. In the end everything that was planted must have been found, and nothing else, by code that shares nothing with the product.`,
    "",
    "Of each hour: rows that were published, by system; bad rows set aside (quarantined) and rows that wait for a parent (held); what the run went on without, or was stopped by; in how many published rows two systems disagree now; and [seconds so far/in all].",
    "",
  ].map((line) => wrapped(line));
}
