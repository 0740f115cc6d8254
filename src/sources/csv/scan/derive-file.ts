import { createHash } from "node:crypto";
import { POSITION } from "../../landed-text.ts";
import { gunzipped } from "../../unpacked.ts";
import { quotedCell } from "./cell-plan.ts";
import { beginningOf } from "./encoding.ts";
import { type FileFacts, malformedIn, type Stopped } from "./file-facts.ts";
import { type FileSpec, partOf } from "./layout.ts";
import { endRecords, readRecords } from "./read-records.ts";
import { beginReading, type Reading, stop } from "./reading.ts";
import { saidSum, trailerOf } from "./trailer.ts";

/** The row file of one CSV file in the making. */
export interface DerivingFile {
  /** The row file (docs/landed-text.md): read it to its end, also where the file turns out to be stopped. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The columns of the row file, in their order. */
  readonly columns: readonly string[];
  /** What the file was; only after the last of its bytes. */
  facts(): FileFacts;
}

/** Bytes by which it is known what a file is. */
const HEAD = 4;
/** Fewer records say nothing of how a whole file is. */
const LEAST_RECORDS = 20;

/** How other kinds of files begin, which have been named like these. */
const OTHER_KINDS: readonly { readonly bytes: readonly number[]; readonly says: string }[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], says: "it is a zip archive, or a workbook" },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], says: "it is a workbook of an old Excel" },
  { bytes: [0x1f, 0x8b], says: "it is packed with gzip, which its name does not say" },
];

function openingOf(head: Uint8Array, spec: FileSpec): Reading | Stopped {
  if (head.length === 0) return { reason: "empty", says: "it has no bytes" };
  const other = OTHER_KINDS.find(({ bytes }) => bytes.every((byte, i) => head[i] === byte));
  if (other) return { reason: "kind_of_file", says: other.says };
  const beginning = beginningOf(head, spec.layout.encoding);
  if (beginning === null)
    return { reason: "encoding", says: `its byte order mark is not that of ${spec.layout.encoding}, which the layout declares` };
  return beginReading(spec, beginning);
}

/** Whether so large a part of a file went wrong that it is another one than the layout says. */
function badShare(r: Reading): Stopped | null {
  const { records, malformed, spec } = r;
  const isBad = (bad: number, of: number) => records >= LEAST_RECORDS && bad > spec.layout.fileBadShare * of;
  const stopOf = (says: string): Stopped => ({ reason: "bad_share", says });
  const wrong = malformedIn({ malformed });
  if (isBad(wrong, records)) return stopOf(`${wrong} of its ${records} records are malformed`);
  const read = records - wrong;
  const [worst] = Object.entries(r.rows?.writer.unconverted() ?? {}).filter(([, count]) => isBad(count, read));
  return worst ? stopOf(`${worst[1]} of its ${read} records have no "${worst[0]}" that could be converted`) : null;
}

/** What a file says of itself, as it was read and as it is said. */
interface Concluded {
  readonly trailer: FileFacts["trailer"] | Stopped;
  readonly saidSum: string | null;
}

const UNSAID = { trailer: null, saidSum: null } as const;

function trailerOfReading(r: Reading): Concluded {
  const { rows, footerGroups, records, malformed, codec, spec } = r;
  if (rows === null) return UNSAID;
  const { sum, amount, places, writer } = rows;
  const wrong = malformedIn({ malformed });
  const unreadable = wrong + (writer.unconverted()[amount?.name ?? ""] ?? 0) + (sum?.refused() ?? 0);
  const read = { records, unreadable, sum, amount, places, codec };
  const said = [
    ...(footerGroups ? [{ groups: footerGroups, place: "trailer" } as const] : []),
    ...(spec.stated ? [{ groups: spec.stated, place: "manifest" } as const] : []),
  ];
  const found = said.map(({ groups, place }) => trailerOf(groups, read, place));
  const [sums] = said.flatMap(({ groups }) => saidSum(groups, read) ?? []);
  return { trailer: found.find((one) => "reason" in one) ?? found[0] ?? null, saidSum: sums ?? null };
}

