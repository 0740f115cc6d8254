/** Columns of a terminal that nobody has made wider. */
const WIDTH = 80;

/** A text in lines that a terminal of 80 columns does not break; all but the first are indented. Words that are longer stand alone. */
export function wrapped(text: string, indent = 0): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    const room = lines.length === 0 ? WIDTH : WIDTH - indent;
    if (line !== "" && longer.length > room) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].join(`\n${" ".repeat(indent)}`);
}
