import * as Plot from "@observablehq/plot";

interface PlottedHour {
  readonly hour: number;
  readonly seconds: number;
  readonly peak_mb: number;
  readonly file_mb: number;
}

/** What of a kept day is drawn. */
export interface Day {
  readonly rows: number;
  readonly by_hour: readonly PlottedHour[];
}

const WIDTH = 760;
const HEIGHT = 150;
const LINES: readonly { readonly of: "seconds" | "peak_mb" | "file_mb"; readonly label: string; readonly colour: string }[] = [
  { of: "seconds", label: "↑ seconds", colour: "#2a9d8f" },
  { of: "peak_mb", label: "↑ peak memory, MB", colour: "#e76f51" },
  { of: "file_mb", label: "↑ warehouse file, MB", colour: "#577590" },
];

/** Seconds, peak memory and file size by hour, below each other in one SVG. */
export function dayFigure(document: Plot.PlotOptions["document"], day: Day): string {
  const last = day.by_hour.length;
  const figures = LINES.map(({ of, label, colour }, i) => {
    const figure = Plot.plot({
      document,
      width: WIDTH,
      height: HEIGHT,
      marginLeft: 60,
      marginTop: 28,
      marginBottom: 34,
      style: { background: "white", color: "#222", fontSize: "12px" },
      x: {
        label: i + 1 < LINES.length ? null : `hour, each of ${(day.rows / 1_000_000).toFixed(1)} M rows →`,
        domain: [1, last],
        ticks: Math.min(last, 24),
        tickFormat: "d",
      },
      y: { label, grid: true, zero: true, ticks: 4 },
      marks: [
        Plot.ruleY([0]),
        Plot.lineY(day.by_hour, { x: "hour", y: of, stroke: colour, strokeWidth: 2 }),
        Plot.dot(day.by_hour, { x: "hour", y: of, fill: colour, r: 3 }),
      ],
    });
    figure.setAttribute("y", String(i * HEIGHT));
    return figure.outerHTML;
  });
  const [width, height] = [WIDTH, HEIGHT * LINES.length];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${figures.join("")}</svg>`;
}