/** What is known of a file when its last byte was read. */
function conclude(r: Reading | Stopped, read: Pick<FileFacts, "bytes" | "sha256">): FileFacts {
  if ("reason" in r)
    return { ...read, records: 0, malformed: {}, blankLines: 0, unconverted: {}, added: [], ...UNSAID, stopped: r };
  const { trailer, saidSum: sum } = r.stopped === null ? trailerOfReading(r) : UNSAID;
  const failed = trailer !== null && "reason" in trailer ? trailer : null;
  return {
    ...read,
    records: r.records,
    malformed: r.malformed,
    blankLines: r.blankLines,
    unconverted: r.rows?.writer.unconverted() ?? {},
    added: r.rows?.match.added ?? [],
    trailer: trailer === null || "reason" in trailer ? null : trailer,
    saidSum: sum,
    stopped: r.stopped ?? failed ?? badShare(r),
  };
}

/** A file that is being derived, piece by piece. */
interface Derivation {
  /** Takes a piece. @returns false where no more is wanted. */
  add(chunk: Uint8Array): boolean;
  /** The file stops here, whatever it is. */
  breakOff(stopped: Stopped): void;
  end(): FileFacts;
  /** Rows that have been written and not been taken. */
  rows(isEnd: boolean): Uint8Array[];
}

function derivation(spec: FileSpec): Derivation {
  const { maxFileBytes } = spec.layout;
  const hash = createHash("sha256");
  let [bytes, head]: [number, Uint8Array] = [0, new Uint8Array(0)];
  let reading: Reading | Stopped | null = null;
  let broken: Stopped | null = null;

  const read = (chunk: Uint8Array, isLast: boolean) => {
    reading ??= openingOf(chunk, spec);
    if ("reason" in reading || reading.stopped !== null) return;
    reading.window.add(chunk);
    readRecords(reading, isLast);
  };
  return {
    add: (chunk) => {
      bytes += chunk.length;
      if (bytes > maxFileBytes) {
        broken ??= { reason: "too_large", says: `it has more than ${maxFileBytes} bytes` };
        return false;
      }
      hash.update(chunk);
      head = reading === null ? Buffer.concat([head, chunk]) : chunk;
      if (reading !== null || head.length >= HEAD) read(head, false);
      return true;
    },
    breakOff: (stopped) => {
      broken ??= stopped;
    },
    end: () => {
      read(reading === null ? head : new Uint8Array(0), true);
      const r = reading ?? openingOf(head, spec);
      if (!("reason" in r)) {
        if (r.window.isTorn()) stop(r, "encoding", "it ends in the middle of a character");
        endRecords(r);
      }
      const facts = conclude(r, { bytes, sha256: hash.digest("hex") });
      return broken === null ? facts : { ...facts, stopped: broken };
    },
    rows: (isEnd) => (reading === null || "reason" in reading ? [] : (reading.rows?.writer.take(isEnd) ?? [])),
  };
}

/**
 * Makes the row file of a CSV file: every record is one row, malformed ones with `_fault` and their exact bytes in `_payload`.
 * Bytes and layout decide all of it. Holds a record and a few pieces of the file at a time, and takes time in proportion to it.
 */
export function deriveFile(bytes: AsyncIterable<Uint8Array>, spec: FileSpec): DerivingFile {
  const columns = [
    POSITION,
    ...partOf(spec).map(([name]) => name),
    "_fault",
    "_payload",
    "_unconverted",
    ...spec.columns.map(({ name }) => name),
  ];
  let facts: FileFacts | null = null;

  async function* write(): AsyncGenerator<Uint8Array> {
    const file = derivation(spec);
    yield Buffer.from(`${columns.map((name) => Buffer.from(quotedCell(name)).toString()).join(",")}\n`);
    const unpacked = spec.packing === null ? bytes : gunzipped(bytes, (says) => file.breakOff({ reason: "gzip", says }));
    for await (const chunk of unpacked) {
      if (!file.add(chunk)) break;
      yield* file.rows(false);
    }
    facts = file.end();
    yield* file.rows(true);
  }
  return {
    bytes: write(),
    columns,
    facts: () => {
      if (facts === null) throw new Error("the file has not been read to its end");
      return facts;
    },
  };
}
