import type { Json } from "../../../kernel/json.ts";
import type { Deriver, EvidenceToRead } from "../../deriver.ts";
import { type CellRow, instantOfIso, landedLine, landedText } from "../../landed-text.ts";
import { jsonRecordAt, pageAt, pagePosition, pagesOf, placeInPages } from "../../pages/kept-pages.ts";
import type { Page } from "../../pages/warc.ts";
import type { RecordAsked } from "../../record-place.ts";
import { isCsv, recordsOf } from "./records.ts";
import { linesOf, type PageLines } from "./row-lines.ts";
import type { PagePart, SalesforceParameters } from "./spec.ts";

/** Rows after which the next page begins a new file. */
const ROWS = 50_000;

/** The row files beside the rows: all ids, and what was deleted. */
export const IDS_NAME = "keys-000.csv";
export const DELETES_NAME = "deletes-000.csv";

/** The part that a page belongs to; null where nothing is taken of it. */
export function partOf(parts: readonly PagePart[], number: number): PagePart | null {
  return parts.find(({ first, last }) => number >= first && number <= last) ?? null;
}

/** What rows leave behind for the files beside them. */
interface Beside {
  /** Ids of rows; nobody asks for them where no ids are told. */
  readonly rows: Set<string>;
  readonly deleted: Map<string, string | null>;
  /** The same of ids that the log of deletions alone names. It may have been undeleted since, so that its id stays one. */
  readonly logged: Map<string, string | null>;
}

const stampCell = (stamp: string | null) => (stamp === null ? null : instantOfIso(stamp));

/** The log of deletions does not say when a record's last change was: where the record itself was read, that counts. */
function noteLog({ rows, deleted, logged }: Beside, page: Page): void {
  for (const entry of recordsOf(page, "deletedRecords")) {
    const id = entry.text("id");
    if (id !== null && !rows.has(id) && !deleted.has(id)) logged.set(id, stampCell(entry.text("deletedDate")));
  }
}

async function* linesOfPages(
  evidence: readonly EvidenceToRead[],
  parameters: SalesforceParameters,
  beside: Beside,
): AsyncGenerator<PageLines> {
  const deriving = {
    parameters,
    onRow: parameters.tellsIds || parameters.tellsDeleted ? (id: string) => void beside.rows.add(id) : () => undefined,
    onDeleted: parameters.tellsDeleted
      ? (id: string, stamp: string | null) => void beside.deleted.set(id, stampCell(stamp))
      : () => undefined,
  };
  const logs: Page[] = [];
  for await (const { page, number } of pagesOf(evidence)) {
    const part = partOf(parameters.parts, number);
    if (part?.of === "log") logs.push(page);
    if (part?.of === "records") yield linesOf(deriving, page, { number, part });
  }
  for (const page of logs) noteLog(beside, page);
}

/** Deals the lines of pages out into files; a page is not cut. */
function filesOf(columns: readonly string[], pages: AsyncGenerator<PageLines>) {
  let next: PageLines | null = null;
  const ahead = async () => {
    while (next === null || next.rows === 0) {
      const { done, value } = await pages.next();
      if (done) return false;
      next = value;
    }
    return true;
  };
  const file = (name: string) => {
    let rows = 0;
    async function* write(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(landedLine(columns, columns));
      while (rows < ROWS && (await ahead())) {
        const taken = next as PageLines;
        next = null;
        rows += taken.rows;
        yield* taken.chunks;
      }
    }
    return { name, bytes: write(), rows: () => rows };
  };
  return { ahead, file };
}

/** All ids that there are: those that were listed, but what was deleted since, and those that came since. */
async function* idsOf(
  evidence: readonly EvidenceToRead[],
  parts: readonly PagePart[],
  { rows, deleted }: Beside,
): AsyncGenerator<CellRow> {
  const unlisted = new Set(rows);
  for await (const { page, number } of pagesOf(evidence)) {
    if (partOf(parts, number)?.of !== "ids") continue;
    for (const record of recordsOf(page)) {
      const id = record.text("Id") ?? "";
      unlisted.delete(id);
      if (!deleted.has(id)) yield [id];
    }
  }
  for (const id of unlisted) yield [id];
}

/** The results of a job of the Bulk API, which are CSV; all other answers are JSON. */
const RESULTS = /\/jobs\/query\/[^/?]+\/results(?:\?|$)/;

const placeIn: NonNullable<Deriver["place"]> = (evidence, { position }) =>
  placeInPages(evidence, position, (url, { record }) =>
    RESULTS.test(url) ? { pointer: null, record } : { pointer: `/records/${record - 1}`, record: null },
  );

/** The bytes of a record in a page of CSV. */
async function csvRecord(evidence: readonly EvidenceToRead[], asked: RecordAsked): Promise<Uint8Array | null> {
  const place = await placeIn(evidence, asked);
  const page = place && (await pageAt(evidence, place));
  if (!(page && isCsv(page))) return null;
  for (const { number, payload } of recordsOf(page)) {
    if (number === pagePosition(asked.position)?.record) return payload();
  }
  return null;
}

/** Row files of pages of records: the rows, then all ids, then what was deleted. */
export const salesforceDeriver: Deriver = {
  name: "salesforce_pages",
  version: "1",
  place: placeIn,
  record: async (evidence, asked) => (await jsonRecordAt(evidence, asked, placeIn)) ?? csvRecord(evidence, asked),
  async *derive(evidence, parameters: Json) {
    const of = parameters as unknown as SalesforceParameters;
    const beside: Beside = { rows: new Set(), deleted: new Map(), logged: new Map() };
    const { ahead, file } = filesOf(of.columns, linesOfPages(evidence, of, beside));
    for (let nth = 0; await ahead(); nth += 1) yield file(`part-${String(nth).padStart(5, "0")}.csv`);
    if (of.tellsIds) yield { name: IDS_NAME, ...landedText([of.key], idsOf(evidence, of.parts, beside)) };
    const deleted = [...beside.deleted, ...beside.logged];
    if (of.tellsDeleted && deleted.length > 0) yield { name: DELETES_NAME, ...landedText([of.key, "_stamp"], deleted) };
  },
};
