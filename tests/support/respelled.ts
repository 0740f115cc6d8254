import type { Feed, Pipeline } from "../../src/config/pipeline.ts";
import { NORMALISATIONS, type NormalForm, type Survivor } from "../../src/contract/rule.ts";
import { sealRule } from "../../src/contract/rule-draft.ts";
import { type Desk, openDesk, type Played, type Row } from "./desk.ts";
import { account, withFeed, withRules } from "./desk-rows.ts";

export const ENTRIES = "app.entries";

/** The id of the rule that `respelling` adds. */
export const RESPELLED = "entry_id.unique_normalised";

/** Everything that a normal form may overlook on every engine. */
export const WITHOUT_NFC = NORMALISATIONS.filter((form) => form !== "nfc");

interface Respelling {
  readonly forms?: NormalForm["forms"];
  readonly columns?: readonly string[];
  readonly texts?: readonly string[];
  readonly severity?: "warn" | "quarantine";
  readonly survivor?: Survivor;
  /** Columns of the feed's source key, in the place of `id`. */
  readonly sourceKey?: readonly string[];
}

/** `app.entries` with one rule more, which compares normal forms of its keys. */
export function respelling(options: Respelling = {}): (pipeline: Pipeline) => Pipeline {
  const {
    forms = NORMALISATIONS,
    columns = ["entry_id"],
    texts = columns,
    severity = "quarantine",
    survivor,
    sourceKey,
  } = options;
  const rule = sealRule({
    id: RESPELLED,
    kind: "unique",
    columns,
    severity,
    nulls: "pass",
    owner: "desk",
    normalise: { forms, texts },
    ...(survivor ? { survivor } : {}),
  });
  const keyed = (feed: Feed): Feed => (sourceKey ? { ...feed, sourceKey, businessKey: sourceKey } : feed);
  return (pipeline) =>
    withFeed(
      withRules(pipeline, ENTRIES, (rules) => [...rules, rule]),
      ENTRIES,
      keyed,
    );
}

/** A desk on which account `A` and some entries are published. */
export async function respelledDesk(adjust: (pipeline: Pipeline) => Pipeline, entries: readonly Row[] = []): Promise<Desk> {
  const desk = openDesk("claims");
  await desk.play({ adjust, rows: { "app.accounts": [account(1, "A")], [ENTRIES]: entries } });
  return desk;
}

/** The classes of an hour's entries, in their order. */
export function classesOf(played: Played): string[] {
  return [...played.classes]
    .filter(([key]) => key.startsWith(ENTRIES))
    .sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))
    .map(([, c]) => c);
}

/** The curated table of the entries with such a rule of its own. */
export function curatedRespelling(pipeline: Pipeline): Pipeline {
  const model = pipeline.models.get("entry");
  const rule = pipeline.feeds.get(ENTRIES)?.contract.rules.find(({ id }) => id === RESPELLED);
  if (!model || !rule) throw new Error("the fixture has no model of entries, or no rule");
  const contract = { ...model.contract, rules: [...model.contract.rules, rule] };
  return { ...pipeline, models: new Map(pipeline.models).set("entry", { ...model, contract }) };
}
