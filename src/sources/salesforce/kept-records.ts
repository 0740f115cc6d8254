import { toRead } from "../deriver.ts";
import { pagesOf } from "../pages/kept-pages.ts";
import { type PageRecord, recordsOf } from "./pages/records.ts";
import type { PageRange } from "./read-records.ts";
import type { FeedReading, Here } from "./readings.ts";

/** Records on some of the pages that a reading has kept; each may be the same object with other texts. @throws SyntaxError as `recordsOf`. */
export async function* keptRecords(
  { request }: Here,
  { shelf }: FeedReading,
  { first, last }: PageRange,
): AsyncGenerator<PageRecord> {
  for await (const { page, number } of pagesOf(toRead(await shelf.settle(), request.openEvidence))) {
    if (number >= first && number <= last) yield* recordsOf(page);
  }
}
