import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { type Day, dayFigure } from "./day/plot.ts";

/**
 * `npm run bench:plot`: the kept results of `hour` as one picture for the README, seconds by stage beside the floor's, and the largest
 * kept day as another. One unit for all bars: seconds per million rows, so that sizes can be compared.
 */
const HERE = import.meta.dirname;
const SIZES = ["1m", "5m", "15m"];

interface Stage {
  readonly stage: string;
  readonly seconds: number;
}

interface Hour {
  readonly rows: number;
  readonly ratio: number;
  readonly seconds: number;
  readonly floor_seconds: number;
  readonly stages: readonly Stage[];
  readonly floor_stages: readonly Stage[];
}

/** The floor's stages under the product's names. */
const SAME_WORK: Readonly<Record<string, string>> = {
  begin: "extract",
  extract: "extract",
  verify: "extract",
  "typed and row rules": "judge",
  duplicates: "judge",
  "foreign keys": "judge",
  judge: "judge",
  audit: "judge",
  merge: "publish",
  reconcile: "publish",
  checkpoint: "publish",
  publish: "publish",
};
const WORK = ["extract", "judge", "publish"];
const COLOURS = ["#8da9c4", "#e9c46a", "#2a9d8f"];

interface Bar {
  readonly size: string;
  readonly side: string;
  readonly work: string;
  readonly seconds: number;
}

function bars(hour: Hour): Bar[] {
  const millions = hour.rows / 1_000_000;
  const size = `${Math.round(millions)} M rows`;
  const of = (side: string, stages: readonly Stage[]) =>
    WORK.map((work) => {
      const seconds = stages.filter((s) => SAME_WORK[s.stage] === work).reduce((sum, s) => sum + s.seconds, 0);
      return { size, side, work, seconds: seconds / millions };
    });
  return [...of("by hand", hour.floor_stages), ...of("ledgerloop", hour.stages)];
}

const hours = SIZES.map((size) => join(HERE, "results", `hour-${size}.json`))
  .filter((path) => existsSync(path))
  .map((path) => JSON.parse(readFileSync(path, "utf8")) as Hour);
const data = hours.flatMap(bars);
const totals = hours.flatMap((hour) => {
  const at = { size: `${Math.round(hour.rows / 1_000_000)} M rows`, side: "ledgerloop" };
  return [{ ...at, at: (1_000_000 * hour.seconds) / hour.rows, text: `× ${hour.ratio.toFixed(1)}` }];
});
const { document } = parseHTML("<html><body></body></html>");
const figure = Plot.plot({
  document,
  width: 760,
  height: 60 + 62 * hours.length,
  marginLeft: 76,
  marginRight: 84,
  style: { background: "white", color: "#222", fontSize: "12px" },
  x: { label: "seconds per million rows →", grid: true },
  y: { label: null, domain: ["by hand", "ledgerloop"] },
  fy: { label: null, domain: hours.map((h) => `${Math.round(h.rows / 1_000_000)} M rows`) },
  color: { domain: WORK, range: COLOURS },
  marks: [
    Plot.barX(data, { x: "seconds", y: "side", fy: "size", fill: "work", order: WORK }),
    Plot.text(data, Plot.stackX({ x: "seconds", y: "side", fy: "size", z: "work", order: WORK, text: "work", fill: "#222" })),
    Plot.text(totals, { x: "at", y: "side", fy: "size", text: "text", dx: 6, textAnchor: "start", fontWeight: "bold" }),
  ],
});
const out = join(HERE, "..", "docs", "images");
mkdirSync(out, { recursive: true });
figure.setAttribute("xmlns", "http://www.w3.org/2000/svg");
writeFileSync(join(out, "bench.svg"), `${figure.outerHTML}\n`);

const day = ["5m-recent", "5m", "1m"].map((size) => join(HERE, "results", `day-${size}.json`)).find((path) => existsSync(path));
if (day) writeFileSync(join(out, "bench-day.svg"), `${dayFigure(document, JSON.parse(readFileSync(day, "utf8")) as Day)}\n`);
