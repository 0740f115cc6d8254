const QUOTE = 34;
const COMMA = 44;
const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;

/** What follows a quote that closes a cell or stands for a quote in it. */
const AFTER_CLOSING: ReadonlySet<number | undefined> = new Set([QUOTE, COMMA, CARRIAGE_RETURN, LINE_FEED, undefined]);

/** So many bytes behind a line feed say whether a quoted row begins there. */
export const ROW_START_BYTES = 2;

/**
 * Where in CSV with line feeds at its rows' ends the next row begins whose first cell is quoted and not empty, from a position on; -1 where none is to be seen.
 * A quote behind a line feed inside a cell would close it or be one of two, and one of four bytes would follow.
 */
export function nextRowStart(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(LINE_FEED, from); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1))
    if (bytes[at + 1] === QUOTE && !AFTER_CLOSING.has(bytes[at + 2])) return at + 1;
  return -1;
}
