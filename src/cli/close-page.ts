import type { Pipeline } from "../config/pipeline.ts";
import { type CloseReport, unaccepted } from "../documents/close-report.ts";
import { minuteOf } from "../kernel/clock.ts";
import { grouped } from "../kernel/grouped.ts";
import { TERMS, type TermLine } from "../proofs/terms.ts";
import { WAITING_AGES, type WaitingAge } from "../quarantine/waiting-ages.ts";
import { BREAK_CLASSES } from "../reconcile/break-class.ts";
import type { Break } from "../reconcile/kept-breaks.ts";
import type { KeptEquation } from "../reconcile/kept-equations.ts";
import { asOfLines } from "./as-of-text.ts";
import { breakLine, bySize, CLASS_WORDS, openMoney, rollLine } from "./breaks-text.ts";
import { tiesSection, untiedSection } from "./close-ties.ts";
import { closeTiles, moneyOf, rowsOf } from "./close-tiles.ts";
import { coverageSvg } from "./coverage-svg.ts";
import { type Bar, barsSvg, type Cells, escaped, htmlTable } from "./markup.ts";
import { RESULTS, sideMoney, TERM_WORDS } from "./reconcile-text.ts";

/** Breaks on the first page, and on the whole page; the CSV has all. */
const [FIRST, LISTED] = [8, 200];

const AGE_WORDS: Readonly<Record<WaitingAge, string>> = {
  day: "less than a day",
  week: "a day to a week",
  month: "a week to 30 days",
  older: "more than 30 days",
};

const STYLE = `
  :root { color-scheme: light dark; --ink: #1f2933; --dim: #5f6b7a; --paper: #ffffff; --line: #d9dee4; --good: #1b7f5c; --bad: #c0392b; --warn: #b5852a; --age-day: #a5d0bf; --age-week: #e3c98a; --age-month: #e3a341; --age-older: #c0392b; }
  @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --dim: #9aa5b1; --paper: #161b22; --line: #30363d; --good: #39c08f; --bad: #e5604f; --warn: #d9a441; --age-day: #1f5f49; --age-week: #6b5a2a; --age-month: #b5852a; --age-older: #e5604f; } }
  body { margin: 0 auto; max-width: 1360px; padding: 24px; background: var(--paper); color: var(--ink); font: 14px/1.45 system-ui, sans-serif; }
  h1 { font-size: 22px; margin: 0; } h2 { font-size: 16px; margin: 28px 0 8px; border-bottom: 1px solid var(--line); padding-bottom: 4px; }
  p { margin: 4px 0 10px; max-width: 78ch; } .dim { color: var(--dim); fill: var(--dim); }
  .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(210px, 1fr)); gap: 12px; margin: 18px 0; }
  .tile { border: 1px solid var(--line); border-left: 4px solid var(--good); border-radius: 4px; padding: 10px 12px; break-inside: avoid; }
  .tile.bad { border-left-color: var(--bad); } .tile.warn { border-left-color: var(--warn); }
  .tile b { display: block; font-size: 22px; }
  .wide { overflow-x: auto; } .wide > svg { min-width: 640px; } table { border-collapse: collapse; width: 100%; font-size: 13px; font-variant-numeric: tabular-nums; }
  th { text-align: left; color: var(--dim); font-weight: 600; } th, td { padding: 4px 6px; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; }
  td.t { white-space: normal; overflow-wrap: anywhere; min-width: 14ch; }
  th.n, td.n { text-align: right; } td.n { white-space: normal; } tr, svg { break-inside: avoid; } h2, h2 + p { break-after: avoid; }
  svg { display: block; max-width: 100%; height: auto; } svg text { font: 13px system-ui, sans-serif; fill: var(--ink); } svg text.dim { fill: var(--dim); }
  .break { fill: var(--bad); } .key { display: inline-block; width: 11px; height: 11px; margin: 0 5px 0 14px; vertical-align: -1px; } ${WAITING_AGES.map((age) => `.age-${age} { fill: var(--age-${age}); background: var(--age-${age}); }`).join(" ")}
  @media print { :root { color-scheme: light; --ink: #000000; --dim: #444444; --paper: #ffffff; --line: #bbbbbb; } @page { margin: 14mm; } .tiles { gap: 6px; grid-template-columns: repeat(4, 1fr); } .tile b { font-size: 16px; } body { max-width: none; padding: 0; font-size: 11px; } .first { break-after: page; } .wide { overflow: visible; } th, td { white-space: normal; padding: 2px 4px; } }`;

function breakBars(report: CloseReport, pipeline: Pipeline): string {
  const open = unaccepted(report);
  const bars = BREAK_CLASSES.flatMap((name): Bar[] => {
    const own = open.filter((one) => one.class === name);
    if (own.length === 0) return [];
    const money = openMoney(pipeline, own).join(", ");
    const parts = [{ size: own.length, look: "break", title: CLASS_WORDS[name] }];
    return [{ label: name, parts, text: `${own.length}${money === "" ? "" : `: ${money}`}` }];
  });
  return bars.length === 0 ? "" : barsSvg("Open breaks by class", bars);
}

