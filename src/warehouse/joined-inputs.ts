import type { JoinStep, ModelInput } from "../config/pipeline.ts";
import { textOf } from "../contract/key-part.ts";
import type { Dialect } from "./dialect.ts";
import { feedName, stem } from "./relations.ts";
import { column, pairedKey } from "./sql-text.ts";

/** What an input is read as: its schema and its name there. */
export function readAs(input: ModelInput): { readonly schema: "staging" | "curated"; readonly relation: string } {
  return "feed" in input
    ? { schema: "staging", relation: stem(feedName(input.feed)) }
    : { schema: "curated", relation: input.table };
}

/** The relation of live rows that an input is read as. */
export function relationOf(dialect: Dialect, input: ModelInput): string {
  const { schema, relation } = readAs(input);
  return dialect.table(schema, relation);
}

/** A part of a key: a column under an alias, or the text that it stands for. */
export function partOf(dialect: Dialect, alias: string, part: string): string {
  const text = textOf(part);
  return text === undefined ? column(dialect, alias, part) : dialect.literal(text);
}

/** ` JOIN … n1 ON …` for steps behind rows under `n0`; the last alias is `n<steps>`. */
export function joined(dialect: Dialect, steps: readonly JoinStep[], from = 0): string {
  return steps
    .map(({ to, on }, i) => {
      const [own, other] = [`n${from + i}`, `n${from + i + 1}`];
      const same = pairedKey(
        dialect,
        { alias: other, names: on.map((pair) => pair.other) },
        { alias: own, names: on.map((pair) => pair.own) },
      );
      return ` JOIN ${relationOf(dialect, to)} ${other} ON ${same}`;
    })
    .join("");
}
