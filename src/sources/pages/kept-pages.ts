import type { EvidenceToRead } from "../deriver.ts";
import { gunzipped } from "../unpacked.ts";
import { type Page, readWarc } from "./warc.ts";

const PAGES = /\.warc\.gz$/;

/** A page and its number in the extract, from 1. */
export interface NumberedPage {
  readonly page: Page;
  readonly number: number;
}

/** All pages of evidence, in the order in which they came. @throws SyntaxError where a file of them is damaged. */
export async function* pagesOf(evidence: readonly EvidenceToRead[]): AsyncGenerator<NumberedPage> {
  let number = 0;
  for (const piece of evidence) {
    if (!PAGES.test(piece.name)) continue;
    let damaged: string | null = null;
    for await (const page of readWarc(gunzipped(piece.open(), (says) => (damaged = says)))) {
      number += 1;
      yield { page, number };
    }
    if (damaged !== null) throw new SyntaxError(damaged);
  }
}
