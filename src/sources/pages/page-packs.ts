import { once } from "node:events";
import { PassThrough } from "node:stream";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Evidence, EvidenceSink } from "../source.ts";
import { type Page, warcRecord } from "./warc.ts";

const packed = promisify(gzip);

/** Bytes after which the next page begins a new file. */
const LARGEST = 64 * 1024 * 1024;

/** What one file of pages holds, and where: a line each of its index. */
export interface IndexLine {
  /** The page's number among those of its writer, from 1. */
  readonly page: number;
  readonly url: string;
  readonly status: number;
  readonly date: string;
  readonly request_id: string | null;
  readonly version: string | null;
  /** Of the page's gzip member in the file. */
  readonly offset: number;
  readonly length: number;
}

/** How pages say which request and which version of an API gave them. */
export interface PageHeaders {
  readonly requestId: string;
  readonly version: string;
}

/** Keeps pages as evidence, in the order in which they come. */
export interface PagePacks {
  /** Keeps a page. @returns its number in the extract, from 1. @throws as the store that keeps it. */
  add(page: Page): Promise<number>;
  /** Pages so far. */
  count(): number;
  /** Bytes of answers so far. */
  bytes(): number;
  /** Ends the last file. @returns all files with pages, each followed by its index. */
  close(): Promise<Evidence[]>;
  /** Gives the file up that is being written; what is complete stays as evidence that nobody names. */
  abandon(reason: unknown): Promise<void>;
}

interface Pack {
  readonly name: string;
  readonly stream: PassThrough;
  readonly kept: Promise<Evidence>;
  readonly index: IndexLine[];
  size: number;
}

/** The name of the index beside a file of pages. */
export const indexName = (pack: string) => pack.replace(/warc\.gz$/, "index.jsonl");

async function* lines(index: readonly IndexLine[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(index.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

/**
 * Packs pages into files of gzipped WARC records, one gzip member a page, so that each page can be read by itself.
 * @param name what the files are called, without an ending: `invoices`.
 * @param largest bytes after which the next page begins a new file; 64 MiB where nothing is said.
 */
export function pagePacks(
  sink: EvidenceSink,
  { name, headers, largest = LARGEST }: { name: string; headers?: PageHeaders; largest?: number },
): PagePacks {
  const done: Evidence[] = [];
  let open: Pack | null = null;
  let [count, received, packs] = [0, 0, 0];
  let turn: Promise<unknown> = Promise.resolve();

  const begin = (): Pack => {
    packs += 1;
    const stream = new PassThrough({ highWaterMark: 4 * 1024 * 1024 });
    const file = `${name}-${String(packs).padStart(5, "0")}.warc.gz`;
    const kept = sink(file, stream);
    // Whoever writes next, or closes, is told.
    kept.catch((error) => stream.destroy(error instanceof Error ? error : new Error(String(error))));
    stream.on("error", () => undefined);
    return { name: file, stream, kept, index: [], size: 0 };
  };

  const end = async (pack: Pack): Promise<void> => {
    open = null;
    pack.stream.end();
    done.push(await pack.kept);
    done.push(await sink(indexName(pack.name), lines(pack.index)));
  };

  const write = async (page: Page): Promise<number> => {
    const member = await packed(warcRecord(page));
    if (open && open.size + member.length > largest) await end(open);
    open ??= begin();
    const pack = open;
    if (!pack.stream.write(member)) await Promise.race([once(pack.stream, "drain"), pack.kept]);
    count += 1;
    received += page.body.length;
    pack.index.push({
      page: count,
      url: page.url,
      status: page.status,
      date: page.date,
      request_id: page.headers[headers?.requestId ?? ""] ?? null,
      version: page.headers[headers?.version ?? ""] ?? null,
      offset: pack.size,
      length: member.length,
    });
    pack.size += member.length;
    return count;
  };

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(work);
    turn = next.catch(() => undefined);
    return next;
  };

  return {
    add: (page) => inTurn(() => write(page)),
    count: () => count,
    bytes: () => received,
    close: () =>
      inTurn(async () => {
        if (open) await end(open);
        return done;
      }),
    abandon: async (reason) => {
      await turn;
      if (!open) return;
      open.stream.destroy(reason instanceof Error ? reason : new Error(String(reason)));
      await open.kept.catch(() => undefined);
    },
  };
}
