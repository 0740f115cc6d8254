/** A text in HTML or SVG, between tags or in an attribute's quotes. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** Cells of a row by the names of their columns. */
export type Cells = Readonly<Record<string, string | null>>;

/** How columns of a table are set, by their names: numbers to the right, and long texts that may be broken. */
export interface Columns {
  readonly numbers?: readonly string[];
  readonly texts?: readonly string[];
}

/** A table of HTML. Nothing for no row. */
export function htmlTable(rows: readonly Cells[], { numbers = [], texts = [] }: Columns = {}): string {
  const names = Object.keys(rows[0] ?? {});
  if (names.length === 0) return "";
  const align = (name: string) => (numbers.includes(name) ? ' class="n"' : texts.includes(name) ? ' class="t"' : "");
  const head = names.map((name) => `<th${align(name)}>${escaped(name)}</th>`).join("");
  const body = rows.map(
    (row) => `<tr>${names.map((name) => `<td${align(name)}>${escaped(row[name] ?? "")}</td>`).join("")}</tr>`,
  );
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>\n${body.join("\n")}\n</tbody></table></div>`;
}

/** Something that is drawn as a bar: how long it is, and what stands beside it. */
export interface Bar {
  readonly label: string;
  /** Parts of it, each with the class that colours it, and what it says. */
  readonly parts: readonly { readonly size: number; readonly look: string; readonly title: string }[];
  readonly text: string;
}

const [ROW, LEFT, WIDTH, RIGHT] = [24, 220, 420, 240];

/** Bars of HTML's own vector graphics, one below the other, the longest as wide as there is room. */
export function barsSvg(title: string, bars: readonly Bar[]): string {
  const sizeOf = ({ parts }: Bar) => parts.reduce((sum, { size }) => sum + size, 0);
  const longest = Math.max(...bars.map(sizeOf), 1);
  const [width, height] = [LEFT + WIDTH + RIGHT, bars.length * ROW + 4];
  const drawn = bars.flatMap((bar, i) => {
    let x = LEFT;
    const rects = bar.parts.map(({ size, look, title: says }) => {
      const wide = (size / longest) * WIDTH;
      const rect = `<rect class="${look}" x="${x.toFixed(1)}" y="${i * ROW + 4}" width="${Math.max(wide, 0.5).toFixed(1)}" height="${ROW - 8}"><title>${escaped(says)}</title></rect>`;
      x += wide;
      return rect;
    });
    return [
      `<text x="${LEFT - 10}" y="${i * ROW + 17}" text-anchor="end">${escaped(bar.label)}</text>`,
      ...rects,
      `<text class="dim" x="${(x + 8).toFixed(1)}" y="${i * ROW + 17}">${escaped(bar.text)}</text>`,
    ];
  });
  return `<div class="wide"><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">\n<title>${escaped(title)}</title>\n${drawn.join("\n")}\n</svg></div>`;
}
