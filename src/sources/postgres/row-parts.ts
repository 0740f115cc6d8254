import { nextRowStart, ROW_START_BYTES } from "../../kernel/row-start.ts";
import type { LandedText } from "../landed-text.ts";

const LINE_FEED = 10;

/** The same bytes in chunks of which none ends where the next bytes would say whether a row begins. */
async function* settled(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let open: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    const all = open.length === 0 ? chunk : Buffer.concat([open, chunk]);
    const late = all.indexOf(LINE_FEED, Math.max(0, all.length - ROW_START_BYTES));
    const end = late < 0 ? all.length : late;
    open = all.subarray(end);
    if (end > 0) yield all.subarray(0, end);
  }
  if (open.length > 0) yield open;
}

/**
 * Deals rows of CSV with a header out into parts, each of which ends with the row in which it reaches so many bytes, so that several may read what came by one
 * COPY. The first cell of each row has to be quoted and not empty, as positions of rows are (docs/landed-text.md). Each part has the header, is to be read to
 * its end before the next is asked for, and has its rows counted in its bytes.
 */
export async function* rowParts(chunks: AsyncIterable<Uint8Array>, partBytes: number): AsyncGenerator<LandedText> {
  const source = settled(chunks);
  const header: Uint8Array[] = [];
  let hasRows = false;
  let ahead: Uint8Array | null = null;
  let isMore = true;

  const next = async (): Promise<Uint8Array | null> => {
    if (ahead !== null) {
      const chunk = ahead;
      ahead = null;
      return chunk;
    }
    const { done, value } = await source.next();
    return done ? null : value;
  };
  /** Where a part ends in a chunk, if it does, and how many rows begin before. */
  const look = (chunk: Uint8Array, size: number) => {
    let rows = 0;
    for (let at = nextRowStart(chunk, 0); at >= 0; at = nextRowStart(chunk, at)) {
      if (!hasRows) header.push(chunk.subarray(0, at));
      else if (size + at >= partBytes) return { rows, end: at };
      hasRows = true;
      rows += 1;
    }
    if (!hasRows) header.push(chunk);
    return { rows, end: null };
  };
  const part = (isFirst: boolean): LandedText => {
    let rows = isFirst ? 0 : 1;
    async function* bytes(): AsyncGenerator<Uint8Array> {
      let size = 0;
      if (!isFirst) yield* header;
      for (let chunk = await next(); chunk !== null; chunk = await next()) {
        const found = look(chunk, size);
        rows += found.rows;
        size += chunk.length;
        if (found.end === null) {
          yield chunk;
          continue;
        }
        ahead = chunk.subarray(found.end);
        yield chunk.subarray(0, found.end);
        return;
      }
      isMore = false;
    }
    return { bytes: bytes(), rows: () => rows };
  };
  try {
    yield part(true);
    while (isMore) yield part(false);
  } finally {
    await source.return(undefined);
  }
}
