import type { Feed } from "../config/pipeline.ts";
import type { ColumnType } from "../contract/contract.ts";
import type { Bound, Rule } from "../contract/rule.ts";
import type { RefusedRecord } from "../quarantine/part-rows.ts";
import type { SendersWords } from "../sources/source.ts";

const TYPES: Readonly<Record<ColumnType["kind"], string>> = {
  string: "text",
  integer: "a whole number",
  decimal: "a number",
  boolean: "true or false",
  date: "a date",
  timestamp: "an instant",
};

/** So many agreed values are named. */
const NAMED = 10;

function atLeast(min: Bound | number | undefined): string[] {
  if (min === undefined) return [];
  return [typeof min === "number" ? `at least ${min}` : `${min.exclusive ? "more than" : "at least"} ${min.value}`];
}

function atMost(max: Bound | number | undefined): string[] {
  if (max === undefined) return [];
  return [typeof max === "number" ? `at most ${max}` : `${max.exclusive ? "less than" : "at most"} ${max.value}`];
}

/** What a record is told of that breaks a rule, with its columns under the sender's names. */
interface Telling {
  readonly feed: Feed;
  readonly names: string;
}

function typeOf({ contract }: Feed, columns: readonly string[]): ColumnType["kind"] {
  return contract.columns.find(({ name }) => name === columns[0])?.type.kind ?? "string";
}

function rangeWords({ min, max, multipleOf }: Extract<Rule, { kind: "range" }>): string {
  const multiple = multipleOf === undefined ? [] : [`a multiple of ${multipleOf}`];
  return [...atLeast(min), ...atMost(max), ...multiple].join(" and ");
}

function acceptedWords(values: readonly string[]): string {
  return values.length > NAMED ? "is none of the agreed values" : `is none of ${values.join(", ")}`;
}

function ruleWords(rule: Rule, { feed, names }: Telling): string {
  switch (rule.kind) {
    case "type":
      return `${names} cannot be read as ${TYPES[typeOf(feed, rule.columns)]}`;
    case "required":
      return `${names} is missing`;
    case "length":
      return `${names} is not as long as agreed: ${[...atLeast(rule.min), ...atMost(rule.max)].join(" and ")} characters`;
    case "pattern":
      return `${names} does not have the agreed form`;
    case "accepted":
      return `${names} ${acceptedWords(rule.values)}`;
    case "range":
      return `${names} is not ${rangeWords(rule)}`;
    case "immutable":
      return `${names} is another than before in a record with the same key`;
    case "unique":
      return `${names} stands in another record too${rule.normalise ? ", the same or spelled otherwise" : ""}`;
    case "functional_dependency":
      return `${names} do not go together as in other records`;
    case "foreign_key":
      return `${names} is not known to us`;
    default:
      return rule.description ?? `the agreed rule ${rule.id} is not kept`;
  }
}

/** Names that a rule's columns have for the sender of a part that was read by a layout. */
function sendersNames(columns: readonly string[], { feed, words, layout }: Sender): string {
  const nameOf = (column: string) => (layout === null ? null : words.column(feed, layout, column));
  const own = (column: string) => feed.contract.columns.find(({ name }) => name === column)?.physicalName ?? column;
  return columns.map((column) => nameOf(column) ?? own(column)).join(" and ");
}

/** Whom a record is explained to. */
export interface Sender {
  readonly feed: Feed;
  readonly words: SendersWords;
  /** What the part was read by; null where that is not known. */
  readonly layout: string | null;
}

/** Waits for the parent that its own parent's row does: a reason that no rule of the contract has by itself. */
const PARENT = /\.parent_quarantined$/;

/** Why a record is not published, in words for whoever sent it; without values of its row. */
export function reasonWords({ reasons, fault }: RefusedRecord, sender: Sender): string[] {
  const { feed, words } = sender;
  if (fault !== null) return [words.fault(fault)];
  return reasons.map((reason) => {
    if (PARENT.test(reason)) return "a record that it refers to is not published either";
    const rule = feed.contract.rules.find(({ id }) => id === reason);
    if (rule) return ruleWords(rule, { feed, names: sendersNames(rule.columns, sender) });
    const amount = feed.money ? sendersNames([feed.money.amount], sender) : "the amount";
    return reason === "money.unreadable" ? `${amount} or its currency cannot be read` : `the agreed rule ${reason} is not kept`;
  });
}
