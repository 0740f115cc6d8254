/** A row of a row file, and the longest text in it. */
export interface LongRow {
  /** With its line end, as it lies in the file. */
  readonly bytes: number;
  /** Index of the column with its longest text. */
  readonly column: number;
  /** Of that text, without the quotes around it and in it. */
  readonly textBytes: number;
  /** Its first cell, which is the row's position; the beginning of a long one. */
  readonly first: string;
}

/** The extremes of a row file; one row may be both. */
export interface Longest {
  readonly row: LongRow;
  /** The row with the longest text. */
  readonly text: LongRow;
}

const QUOTE = 34;
const COMMA = 44;
const LINE_FEED = 10;
/** Bytes kept of a first cell. */
const FIRST = 120;

interface Row {
  bytes: number;
  column: number;
  plain: number;
  quotes: number;
  longestColumn: number;
  longestText: number;
  first: number[];
}

const newRow = (): Row => ({ bytes: 0, column: 0, plain: 0, quotes: 0, longestColumn: 0, longestText: 0, first: [] });

/** Two quotes enclose a cell, and of every two inside it one stands for a quote. */
function endCell(row: Row): void {
  const text = row.plain + Math.max(0, (row.quotes - 2) / 2);
  if (text > row.longestText) {
    row.longestText = text;
    row.longestColumn = row.column;
  }
  row.column += 1;
  row.plain = 0;
  row.quotes = 0;
}

function keep(row: Row, byte: number): void {
  row.plain += 1;
  if (row.column === 0 && row.plain <= FIRST) row.first.push(byte);
}

function take(chunk: Uint8Array, into: Row, onRow: (row: Row) => Row): Row {
  let row = into;
  for (let at = 0; at < chunk.length; at += 1) {
    const byte = chunk[at] as number;
    row.bytes += 1;
    if (byte === QUOTE) {
      row.quotes += 1;
      continue;
    }
    const isInside = (row.quotes & 1) === 1;
    if (!isInside && (byte === COMMA || byte === LINE_FEED)) {
      endCell(row);
      if (byte === LINE_FEED) row = onRow(row);
      continue;
    }
    keep(row, byte);
  }
  return row;
}

const NONE: LongRow = { bytes: 0, column: 0, textBytes: 0, first: "" };

function described({ bytes, longestColumn, longestText, first }: Row): LongRow {
  return { bytes, column: longestColumn, textBytes: longestText, first: Buffer.from(first).toString("utf8") };
}

/** The longest row and text of a row file as docs/landed-text.md has it, its header counted as one. Some 300 MB a second. */
export async function longestOf(chunks: AsyncIterable<Uint8Array>): Promise<Longest> {
  let longest: Longest = { row: NONE, text: NONE };
  const onRow = (row: Row) => {
    if (row.bytes > longest.row.bytes) longest = { ...longest, row: described(row) };
    if (row.longestText > longest.text.textBytes) longest = { ...longest, text: described(row) };
    return newRow();
  };
  let row = newRow();
  for await (const chunk of chunks) row = take(chunk, row, onRow);
  onRow(row);
  return longest;
}

/** Whether bytes have an odd number of quotes: behind them a cell is open that was not, or the other way round. */
function isOdd(bytes: Buffer): boolean {
  let isSo = false;
  for (let at = bytes.indexOf(QUOTE); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) isSo = !isSo;
  return isSo;
}

/** Where the first row ends in a piece of a row file that begins inside a cell or not; -1 where none does. */
function firstEnd(chunk: Buffer, beginsInside: boolean): number {
  let [isInside, from] = [beginsInside, 0];
  for (let feed = chunk.indexOf(LINE_FEED); feed >= 0; feed = chunk.indexOf(LINE_FEED, from)) {
    if (isOdd(chunk.subarray(from, feed))) isInside = !isInside;
    if (!isInside) return feed;
    from = feed + 1;
  }
  return -1;
}

/**
 * Whether all rows of a row file are surely shorter than so many bytes: whether rows end often enough. False says only that
 * `longestOf`, which takes five times as long, has to look. Pieces have to be much shorter than the limit.
 */
export async function areShorter(chunks: AsyncIterable<Uint8Array>, limit: number): Promise<boolean> {
  let [isInside, since] = [false, 0];
  for await (const bytes of chunks) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const end = firstEnd(chunk, isInside);
    if (isOdd(chunk)) isInside = !isInside;
    // Behind the first end of a row there may be others: rows are no longer than what is counted.
    const longest = end < 0 ? since + chunk.length : Math.max(since + end + 1, chunk.length);
    if (longest >= limit) return false;
    since = end < 0 ? longest : chunk.length - end - 1;
  }
  return true;
}
