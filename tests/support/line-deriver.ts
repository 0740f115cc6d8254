import type { Feed } from "../../src/config/pipeline.ts";
import { grouped } from "../../src/kernel/grouped.ts";
import type { DerivedFile, Deriver, EvidenceToRead } from "../../src/sources/deriver.ts";
import { toRead } from "../../src/sources/deriver.ts";
import { type CellRow, isLandable, landedText } from "../../src/sources/landed-text.ts";
import type {
  ControlTotal,
  Evidence,
  ExtractedFile,
  ExtractRequest,
  FeedExtract,
  SourceReader,
} from "../../src/sources/source.ts";

/** How lines become rows: the members that become columns, in their order. */
export interface LineParameters {
  readonly columns: readonly string[];
}

function cellsOf(line: string, columns: readonly string[]): (string | null)[] {
  const record = JSON.parse(line) as Readonly<Record<string, unknown>>;
  return columns.map((column) => {
    const value = record[column] ?? null;
    const text = value === null || typeof value === "string" ? value : JSON.stringify(value);
    return text !== null && isLandable(text) ? text : null;
  });
}

async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of bytes) {
    const parts = `${rest}${decoder.decode(chunk, { stream: true })}`.split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
  if (rest !== "") yield rest;
}

async function* rowsOf({ name, open }: EvidenceToRead, columns: readonly string[]): AsyncGenerator<CellRow> {
  let line = 0;
  for await (const text of linesOf(open())) {
    line += 1;
    yield [`${name}:${line}`, ...cellsOf(text, columns)];
  }
}

/** Makes a row of each line of JSON, a row file of each piece of evidence. */
export const lineDeriver: Deriver = {
  name: "lines",
  version: "1",
  async *derive(evidence, parameters) {
    const { columns } = parameters as unknown as LineParameters;
    for (const [i, piece] of evidence.entries()) {
      const { bytes, rows } = landedText(["_position", ...columns], rowsOf(piece, columns));
      yield { name: `part-${String(i).padStart(3, "0")}.csv`, bytes, rows };
    }
  },
};

/** What a sender would give: names and bytes. */
export type Sent = readonly { readonly name: string; readonly bytes: Uint8Array }[];

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function landDerived(
  derived: AsyncIterable<DerivedFile>,
  sink: ReturnType<ExtractRequest["sink"]>,
): Promise<ExtractedFile[]> {
  const files: ExtractedFile[] = [];
  for await (const { name, bytes, rows } of derived) {
    const written = await sink(name, bytes);
    files.push({ ...written, rows: rows() });
  }
  return files;
}

/** Rows and money as the sender would count them. */
function totalsOf(feed: Feed, sent: Sent): ControlTotal[] {
  const records = sent
    .flatMap(({ bytes }) => Buffer.from(bytes).toString("utf8").split("\n"))
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  const { money } = feed;
  const currencyOf = (record: (typeof records)[number]) => (money?.currency ? String(record[money.currency]) : "-");
  return [...grouped(records, currencyOf)].map(([currency, some]) => {
    const minor = money ? some.reduce((sum, record) => sum + BigInt(String(record[money.amount])), 0n) : 0n;
    return { currency, rows: String(some.length), minor: String(minor), unreadable: "0" };
  });
}

async function readFeed(request: ExtractRequest, feed: Feed, sent: Sent): Promise<FeedExtract> {
  const columns = feed.contract.columns.map((column) => column.name);
  const keep = request.evidence(feed.id);
  const evidence: Evidence[] = [];
  for (const { name, bytes } of sent) evidence.push(await keep(name, once(bytes)));
  const parameters = { columns };
  const files = await landDerived(lineDeriver.derive(toRead(evidence, request.openEvidence), parameters), request.sink(feed.id));
  return {
    feed: feed.id,
    request: { from: null, whole: true },
    files,
    columns: ["_position", ...columns],
    sourceColumns: columns.map((name) => ({ name, type: "text", nullable: true })),
    witness: "none",
    totals: totalsOf(feed, sent),
    cursor: { kind: "lines", position: null, identity: null, horizon: null },
    asOf: request.clock.now().toISOString(),
    notes: {},
    evidence,
    deriver: { name: lineDeriver.name, version: lineDeriver.version, parameters },
  };
}

/** A source whose feeds are what was sent: keeps it as evidence, then derives its rows. */
export function lineReader(sent: (feed: Feed) => Sent): SourceReader {
  return {
    extract: async (request) => {
      const extracts: FeedExtract[] = [];
      for (const { feed } of request.feeds) extracts.push(await readFeed(request, feed, sent(feed)));
      return { extracts, refused: [] };
    },
    compare: () => "equal",
    describe: async (_source, feeds) =>
      new Map(
        feeds.map((feed) => [
          feed.id,
          feed.contract.columns.map((column) => ({ name: column.name, type: "text", nullable: true })),
        ]),
      ),
    close: async () => undefined,
    derivers: [lineDeriver],
  };
}

/** Lines of JSON as a sender would write them. */
export function lines(records: readonly object[]): Uint8Array {
  return Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(""));
}
