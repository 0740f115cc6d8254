import type { Deriver } from "../../src/sources/deriver.ts";
import { pagesDeriver } from "../../src/sources/pages/pages-deriver.ts";
import type { Page } from "../../src/sources/pages/warc.ts";
import { salesforceDeriver } from "../../src/sources/salesforce/pages/deriver.ts";
import * as salesforce from "../salesforce/data.ts";
import * as stripe from "../stripe/data.ts";

/** Kept pages of one API, and how they become rows. */
export interface PagesSubject {
  /** Packs pages with so many records into a folder; gives the bytes of all answers. */
  write(folder: string, records: number): Promise<{ bytes: number }>;
  readonly deriver: Deriver;
  readonly parameters: () => { readonly columns: readonly string[] };
  /** Reads a page as somebody would who makes nothing of it; gives its records. */
  read(page: Page): number;
}

const bodyOf = ({ body }: Page) => Buffer.from(body).toString("utf8");

export const SUBJECTS: Readonly<Record<string, PagesSubject>> = {
  stripe: {
    write: stripe.writePages,
    deriver: pagesDeriver,
    parameters: stripe.parametersOf,
    read: (page) => JSON.parse(bodyOf(page)).data.length,
  },
  salesforce: {
    write: salesforce.writePages,
    deriver: salesforceDeriver,
    parameters: salesforce.parametersOf,
    // No text of the data has a line end: lines but the header are records.
    read: (page) => bodyOf(page).split("\n").length - 2,
  },
};
