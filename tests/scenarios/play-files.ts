import { expect, test } from "vitest";
import type { RunChoice } from "../../src/run/request.ts";
import { expectEnded } from "../sources/conformance-subject.ts";
import type { FilesHouse, Meant } from "../support/files-house.ts";
import type { Due, FileFault } from "./file-faults.ts";
import { COLUMNS, type Column, type Section, struck, tellingPage } from "./matrix.ts";

/** The files of an hour: one of each partner, of a day of its own. */
function dueIn(column: Column): Omit<Due, "earlier"> {
  const n = COLUMNS.indexOf(column) + 1;
  const meant = (partner: string, end: string): Meant => ({
    path: `remittances/${partner}/2026-05-1${n}.csv${end}`,
    payments: Array.from({ length: 30 }, (_, i) => ({ id: `${partner}${n}${i}`, cents: 100 * n + i })),
  });
  return { column, acme: meant("acme", ""), north: meant("north", ""), ship: meant("ship", ".gz") };
}

/** An hour brings its files, and another version of one of the day before. */
async function hour(of: FilesHouse, due: Omit<Due, "earlier">): Promise<void> {
  for (const meant of [due.acme, due.north, due.ship]) await of.deliver(meant);
  if (due.column === "first load") return;
  const { acme } = dueIn(due.column === "increment" ? "first load" : "increment");
  await of.deliver({ ...acme, payments: acme.payments.slice(2).map(({ id, cents }) => ({ id, cents: cents + 7 })) });
}

/** The run that a column asks for: a night reads all files again. */
const choiceOf = (column: Column): Partial<RunChoice> => (column === "night" ? { full: true, reason: "the night" } : {});

/** A run under the fault, then runs without it until the files are loaded. */
async function under<H extends FilesHouse>(of: H, one: FileFault<H>, column: Column): Promise<string> {
  const due = { ...dueIn(column), earlier: column === "first load" ? null : dueIn("first load").north };
  await hour(of, due);
  const choice = choiceOf(column);
  const { about, meanwhile, off } = await one.on(of, due);
  const outcome = await struck(of.house, () => of.run(choice, meanwhile));
  const are = / waiting(?:;|$)/.test(outcome) ? "parts" : "whole";
  if (outcome.startsWith("published")) await of.expectSameBut(about, are);
  await off();
  expectEnded(await of.run(choice), "published");
  await of.expectSame();
  return outcome;
}

/** Plays faults on houses over one kind of shelf, and tells the page. */
export function playFileFaults<H extends FilesHouse>(
  section: Section,
  faults: readonly FileFault<H>[],
  open: () => Promise<H>,
): void {
  const tell = tellingPage(section);
  test.each(faults.map((one) => [`${one.fault}: ${one.says}`, one] as const))("%s", async (_name, one) => {
    await using of = await open();
    for (const column of COLUMNS) tell(one, column, await under(of, one, column));
    expect(await of.house.query("select batch_id from ops.batch group by batch_id having count(*) > 1")).toEqual([]);
  });
}