/** An amount is not broken between its number and its currency. */
const unbroken = (money: string | null | undefined) => money?.replaceAll(/(?<=\d) (?=[A-Z]{3})/g, "\u00a0") ?? null;

/** Of a tie the money of each side with the side's name: neither of them is published and the other one not. */
function withSides({ ties }: Pipeline, { leg, of }: Break, line: Cells): Cells {
  const [first, second] = (leg === "R3" ? ties.get(of)?.sides : undefined) ?? [];
  const named = (side: { readonly name: string } | undefined, money: string | null) =>
    side && money ? `${side.name} ${money}` : money;
  const { source, published, difference } = line;
  return {
    ...line,
    ...{ source: named(first, unbroken(source)), published: named(second, unbroken(published)) },
    difference: unbroken(difference),
  };
}

/** The first of some breaks, and how many more there are. */
function breaksTable({ breaks, now }: CloseReport, pipeline: Pipeline, most: number): string {
  const all = bySize(breaks, now);
  const lines = all.slice(0, most).map((one): Cells => withSides(pipeline, one, breakLine(pipeline, one, now)));
  const more = all.length > most ? `<p class="dim">and ${all.length - most} more</p>` : "";
  return `${htmlTable(lines, { numbers: ["source", "published", "difference"], texts: ["key", "columns"] })}${more}`;
}

function breaksSection(report: CloseReport, pipeline: Pipeline): string {
  if (report.breaks.length === 0) return "<p>No comparison has found a difference that is still there.</p>";
  return `${breakBars(report, pipeline)}\n${breaksTable(report, pipeline, FIRST)}`;
}

const legend = WAITING_AGES.map((age) => `<span class="key age-${age}"></span>${AGE_WORDS[age]}`).join("");

function waitingBars({ waiting }: CloseReport): string {
  if (waiting.length === 0) return "<p>No row waits.</p>";
  const bars = [...grouped(waiting, ({ feed }) => feed)].map(([feed, own]): Bar => {
    const parts = WAITING_AGES.flatMap((age) => {
      const size = Number(rowsOf(own.filter((line) => line.age === age)));
      return size === 0 ? [] : [{ size, look: `age-${age}`, title: `${size} rows, ${AGE_WORDS[age]}` }];
    });
    return { label: feed, parts, text: `${rowsOf(own)} rows` };
  });
  return `${barsSvg("Waiting rows by feed and age", bars)}\n<p class="dim">waits${legend}</p>`;
}

function waitingTable({ waiting }: CloseReport, pipeline: Pipeline): string {
  const lines = [...grouped(waiting, ({ feed, kind, reasons, age }) => JSON.stringify([feed, kind, reasons, age])).values()].map(
    (own): Cells => ({
      feed: own[0]?.feed ?? "",
      kind: own[0]?.kind ?? "",
      reason: own[0]?.reasons.join(", ") ?? "",
      waits: AGE_WORDS[own[0]?.age ?? "day"],
      rows: String(rowsOf(own)),
      money: moneyOf(own, pipeline),
    }),
  );
  return lines.length === 0 ? "<p>No row waits.</p>" : htmlTable(lines, { numbers: ["rows"], texts: ["reason", "money"] });
}

/** Money and, in brackets, rows. */
function amount(rows: bigint, minor: bigint, of: { currency: string; pipeline: Pipeline }): string {
  if (of.currency === "-") return `(${rows})`;
  return `${sideMoney({ currency: of.currency, minor }, of.pipeline.currencies)} (${rows})`;
}

/** A feed's equation in one currency: the source, what is published, and every term that is not nothing. */
function equationLine(
  pipeline: Pipeline,
  { feed, result, asOf }: KeptEquation,
  [currency, terms]: [string, readonly TermLine[]],
): Cells {
  const of = { currency, pipeline };
  const sum = (pick: (line: TermLine) => bigint, some: readonly TermLine[] = terms) =>
    some.reduce((total, line) => total + pick(line), 0n);
  const others = Object.fromEntries(
    TERMS.filter((term) => term !== "equal").map((term) => {
      const own = terms.filter((line) => line.term === term);
      const rows = sum((l) => l.sourceRows, own) - sum((l) => l.liveRows, own);
      const minor = sum((l) => l.sourceMinor, own) - sum((l) => l.liveMinor, own);
      return [TERM_WORDS[term], own.length === 0 ? "" : amount(rows, minor, of)];
    }),
  );
  return {
    feed,
    source: amount(
      sum((l) => l.sourceRows),
      sum((l) => l.sourceMinor),
      of,
    ),
    published: amount(
      sum((l) => l.liveRows),
      sum((l) => l.liveMinor),
      of,
    ),
    ...others,
    ends: RESULTS[result],
    "as of": asOf === null ? "no reading" : minuteOf(asOf),
  };
}

