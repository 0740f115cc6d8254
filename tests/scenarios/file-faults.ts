import { gzipSync } from "node:zlib";
import {
  acmeText,
  type FilesHouse,
  type Meant,
  type Meanwhile,
  manifestOf,
  northBytes,
  type Payment,
} from "../support/files-house.ts";
import type { Column, Fault } from "./matrix.ts";

/** What a partner is about to deliver in this hour: one file each. */
export interface Due {
  readonly column: Column;
  readonly acme: Meant;
  readonly north: Meant;
  readonly ship: Meant;
  /** A file that earlier runs have read. */
  readonly earlier: Meant | null;
}

/** What a fault does to a run, and how it ends. Until then these files may be there in their former version, or not at all. */
export interface Met {
  readonly about: readonly string[];
  readonly meanwhile?: Meanwhile;
  off(): Promise<unknown>;
}

/** A fault of partners' files, on a shelf of some kind. It comes when the files of the hour were delivered. */
export interface FileFault<H extends FilesHouse = FilesHouse> extends Fault {
  on(of: H, due: Due): Promise<Met>;
}

/** A file comes with other bytes than it is meant to have; then it comes as it is meant. */
const instead = (which: "acme" | "north" | "ship", bytes: (meant: Meant) => Uint8Array | string) => {
  return async (of: FilesHouse, due: Due): Promise<Met> => {
    const meant = due[which];
    await of.shelf.put(meant.path, Buffer.from(bytes(meant)));
    return { about: [meant.path], off: () => of.deliver(meant) };
  };
};

/** A file of commas comes with another text. */
const otherText = (change: (text: string) => string | Uint8Array) =>
  instead("acme", ({ payments }) => change(acmeText(payments)));

const packed = ({ payments }: Meant) => gzipSync(acmeText(payments));
const dearer = (payments: readonly Payment[]) => payments.map(({ id, cents }) => ({ id, cents: cents + 1 }));
const beside = ({ path }: Meant) => path.replace(/\.csv(\.gz)?$/, ".json");

/** The records of a text, some of them changed. */
const changedLines = (change: (line: string, n: number) => string) => (text: string) => {
  const [head, ...lines] = text.trimEnd().split("\n");
  return `${[head, ...lines.map(change)].join("\n")}\n`;
};

/** What files are like, wherever they are. */
export const CONTENT_FAULTS: readonly FileFault[] = [
  { fault: "empty", says: "a file has no bytes", on: otherText(() => "") },
  {
    fault: "header_only",
    says: "a file has a header and no records",
    on: otherText((text) => text.slice(0, text.indexOf("\n") + 1)),
  },
  { fault: "cut", says: "a file ends within a record", on: otherText((text) => text.slice(0, -12)) },
  {
    fault: "cut_at_line",
    says: "a file ends between two records; it has a last line that counts",
    on: instead("north", ({ payments }) => {
      const text = northBytes(payments).toString("latin1");
      return Buffer.from(text.slice(0, text.indexOf("\n", text.length / 2) + 1), "latin1");
    }),
  },
  { fault: "cut_gzip", says: "a packed file is cut off", on: instead("ship", (meant) => packed(meant).subarray(0, -9)) },
  {
    fault: "gzip_and_more",
    says: "a packed file is followed by other bytes, and its manifest is of all of them",
    on: async (of, { ship }) => {
      const bytes = Buffer.concat([packed(ship), Buffer.from("and more")]);
      await of.shelf.put(ship.path, bytes);
      await of.shelf.put(beside(ship), manifestOf(bytes, ship.payments.length));
      return { about: [ship.path], off: () => of.deliver(ship) };
    },
  },
  {
    fault: "other_kind",
    says: "a workbook under the name of a file of commas",
    on: otherText(() => Buffer.from("504b0304140006000800", "hex")),
  },
  { fault: "other_encoding", says: "a file is in Latin-1, not in UTF-8", on: otherText((text) => Buffer.from(text, "latin1")) },
  { fault: "other_delimiter", says: "a file has semicolons for commas", on: otherText((text) => text.replaceAll(",", ";")) },
  { fault: "other_header", says: "a column was renamed", on: otherText((text) => text.replace("amount", "betrag")) },
  {
    fault: "repeated_column",
    says: "a column stands twice in the header",
    on: otherText((text) => text.replace("currency", "amount")),
  },
  {
    fault: "repeated_header",
    says: "the header comes again among the records",
    on: otherText((text) => `${text}${text.slice(0, text.indexOf("\n") + 1)}`),
  },
  {
    fault: "ragged",
    says: "records have fewer fields than the header, or more",
    on: otherText(changedLines((line, n) => (n === 1 ? `${line},more` : n === 2 ? line.slice(0, line.lastIndexOf(",")) : line))),
  },
  {
    fault: "open_quote",
    says: "a quote is not closed",
    on: otherText(changedLines((line, n) => (n === 1 ? line.replace(",", ',"') : line))),
  },
  {
    fault: "nul",
    says: "a record has a NUL",
    on: otherText(changedLines((line, n) => (n === 1 ? line.replace("EUR", "EU\0") : line))),
  },
  {
    fault: "no_number",
    says: "an amount is NaN",
    on: otherText(changedLines((line, n) => (n === 1 ? line.replace(/\d+\.\d\d/, "NaN") : line))),
  },
  {
    fault: "no_manifest",
    says: "a file is there before its manifest",
    on: async (of, { ship }) => {
      await of.shelf.remove(beside(ship));
      return { about: [ship.path], off: () => of.deliver(ship) };
    },
  },
  {
    fault: "other_count",
    says: "a manifest counts another number of records",
    on: async (of, { ship }) => {
      await of.shelf.put(beside(ship), manifestOf(packed(ship), ship.payments.length + 1));
      return { about: [ship.path], off: () => of.deliver(ship) };
    },
  },
  {
    fault: "other_content",
    says: "a manifest is of other bytes than the file's",
    on: instead("ship", ({ payments }) => gzipSync(acmeText(dearer(payments)))),
  },
];

