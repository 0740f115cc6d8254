import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { duckdbOf, type Ended, type SourcelessHouse } from "../support/engine.ts";
import { type Published, readPublished } from "../support/published.ts";

/** Which run meets the fault; docs/fault-matrix.md says of each source what its night is. */
export const COLUMNS = ["first load", "increment", "night"] as const;
export type Column = (typeof COLUMNS)[number];

/** What goes wrong: a name, and what happens in a few words. Both together are said once in a source's list. */
export interface Fault {
  readonly fault: string;
  readonly says: string;
}

/** A source of the page: what stands in its marks, its faults, and which file plays them. */
export interface Section {
  readonly mark: string;
  readonly faults: readonly Fault[];
  readonly playedBy: string;
}

/** So many faults at least are played for each source. */
const FEWEST = 14;

export const PAGE = join(import.meta.dirname, "../../docs/fault-matrix.md");

const HEAD = [`| fault | what happens | ${COLUMNS.join(" | ")} |`, `|---|---|${COLUMNS.map(() => "---|").join("")}`];
const CELL = /^(?:published|exit (?:2|10|20|30|40), [a-z])/;

const marksOf = (mark: string) => [`<!-- ${mark} -->`, `<!-- /${mark} -->`] as const;
const nameOf = ({ fault, says }: Fault) => `| \`${fault}\` | ${says} |`;

/** The lines between a section's marks; null where a mark is missing. */
function linesOf(text: string, mark: string): string[] | null {
  const [begin, end] = marksOf(mark);
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  return from < 0 || to < from
    ? null
    : text
        .slice(from + begin.length, to)
        .trim()
        .split("\n");
}

/** The cells of a fault on the page, by column; none where it has no row. */
function cellsOf(text: string, { mark }: Section, fault: Fault): string[] {
  const row = linesOf(text, mark)?.find((line) => line.startsWith(nameOf(fault)));
  return row === undefined
    ? []
    : row
        .slice(nameOf(fault).length, -1)
        .split("|")
        .map((cell) => cell.trim());
}

function lacksOfSection(text: string, section: Section): string[] {
  const { mark, faults } = section;
  const lines = linesOf(text, mark);
  if (lines === null) return [`${mark}: has no section`];
  const [first, second, ...rows] = lines;
  const names = faults.map(nameOf);
  const wrong = faults.flatMap((fault) =>
    COLUMNS.flatMap((column, i) => {
      const cell = cellsOf(text, section, fault)[i] ?? "";
      return CELL.test(cell) ? [] : [`${mark}: ${nameOf(fault)} ${column}: "${cell}" is no outcome`];
    }),
  );
  return [
    ...(faults.length < FEWEST ? [`${mark}: ${faults.length} faults, which are fewer than ${FEWEST}`] : []),
    ...(new Set(names).size < names.length ? [`${mark}: a fault is declared twice`] : []),
    ...([first, second].join("\n") === HEAD.join("\n") ? [] : [`${mark}: has another head`]),
    ...(rows.length === names.length && rows.every((row, i) => row.startsWith(names[i] ?? "-"))
      ? []
      : [`${mark}: its rows are not the declared faults`]),
    ...wrong,
  ];
}

/** What a page lacks of the declared sources, faults and columns, and what it has beside them. */
export function lacksOf(text: string, sections: readonly Section[]): string[] {
  const marks = [...text.matchAll(/<!-- ([a-z0-9_-]+) -->/g)].map(([, mark]) => mark ?? "");
  const unknown = marks.filter((mark) => !sections.some((section) => section.mark === mark));
  return [
    ...unknown.map((mark) => `${mark}: nobody declares it`),
    ...sections.flatMap((section) => lacksOfSection(text, section)),
  ];
}

const isUpdating = process.env["UPDATE_GOLDEN"] === "1";

/** Writes a section anew; cells that were not played stay as they are. */
function write(section: Section, found: ReadonlyMap<string, string>): void {
  const text = readFileSync(PAGE, "utf8");
  const [begin, end] = marksOf(section.mark);
  if (linesOf(text, section.mark) === null) throw new Error(`docs/fault-matrix.md has no marks ${begin} and ${end}`);
  const rows = section.faults.map((fault) => {
    const old = cellsOf(text, section, fault);
    const cells = COLUMNS.map((column, i) => found.get(`${nameOf(fault)} ${column}`) ?? old[i] ?? "");
    return `${nameOf(fault)} ${cells.join(" | ")} |`;
  });
  const written = [begin, ...HEAD, ...rows, end].join("\n");
  writeFileSync(`${PAGE}.new`, text.slice(0, text.indexOf(begin)) + written + text.slice(text.indexOf(end) + end.length));
  renameSync(`${PAGE}.new`, PAGE);
}

/** What a cell came to. */
type Tell = (fault: Fault, column: Column, outcome: string) => void;

/** Compares each cell that is played with the page, or writes it there: UPDATE_GOLDEN=1. */
export function tellingPage(section: Section): Tell {
  const found = new Map<string, string>();
  if (isUpdating) afterAll(() => write(section, found));
  return (fault, column, outcome) => {
    found.set(`${nameOf(fault)} ${column}`, outcome);
    if (isUpdating) return;
    const i = COLUMNS.indexOf(column);
    const cell = cellsOf(readFileSync(PAGE, "utf8"), section, fault)[i];
    expect(cell, `${nameOf(fault)} ${column}: UPDATE_GOLDEN=1 writes docs/fault-matrix.md`).toBe(outcome);
  };
}

const gateNames = ({ report }: Ended, verdict: string) => [
  ...new Set((report?.gates ?? []).filter((gate) => gate.verdict === verdict).map(({ name }) => name)),
];

/** Each run says of a source that counts nothing that nobody counted. */
const UNCOUNTED = "control_totals";

/** How a run ended, in the words of the page. */
function outcomeOf(ended: Ended): string {
  const { report, failure } = ended;
  if (failure) return `exit ${failure.exitCode}, ${failure.problems.map(({ code }) => code).join(" ")}`;
  if (report.exit_code !== 0) return `exit ${report.exit_code}, ${gateNames(ended, "fail").join(" ")}`;
  const waiting = report.feeds.reduce((sum, feed) => sum + Number(feed.newly_quarantined), 0);
  const told = gateNames(ended, "warn").filter((name) => name !== UNCOUNTED);
  return [
    "published",
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
    ...(told.length > 0 ? [`told: ${told.join(" ")}`] : []),
  ].join("; ");
}

/** What is published; nothing where no run has made a warehouse yet. */
async function publishedIn({ engine, pipeline }: SourcelessHouse): Promise<Published> {
  return existsSync(duckdbOf(pipeline).path) ? readPublished(engine.warehouse) : {};
}

/**
 * A run under a fault, in the words of the page. One that publishes nothing has to leave everything published as it was, to say what to do
 * next, and to end with an exit code of a clean stop.
 */
export async function struck(house: SourcelessHouse, run: () => Promise<Ended>): Promise<string> {
  const before = await publishedIn(house);
  const ended = await run();
  if (ended.report?.exit_code === 0) return outcomeOf(ended);
  expect([2, 10, 20, 30, 40], ended.failure?.message).toContain(ended.failure?.exitCode ?? ended.report?.exit_code);
  for (const { says, next } of ended.failure?.problems ?? []) expect([says, next]).not.toContain("");
  expect(await publishedIn(house), "a stopped run leaves what is published").toEqual(before);
  return outcomeOf(ended);
}
