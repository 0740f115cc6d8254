import { keyColumns } from "../checks/samples.ts";
import type { Feed, Pipeline } from "../config/pipeline.ts";
import { keyParts } from "../warehouse/sql-text.ts";
import type { Break } from "./kept-breaks.ts";
import { MONEY_COMPARES } from "./stock.ts";
import { WAITING_COMPARES } from "./waiting.ts";

/** The texts of a break's source key; those of its money have the business key behind it. */
export function sourceKeyOf(feed: Feed, { keyText, compares }: Break): string[] {
  const names = compares === MONEY_COMPARES ? keyColumns(feed) : feed.sourceKey;
  const parts = keyParts(keyText, names.length);
  return feed.sourceKey.map((name) => parts[names.indexOf(name)] ?? "");
}

/** Classes of breaks whose key is not that of a row which is published. */
const UNPUBLISHED: ReadonlySet<string> = new Set(["waiting_differs", "missing_in_warehouse", "history", "unexplained"]);

/** The key of the published row that a break is of, as it is asked for by hand; null where there is none, or it is personal. */
export function publishedKey({ feeds, models }: Pipeline, broken: Break): string[] | null {
  const [feed, model] = [feeds.get(broken.of), models.get(broken.of)];
  const key = feed?.sourceKey ?? model?.key;
  const isPersonal = (feed ?? model)?.contract.columns.some(({ name, pii }) => pii && key?.includes(name)) ?? true;
  const isThere = !UNPUBLISHED.has(broken.class) && broken.compares !== WAITING_COMPARES && !(model && broken.live === null);
  if (!key || isPersonal || !isThere || Object.values(broken.key).includes(null)) return null;
  return feed ? sourceKeyOf(feed, broken) : keyParts(broken.keyText, key.length);
}
