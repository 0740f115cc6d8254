import type { Implementation } from "./odcs-schema.ts";
import { present } from "./present.ts";
import type { Entry } from "./quality-entry.ts";
import { WAITING } from "./rule.ts";
import { columnsExist, type RuleDraft } from "./rule-draft.ts";

type Ties = Extract<Implementation, { rule: "ties" }>;

/** A rule over the states that a model gives its rows; it stands under the object, and names columns that are there. */
export function tiesRule(rule: Ties, entry: Entry): RuleDraft[] {
  const { state, tied, differs, amount, currency, waiting } = rule;
  const columns = [...new Set([state, amount, currency, ...(waiting ? [waiting.feed, ...waiting.key] : [])])];
  const isFine = [
    isOfObject(entry),
    columnsExist(entry.scope, columns, [...entry.path, "implementation"]),
    areTexts(entry, { state, currency, ...(waiting && { feed: waiting.feed }) }),
    isInteger(entry, amount),
    areApart(entry, rule),
  ].every((fine) => fine);
  if (!isFine) return [];
  return [{ ...entry.base("ties", columns), kind: "ties", state, tied, differs, amount, currency, ...present({ waiting }) }];
}

function isOfObject(entry: Entry): boolean {
  if (entry.column === undefined) return true;
  entry.refuse(["implementation", "rule"], "the rule ties judges rows of the object", "move it to the object's quality");
  return false;
}

function areTexts(entry: Entry, named: Readonly<Record<string, string>>): boolean {
  const others = Object.entries(named).filter(([, name]) => (entry.scope.types.get(name)?.kind ?? "string") !== "string");
  for (const [key, name] of others)
    entry.refuse(["implementation"], `"${key}" names ${name}, which is no text`, `name a column of logicalType string`);
  return others.length === 0;
}

function isInteger(entry: Entry, amount: string): boolean {
  if ((entry.scope.types.get(amount)?.kind ?? "integer") === "integer") return true;
  entry.refuse(
    ["implementation", "amount"],
    `"amount" names ${amount}, which is no integer`,
    "name a column of whole minor units",
  );
  return false;
}

/** A state has one meaning, and the engine's own term is none that a model gives. */
function areApart(entry: Entry, { tied, differs, waiting }: Ties): boolean {
  const all = [...tied, ...differs, ...(waiting?.states ?? [])];
  const twice = all.find((state, i) => all.indexOf(state) < i);
  if (twice !== undefined) entry.refuse(["implementation"], `the state "${twice}" stands there twice`, "name each state once");
  const isOwn = all.includes(WAITING);
  if (isOwn) entry.refuse(["implementation"], `"${WAITING}" is what the engine calls rows itself`, "give the state another name");
  return twice === undefined && !isOwn;
}
