const [QUOTE, COMMA, LINE_FEED] = ['"', ",", "\n"];

/** Where cells of a line of a row file begin; quotes in quoted cells are doubled, so each of them changes whether commas part cells. */
export function cellStarts(line: string, wanted: number): number[] {
  const starts = [0];
  let isQuoted = false;
  for (let i = 0; i < line.length && starts.length <= wanted; i += 1) {
    if (line[i] === QUOTE) isQuoted = !isQuoted;
    else if (line[i] === COMMA && !isQuoted) starts.push(i + 1);
  }
  return starts;
}

/** The lines of a row file, as texts of its bytes (Latin-1). */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let [pending, isQuoted] = ["", false];
  for await (const chunk of bytes) {
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString("latin1");
    let from = 0;
    for (let i = 0; i < text.length; i += 1) {
      if (text[i] === QUOTE) isQuoted = !isQuoted;
      if (text[i] !== LINE_FEED || isQuoted) continue;
      yield pending + text.slice(from, i);
      [pending, from] = ["", i + 1];
    }
    pending += text.slice(from);
  }
}

/** The text of a cell of a line; null for one without a value. */
export function cellText(line: string, from: number, to: number): string | null {
  const bytes = line.slice(from, to);
  if (bytes === "") return null;
  const bare = bytes[0] === QUOTE ? bytes.slice(1, -1).replaceAll(QUOTE + QUOTE, QUOTE) : bytes;
  return Buffer.from(bare, "latin1").toString("utf8");
}
