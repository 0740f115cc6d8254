import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { bad } from "./bad.ts";
import { checks } from "./checks.ts";
import { company } from "./company.ts";
import { csv } from "./csv.ts";
import { UPDATES, type Updates } from "./day/source.ts";
import { day } from "./day.ts";
import { growth } from "./growth.ts";
import { hour } from "./hour.ts";
import { hour4 } from "./hour4.ts";
import { nochange } from "./nochange.ts";
import { hourBesidePeers } from "./peers/hour.ts";
import { recompute } from "./recompute.ts";
import { night, reconcile, spread } from "./reconcile.ts";
import { salesforce } from "./salesforce.ts";
import { stripe } from "./stripe.ts";

/** What a bench may be asked for besides rows. */
interface Asked {
  /** Hours of the day. */
  readonly hours: number;
  /** `memory_limit` of the day's warehouse, where it is another than the bench pipeline has. */
  readonly memory: string | undefined;
  /** Which rows the day's hours update. */
  readonly updates: Updates;
  /** How often the sides of an hour take turns; an odd number. */
  readonly rounds: number;
  /** Whether other stacks are measured beside. */
  readonly peers: boolean;
}

interface Bench {
  readonly run: (rows: number, asked: Asked) => Promise<Record<string, unknown>>;
  readonly rows: number;
  readonly says: string;
}

const BENCHES: Readonly<Record<string, Bench>> = {
  hour: {
    run: (rows, { peers, rounds }) => (peers ? hourBesidePeers(rows, rounds) : hour(rows, rounds)),
    rows: 1_000_000,
    says: "a whole hour of four feeds, beside the shortest honest way by hand, in --rounds (3); with --peers beside dlt and dbt too",
  },
  growth: { run: growth, rows: 15_000_000, says: "100,000 changed rows over 1 M existing ones, then over --rows" },
  day: {
    run: (rows, { hours, memory, updates }) => day(rows, { hours, memory, updates }),
    rows: 5_000_000,
    says: "--hours (24) hours of so many rows each into one warehouse, nine inserted for one updated, --updates spread over everything or (recent) over the last two hours; with --memory (700MB)",
  },
  company: {
    run: company,
    rows: 15_000_000,
    says: "100,000 changed rows of four systems, through tables over tables, over 1 M existing ones, then over --rows",
  },
  hour4: {
    run: hour4,
    rows: 5_000_000,
    says: "a first hour of four systems through LedgerLoop's own pipeline, from landed bytes, beside its billing alone",
  },
  nochange: { run: nochange, rows: 1_000_000, says: "an hour in which nothing changed, over --rows existing ones" },
  reconcile: {
    run: (rows, { rounds }) => reconcile(rows, rounds),
    rows: 2_500_000,
    says: "--rows equal invoices at the source and published, all columns, beside reladiff on the same tables, in --rounds (3)",
  },
  night: {
    run: (rows, { rounds }) => night(rows, rounds),
    rows: 2_500_000,
    says: "of --rows invoices one in a hundred changed: what reconcile compares of them (T2), and a 28th (T4), beside everything",
  },
  spread: {
    run: (rows, { rounds }) => spread(rows, rounds),
    rows: 2_500_000,
    says: "of --rows invoices a hundred changed, spread over all dates: finding and naming them, beside the same rows when they are equal",
  },
  recompute: {
    run: recompute,
    rows: 5_000_000,
    says: "a table whose SELECT changed, computed again over --rows published ones",
  },
  checks: { run: checks, rows: 1_000_000, says: "the 25 rules over landed rows, beside a counting query" },
  bad: { run: bad, rows: 500_000, says: "an hour of a table of which a fourth is bad, beside the same without bad rows" },
  csv: { run: csv, rows: 5_000_000, says: "a partner's CSV file scanned and loaded, beside DuckDB's own reader" },
  salesforce: {
    run: salesforce,
    rows: 1_000_000,
    says: "kept pages of the Bulk API made rows and loaded, beside reading their lines",
  },
  stripe: { run: stripe, rows: 1_000_000, says: "kept pages of Stripe's charges made rows and loaded, beside JSON.parse" },
};

const USAGE = `usage: npm run bench -- <name> [--rows N] [--hours H] [--memory M] [--updates spread|recent] [--rounds R] [--peers] [--json] [--out FILE]

${Object.entries(BENCHES)
  .map(([name, { says, rows }]) => `  ${name.padEnd(11)}${says} (--rows ${rows})`)
  .join("\n")}

What counts is the ratio; single seconds depend on the machine. --out keeps the JSON, as bench/results/ does for the plot:
  npm run bench -- hour --rows 5000000 --out bench/results/hour-5m.json`;

/** Lists of a result that are shown as tables. */
const LISTS = ["by_hour", "ways"];

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: "boolean", short: "h" },
    rows: { type: "string" },
    hours: { type: "string" },
    memory: { type: "string" },
    updates: { type: "string", default: "spread" },
    rounds: { type: "string" },
    peers: { type: "boolean" },
    json: { type: "boolean" },
    out: { type: "string" },
  },
});
const bench = BENCHES[positionals[0] ?? ""];
const rows = Number(given.rows ?? bench?.rows);
const hours = Number(given.hours ?? 24);
const rounds = Number(given.rounds ?? 3);
const updates = Object.keys(UPDATES).find((name): name is Updates => name === given.updates);
if (given.help) console.log(USAGE);
else if (!bench || !updates || !(rows > 0) || !(Number.isInteger(hours) && hours > 1) || rounds % 2 !== 1) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  const result = await bench.run(rows, { hours, memory: given.memory, updates, rounds, peers: given.peers ?? false });
  const text = JSON.stringify(result, null, 2);
  if (given.out !== undefined) {
    mkdirSync(dirname(given.out), { recursive: true });
    writeFileSync(given.out, `${text}\n`);
  }
  if (given.json) console.log(text);
  else {
    for (const list of LISTS) if (result[list]) console.table(result[list]);
    console.table(Object.fromEntries(Object.entries(result).filter(([name, v]) => typeof v !== "object" && name !== "digest")));
  }
}