function equationsSection({ equations }: CloseReport, pipeline: Pipeline): string {
  const lines = equations.flatMap((equation) =>
    [...grouped(equation.terms, ({ currency }) => currency)].map((of) => equationLine(pipeline, equation, of)),
  );
  if (lines.length === 0) return "<p>No feed has been compared whole with its source.</p>";
  const terms = TERMS.flatMap((term) => (term === "equal" ? [] : [TERM_WORDS[term]]));
  const empty = terms.filter((term) => lines.every((line) => line[term] === ""));
  const repeated = (i: number) => lines[i]?.["feed"] === lines[i - 1]?.["feed"];
  const shown = lines.map((line, i) => {
    const once = repeated(i) ? { feed: "", ends: "", "as of": "" } : {};
    return Object.fromEntries(Object.entries({ ...line, ...once }).filter(([name]) => !empty.includes(name)));
  });
  return htmlTable(shown, { numbers: ["source", "published", ...terms] });
}

function foundTable({ found }: CloseReport): string {
  const lines = found.map(({ what, by, within, inRounds, never }): Cells => {
    const unknown = never.length === 0 ? "" : `; never compared: ${never.join(", ")}`;
    return { "what happens": what, "seen by": by, within: `${within}${unknown}`, "in a round": inRounds.join(", ") };
  });
  const texts = ["what happens", "seen by", "within", "in a round"];
  const isEmpty = lines.every((line) => line["in a round"] === "");
  return htmlTable(isEmpty ? lines.map(({ "in a round": _, ...line }) => line) : lines, { texts });
}

const section = (title: string, about: string, body: string) =>
  `<h2>${escaped(title)}</h2>\n<p class="dim">${escaped(about)}</p>\n${body}`;

/**
 * A report as one HTML file for any browser, in light, dark and print, without script and without anything from elsewhere: what stands between
 * what is published and a close on its first page, then what that rests on.
 */
export function closePage(report: CloseReport, pipeline: Pipeline): string {
  const { now, period, publications, rolls, proofs } = report;
  const at = `${now.toISOString().slice(0, 16)}Z`;
  const until = now.toISOString() < period.to ? at : period.to.slice(0, 10);
  const stands = publications.map(({ group, number }) => `group ${group} at publication ${number}`).join(", ");
  const { nights } = pipeline.reconcile;
  const rolled = rolls.map((roll): Cells => rollLine(roll));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(`${report.pipeline}: what stands between finance and the close`)}</title>
<style>${STYLE}
</style>
</head>
<body>
<div class="first">
<h1>What stands between finance and the close</h1>
<p class="dim">${escaped(`${report.pipeline}, environment ${report.environment}; ${stands}; written ${at} from what was kept, nothing was compared for it`)}</p>
${closeTiles(report, pipeline)}
${section("Breaks", "What differs, the most money first; money of each currency by itself, nothing netted. `ledgerloop reconcile explain BREAK` shows both sides.", breaksSection(report, pipeline))}
${section("Ties between systems", "What several systems say otherwise of one thing: of the period, and of earlier months what is not tied yet. `ledgerloop reconcile ties NAME` lists keys.", untiedSection(report, pipeline))}
${section("Rows that wait", "Rows that were set aside: in no total, but for an older version of them that may stand published until they are mended.", waitingBars(report))}
</div>
${report.breaks.length > FIRST ? section("All breaks", "As above.", breaksTable(report, pipeline, LISTED)) : ""}
${report.ties.length > 0 ? section("Ties of the period", "What each side has, in its own currencies and by its own days, the first side less the second, and how many keys are of which class.", tiesSection(report, pipeline)) : ""}
${section("Why rows wait", "Each with all its reasons, once.", waitingTable(report, pipeline))}
${section("What became of every row", "Of each feed that was compared whole with its source: source = published + what follows, in money and (rows) of each currency.", equationsSection(report, pipeline))}
${section(`Breaks from ${period.from.slice(0, 10)} to ${until}`, "Of each class: opening + found ± reclassified - cleared = closing.", rolled.length > 0 ? htmlTable(rolled, { numbers: ["opening", "found", "reclassified", "cleared", "closing"] }) : "<p>None was found.</p>")}
${section("What was compared, and when", `Everything is to be compared within ${nights} nights; a box for each stretch, the oldest first.`, `<div class="wide">${coverageSvg(proofs, { now, nights })}</div>`)}
${section("How long a defect can stay unseen", `As long as \`ledgerloop reconcile run\` is run each night. What has more than ${pipeline.reconcile.segmentRows} rows takes ${nights} of them.`, foundTable(report))}
${section("As of when figures are", "Of each source the least of its feeds, of each curated table the least of what it reads.", htmlTable(asOfLines(report.asOf)))}
</body>
</html>
`;
}
