import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createApp } from "../src/app/app.ts";
import { contractsOf } from "../src/documents/pii.ts";

/** Draws docs/images/row.svg: the way of a row from LedgerLoop's systems to its readers; `--check` only compares. */
const FILE = "docs/images/row.svg";

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const WIDTH = 940;
const HEIGHT = 436;
const LINE = 17;
const COLOURS = { source: "#577590", step: "#d4a72c", table: "#2a9d8f", wait: "#e76f51" } as const;

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function words({ x, y }: Pick<Box, "x" | "y">, text: string, style = ""): string {
  return `<text x="${x}" y="${y}"${style && ` ${style}`}>${escaped(text)}</text>`;
}

/** A box with a title, and lines below it. */
function box({ x, y, width, height }: Box, colour: string, [title = "", ...lines]: readonly string[]): string {
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="${colour}" fill-opacity="0.14" stroke="${colour}"/>`,
    words({ x: x + 10, y: y + 21 }, title, 'font-weight="600" font-size="13"'),
    ...lines.map((line, i) => words({ x: x + 10, y: y + 22 + LINE * (i + 1) }, line)),
  ].join("\n");
}

/** A line with a tip, through points. */
function arrow(...points: readonly (readonly [x: number, y: number])[]): string {
  return `<path d="M${points.map((point) => point.join(",")).join("L")}" stroke="#666" fill="none" marker-end="url(#tip)"/>`;
}

/** By kind of source: its name for a reader, and how it is read so that nothing of it is missed. */
const READ: readonly (readonly [kind: string, name: string, ...how: readonly string[]])[] = [
  ["postgres", "PostgreSQL", "what was committed, one", "snapshot, totals beside it"],
  ["stripe", "Stripe", "lists and events; at night", "what no event told"],
  ["salesforce", "Salesforce", "records, which the org", "counts and sums as well"],
  ["csv", "Partners' files", "whole by manifest or", "trailer, record by record"],
];

const environment = { SALESFORCE_CLIENT_ID: "id", SALESFORCE_CLIENT_SECRET: "secret", STRIPE_API_KEY: "key" };
const { pipeline } = await createApp(environment).pipeline({ directory: "pipeline", environment: "local" });
const feeds = [...pipeline.feeds.values()];
const models = [...pipeline.models.values()];
const ofFeeds = feeds.reduce((sum, { contract }) => sum + contract.rules.length, 0);
const ofAll = [...contractsOf(pipeline).values()].reduce((sum, { rules }) => sum + rules.length, 0);
const kindOf = (source: string) => pipeline.sources.get(source)?.kind;

const SOURCE = { width: 188, height: 94, gap: 12 };
const STEP = { y: 42, width: 156, height: 186 };
const stepAt = (nth: number) => 226 + nth * 180;
const WAIT = { y: 284, height: 94 };

function sources(): string[] {
  return READ.flatMap(([kind, name, ...how], i) => {
    const y = 8 + i * (SOURCE.height + SOURCE.gap);
    const own = feeds.filter(({ source }) => kindOf(source) === kind).length;
    const middle = y + SOURCE.height / 2;
    const into = Math.min(Math.max(middle, STEP.y + 24), STEP.y + STEP.height - 24 - (READ.length - 1 - i) * 12);
    return [
      box({ x: 8, y, ...SOURCE }, COLOURS.source, [name, ...how, `${own} ${own === 1 ? "feed" : "feeds"}`]),
      arrow([8 + SOURCE.width, middle], [stepAt(0) - 20, middle], [stepAt(0) - 20, into], [stepAt(0) - 2, into]),
    ];
  });
}

function steps(): string[] {
  const all: readonly (readonly [colour: string, ...lines: readonly string[]])[] = [
    [COLOURS.step, "Landed", "bytes as they came,", "hashed; a killed run", "goes on from them"],
    [
      COLOURS.step,
      "Judged",
      `by ${ofFeeds} rules: types,`,
      "nulls, ranges, keys,",
      "references, money;",
      "each row with all",
      "its reasons",
    ],
    [
      COLOURS.table,
      "Staging",
      `${feeds.length} tables, what the`,
      "systems have today;",
      "deletions stay as",
      "tombstones, versions",
      "in history",
    ],
    [COLOURS.table, "Curated", ...models.map(({ table }) => table), `${ofAll - ofFeeds} more rules`],
  ];
  return all.flatMap(([colour, ...lines], i) => {
    const middle = STEP.y + STEP.height / 2;
    return [
      box({ x: stepAt(i), ...STEP }, colour, lines),
      ...(i === 0 ? [] : [arrow([stepAt(i - 1) + STEP.width, middle], [stepAt(i) - 2, middle])]),
    ];
  });
}

function waiting(): string[] {
  const [from, to] = [stepAt(1), stepAt(2)];
  const at = { x: from, ...WAIT, width: STEP.width + 180 };
  const bottom = STEP.y + STEP.height;
  return [
    box(at, COLOURS.wait, [
      "Waits, with its money",
      "quarantined: bad, until its source mends it",
      "held: its parent has not come yet",
      "comes in by itself when that has happened",
    ]),
    arrow([from + 50, bottom], [from + 50, WAIT.y - 2]),
    arrow([to + 100, WAIT.y], [to + 100, bottom + 2]),
  ];
}

function publishing(): string[] {
  const at = { x: stepAt(1) - 12, y: STEP.y - 28, width: WIDTH - stepAt(1) + 4, height: WAIT.y + WAIT.height - STEP.y + 40 };
  return [
    `<rect x="${at.x}" y="${at.y}" width="${at.width}" height="${at.height}" rx="8" fill="none" stroke="#888" stroke-dasharray="5 4"/>`,
    words(
      { x: at.x + 12, y: at.y + 18 },
      "one transaction with the ledger: an hour is published whole or not at all",
      'font-style="italic"',
    ),
    words({ x: stepAt(3) - 12, y: WAIT.y + 24 }, "Two systems that disagree:"),
    words({ x: stepAt(3) - 12, y: WAIT.y + 24 + LINE }, "both sides stay, and the"),
    words({ x: stepAt(3) - 12, y: WAIT.y + 24 + 2 * LINE }, "difference is told."),
    words(
      { x: 226, y: HEIGHT - 12 },
      "Each row that was extracted has one class; rows and money of all classes tie out with the source.",
    ),
  ];
}

const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" style="background:white" fill="#222" font-family="system-ui, sans-serif" font-size="12" role="img">
<title>The way of a row from four systems to curated tables</title>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0,0L8,4L0,8z" fill="#666"/></marker></defs>
${[...publishing(), ...sources(), ...steps(), ...waiting()].join("\n")}
</svg>
`;

if (!process.argv.includes("--check")) writeFileSync(FILE, picture);
else if (!existsSync(FILE) || readFileSync(FILE, "utf8") !== picture) {
  console.error(`${FILE} is behind the pipeline; run \`npx tsx scripts/generate-picture.ts\``);
  process.exitCode = 1;
}
