import { Failure } from "../../kernel/problem.ts";
import { bytesAt } from "../bytes-at.ts";
import type { Deriver, EvidenceToRead } from "../deriver.ts";
import type { AnswerPlace, RecordAsked, RecordPlace } from "../record-place.ts";
import { gunzipped } from "../unpacked.ts";
import { jsonSlice } from "./json-slice.ts";
import { type IndexLine, indexName } from "./page-packs.ts";
import { pointerNames } from "./pointer.ts";
import { pageTorn } from "./problems.ts";
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

async function indexLines(evidence: readonly EvidenceToRead[], pack: string): Promise<IndexLine[]> {
  const index = evidence.find(({ name }) => name === indexName(pack));
  if (!index) return [];
  const chunks: Uint8Array[] = [];
  for await (const chunk of index.open()) chunks.push(chunk);
  const lines = Buffer.concat(chunks).toString("utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as IndexLine);
}

/** Where a page of evidence stands, by its number in the extract; null for none. Reads indexes alone. */
async function placeOfPage(evidence: readonly EvidenceToRead[], number: number) {
  let before = 0;
  for (const { name } of evidence) {
    if (!PAGES.test(name)) continue;
    const lines = await indexLines(evidence, name);
    const line = lines[number - before - 1];
    if (line) return { piece: name, line };
    before += lines.length;
  }
  return null;
}

/** A record of a page: the number of its page, its own in the page, and that in a list inside it. */
interface PagePosition {
  readonly page: number;
  readonly record: number;
  readonly inside: number | null;
}

/** What a `_position` of a row of pages says; null for what is none. */
export function pagePosition(position: string): PagePosition | null {
  const [, page, record, inside] = /^(\d+)\/(\d+)(?:\.(\d+))?$/.exec(position) ?? [];
  if (record === undefined) return null;
  return { page: Number(page), record: Number(record), inside: inside === undefined ? null : Number(inside) };
}

/** The way to a record of a page. @param within where it stands in the answer to an address. */
export async function placeInPages(
  evidence: readonly EvidenceToRead[],
  position: string,
  within: (url: string, at: PagePosition) => Pick<AnswerPlace, "pointer" | "record">,
): Promise<RecordPlace | null> {
  const at = pagePosition(position);
  const found = at && (await placeOfPage(evidence, at.page));
  if (!found) return null;
  const { url, status, date, request_id, offset, length } = found.line;
  const packed = { offset, length };
  return { piece: found.piece, answer: { page: at.page, url, status, request_id, at: date, ...within(url, at), packed } };
}

/** The page that a place is in. @throws Failure `incomplete` where the kept bytes are not what was written. */
export async function pageAt(evidence: readonly EvidenceToRead[], { piece, answer }: RecordPlace): Promise<Page | null> {
  const pack = evidence.find(({ name }) => name === piece);
  if (!(pack && answer)) return null;
  const member = await bytesAt(pack.open(), answer.packed);
  const bytes = (async function* () {
    yield member;
  })();
  for await (const page of readWarc(gunzipped(bytes, () => undefined))) return page;
  throw new Failure("incomplete", pageTorn());
}

/** The bytes of a record in a page of JSON, to the letter. @param placeIn as the deriver has it. */
export async function jsonRecordAt(
  evidence: readonly EvidenceToRead[],
  asked: RecordAsked,
  placeIn: NonNullable<Deriver["place"]>,
): Promise<Uint8Array | null> {
  const place = await placeIn(evidence, asked);
  const pointer = place?.answer?.pointer ?? null;
  const page = place && pointer !== null ? await pageAt(evidence, place) : null;
  const text = page && pointer !== null ? jsonSlice(Buffer.from(page.body).toString("utf8"), pointerNames(pointer)) : null;
  return text === null ? null : Buffer.from(text);
}