/** What becomes of files where they are. */
export const PLACE_FAULTS: readonly FileFault[] = [
  {
    fault: "copy",
    says: "the same content comes under another name too, and is taken away",
    on: async (of, { acme }) => {
      const copy = acme.path.replace(".csv", "_copy.csv");
      await of.shelf.put(copy, Buffer.from(acmeText(acme.payments)));
      return { about: [], off: () => of.shelf.remove(copy) };
    },
  },
  {
    fault: "again",
    says: "a file comes again with other content, just behind the run",
    on: async (of, { acme }) => ({ about: [], off: () => of.deliver({ ...acme, payments: dearer(acme.payments.slice(1)) }) }),
  },
  {
    fault: "same_payments",
    says: "payments of one file are in another one too, with other amounts",
    on: async (of, { acme }) => {
      const other = acme.path.replace(".csv", "-more.csv");
      await of.shelf.put(other, Buffer.from(acmeText(dearer(acme.payments.slice(0, 2)))));
      const off = async () => {
        const payments = [{ id: `${acme.payments[0]?.id}-more`, cents: 5 }];
        await of.deliver({ path: other, payments });
      };
      return { about: [acme.path, other], off };
    },
  },
  {
    fault: "taken_away",
    says: "a file is no more where it was (its rows stay), then it is back",
    on: async (of, { acme, earlier }) => {
      const gone = earlier ?? acme;
      await of.shelf.remove(gone.path);
      return { about: earlier ? [] : [acme.path], off: () => of.deliver(gone) };
    },
  },
  {
    fault: "vanishes",
    says: "a file goes between the listing and its reading",
    on: async (of, { acme }) => ({
      about: [acme.path],
      meanwhile: { listed: () => of.shelf.remove(acme.path) },
      off: () => of.deliver(acme),
    }),
  },
  {
    fault: "replaced",
    says: "a file is replaced between the listing and its reading",
    on: async (of, { acme }) => ({
      about: [acme.path],
      meanwhile: { listed: () => of.deliver({ ...acme, payments: dearer(acme.payments) }) },
      off: async () => undefined,
    }),
  },
  {
    fault: "replaced",
    says: "a file is replaced while it is read",
    on: async (of, { acme }) => ({
      about: [acme.path],
      meanwhile: { begun: [acme.path, () => of.deliver({ ...acme, payments: dearer(acme.payments) })] },
      off: async () => undefined,
    }),
  },
];
