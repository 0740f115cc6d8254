import type { SendersWords } from "../../source.ts";
import { placeOf } from "../csv-deriver.ts";
import type { RecordFault } from "../scan/file-facts.ts";
import { expectedOf, filesOf } from "./feed-files.ts";

const FAULTS: Readonly<Record<RecordFault, string>> = {
  width: "it has another number of fields than the header",
  quote: "a quote stands where none may stand, or is not closed",
  encoding: "it has bytes that are no characters of the file's encoding",
  nul: "it has a character U+0000",
  too_long: "it is longer than a record may be",
  header: "it is the header once more",
};

/** What the sender of a file is told of its records. */
export const SENDERS_WORDS: SendersWords = {
  place: placeOf,
  fault: (word) => (FAULTS as Readonly<Record<string, string>>)[word] ?? "it could not be read",
  column: (feed, layout, column) => {
    const found = filesOf(feed).layouts.find((one) => one.layout.name === layout);
    return found?.layout.columns.find((one) => one.column === column)?.header ?? null;
  },
  senders: (feed) => expectedOf(filesOf(feed)).partners.filter((partner) => partner !== null),
};
