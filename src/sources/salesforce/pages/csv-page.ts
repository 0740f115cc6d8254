/** A page of CSV as the Bulk API writes it: a header, comma, doubled quotes, a line feed behind each record. */
export interface CsvPage {
  readonly header: readonly string[];
  /** Goes on to the next record. @returns false behind the last one. @throws SyntaxError for a record of another width, or one that does not end. */
  next(): boolean;
  /** Where the record's fields begin and end, without their quotes. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Where the record begins and where it ends, without its line end. */
  begin(): number;
  end(): number;
  /** The text of a field; null for an empty one, which is how NULL is written. */
  text(nth: number): string | null;
}

const [COMMA, QUOTE, LF, CR] = [44, 34, 10, 13];
const MOST_FIELDS = 2_000;

/** Reads a page; its bytes must be UTF-8. */
export function csvPage(bytes: Uint8Array): CsvPage {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const { length } = bytes;
  const from = new Int32Array(MOST_FIELDS);
  const to = new Int32Array(MOST_FIELDS);
  const quoted = new Uint8Array(MOST_FIELDS);
  let [at, begun, ended] = [0, 0, 0];

  /** Where a quoted field ends: behind its last quote. */
  const quotedEnd = (begin: number): number => {
    let i = begin;
    for (;;) {
      i = buffer.indexOf(QUOTE, i);
      if (i < 0) throw new SyntaxError("a quoted field of a page does not end");
      if (bytes[i + 1] !== QUOTE) return i;
      i += 2;
    }
  };

  /** Reads the field that begins here. @returns where it ends. */
  const field = (nth: number): number => {
    if (nth >= MOST_FIELDS) throw new SyntaxError("a record of a page has more fields than an object can have");
    if (bytes[at] === QUOTE) {
      const end = quotedEnd(at + 1);
      from[nth] = at + 1;
      to[nth] = end;
      quoted[nth] = 1;
      return end + 1;
    }
    let i = at;
    while (i < length && bytes[i] !== COMMA && bytes[i] !== LF && bytes[i] !== CR) i += 1;
    from[nth] = at;
    to[nth] = i;
    quoted[nth] = 0;
    return i;
  };

  /** Goes behind the line end that stands at a place. */
  const behindLine = (i: number): number => {
    if (bytes[i] === CR && bytes[i + 1] === LF) return i + 2;
    if (bytes[i] === LF || bytes[i] === CR) return i + 1;
    throw new SyntaxError("something stands behind the quotes of a field");
  };

  /** @returns how many fields the record has. */
  const record = (): number => {
    begun = at;
    for (let nth = 0; ; nth += 1) {
      const end = field(nth);
      if (end < length && bytes[end] === COMMA) {
        at = end + 1;
        continue;
      }
      ended = end;
      at = end >= length ? length : behindLine(end);
      return nth + 1;
    }
  };

  const text = (nth: number): string | null => {
    const [start = 0, end = 0] = [from[nth], to[nth]];
    if (start === end) return null;
    const found = buffer.toString("utf8", start, end);
    return quoted[nth] === 1 && found.includes('"') ? found.replaceAll('""', '"') : found;
  };

  const width = length === 0 ? 0 : record();
  const header = Array.from({ length: width }, (_, nth) => text(nth) ?? "");
  return {
    header,
    from,
    to,
    begin: () => begun,
    end: () => ended,
    text,
    next: () => {
      if (at >= length) return false;
      if (record() !== width) throw new SyntaxError("a record of a page has not as many fields as its header");
      return true;
    },
  };
}

/** How many records a page has. @throws SyntaxError where it is none. */
export function countRecords(bytes: Uint8Array): number {
  const page = csvPage(bytes);
  let records = 0;
  while (page.next()) records += 1;
  return records;
}
