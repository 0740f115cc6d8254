import { Command } from "commander";
import type { Pipeline } from "../config/pipeline.ts";
import { explainDocument } from "../documents/breaks.ts";
import { type Break, healedLately, isRecurring, type KeptEvent } from "../reconcile/kept-breaks.ts";
import { breakKey, CLASS_WORDS, differenceText } from "./breaks-text.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { type ExplainedBreak, explainedBreak } from "./explained-break.ts";
import { secondOf, sideMoney, WHY_WORDS } from "./reconcile-text.ts";
import { renderTable } from "./table.ts";

/** White space at an end, and characters that no eye sees. */
const UNSEEN = /^\s|\s$|^$|^NULL$|[^\S ]|\p{C}/u;

const escaped = (text: string) =>
  JSON.stringify(text).replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Values of both sides for people: in quotes where they would look alike, or like nothing. */
function valueTexts(values: readonly (string | null)[]): string[] {
  const looks = values.map((value) => (value ?? "NULL").normalize("NFC").trim());
  const isAlike = looks[0] === looks[1] && values[0] !== values[1];
  return values.map((value) => {
    if (value === null) return "NULL";
    return isAlike || UNSEEN.test(value) ? escaped(value) : value;
  });
}

/** What both sides are called; those of a tie have names of their own. */
function sidesOf({ leg, source, live }: Pick<Break, "leg" | "source" | "live">): [string, string] {
  if (leg === "R3") return [source?.["side"] ?? "one side", live?.["side"] ?? "another side"];
  return [leg === "R2" ? "model" : "source", "published"];
}

/** What both sides have: every column that differs, or all of the side that has a row. */
function valueLines({ columns, source, live, ...broken }: Break): Record<string, string>[] {
  const [one, two] = sidesOf({ source, live, ...broken });
  const names = columns.length > 0 ? columns : Object.keys(source ?? live ?? {});
  return names.map((name) => {
    const [left = "", right = ""] = valueTexts([source?.[name] ?? null, live?.[name] ?? null]);
    return { column: name, [one]: source === null ? "" : left, [two]: live === null ? "" : right };
  });
}

/** What the class alone does not say. */
function reasonOf({ why, class: is, columns, source, live }: Break): string {
  if (why === "gone" || why === "unlanded" || why === "altered") return ` (${WHY_WORDS[why]})`;
  return is === "model" && columns.length === 0 && source && live ? " (it is given, or live, more than once)" : "";
}

/** A comparison, or what somebody decided. */
function toldText({ proofId, reason, until, to }: KeptEvent): string {
  const parts = [to === null ? "" : `to ${to}`, until === null ? "" : `until ${until.slice(0, 10)}`, reason ?? ""];
  return proofId !== "" ? proofId : parts.filter((part) => part !== "").join(": ");
}

const eventLine = (event: KeptEvent) => ({
  at: secondOf(event.at),
  event: event.event,
  class: event.class,
  publication: String(event.number),
  by: event.actor,
  "comparison, or why": toldText(event),
});

function moneyLine(pipeline: Pipeline, broken: Break): string {
  const { currencies } = pipeline;
  const more = differenceText(broken, currencies);
  const [one, two] = sidesOf(broken);
  const sides = [
    `${one} ${sideMoney(broken.sourceMoney, currencies) || "none"}`,
    `${two} ${sideMoney(broken.liveMoney, currencies) || "none"}`,
  ];
  return `${sides.join(", ")}${more === "" ? "" : `, ${one} less ${two} ${more}`}`;
}

function render(context: CommandContext, pipeline: Pipeline, { story: { broken, events }, next }: ExplainedBreak): void {
  const { id, leg, of, compares, class: is, isOpen, says } = broken;
  context.out(`${id}, ${isOpen ? "open" : "cleared"}: ${is}, ${CLASS_WORDS[is]}${reasonOf(broken)}\n${leg} ${of}: ${compares}\n`);
  for (const line of says.length > 0 ? says : [breakKey(broken)]) context.out(`  ${line}\n`);
  if (broken.sourceMoney || broken.liveMoney) context.out(`  ${moneyLine(pipeline, broken)}\n`);
  const now = new Date();
  const values = valueLines(broken);
  if (values.length > 0) context.out(`\n${renderTable(values)}`);
  context.out(`\n${renderTable(events.map(eventLine))}`);
  if (isRecurring(broken, now)) context.out(`\nhealed ${healedLately(broken, now)} times in a week: its cause is elsewhere\n`);
  context.out("\nnext:\n");
  for (const command of next) context.out(`  ${command}\n`);
}

/** `ledgerloop reconcile explain` */
export function reconcileExplainCommand(context: CommandContext): Command {
  const command = new Command("explain")
    .description("one break: what either side has, personal values masked, what was told of it, and what leads out of it")
    .argument("<break>", "its id, as `reconcile breaks` lists it");
  return withCommonOptions(command, ["reconcile explain brk_0a1b2c3d4e", "reconcile explain brk_0a1b2c3d4e --json"]).action(
    async (id: string, options: CommonOptions) => {
      const pipeline = await pipelineOf(context, options);
      const explained = await explainedBreak(context, pipeline, id);
      if (options.json) return printJson(context, explainDocument(explained.story, explained.next));
      render(context, pipeline, explained);
    },
  );
}
