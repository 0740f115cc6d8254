import { present } from "../contract/present.ts";
import type { YamlPath } from "../contract/yaml-document.ts";
import type { Assembly, Checked } from "./assembly.ts";
import type { FeedGatesEntry, GroupGatesEntry } from "./gates-schema.ts";
import type { GateLimits } from "./pipeline.ts";
import { unknownName } from "./problems.ts";

function minorTexts(limits: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(limits).map(([currency, limit]) => [currency, String(limit)] as const));
}

/** The limits of a group. */
export function allLimits(entry: GroupGatesEntry): GateLimits {
  return {
    validShare: entry.valid_share,
    heldShare: entry.held_share,
    sample: entry.sample,
    quarantinedMinor: minorTexts(entry.quarantined_minor),
    vanishedShare: entry.vanished_share,
    missingKeys: entry.missing_keys,
    respelledKeys: entry.respelled_keys,
  };
}

/** The limits that a feed writes down, and no others. */
export function writtenLimits(entry: FeedGatesEntry): Partial<GateLimits> {
  return present({
    validShare: entry.valid_share,
    heldShare: entry.held_share,
    sample: entry.sample,
    quarantinedMinor: entry.quarantined_minor && minorTexts(entry.quarantined_minor),
    vanishedShare: entry.vanished_share,
    missingKeys: entry.missing_keys,
    respelledKeys: entry.respelled_keys,
  });
}

/** Reports limits of money in a currency that `pipeline.yaml` does not declare. */
export function checkLimitCurrencies(
  assembly: Assembly,
  { document }: Pick<Checked<unknown>, "document">,
  { entry, path }: { readonly entry: FeedGatesEntry; readonly path: YamlPath },
): void {
  const known = ["*", "-", ...Object.keys(assembly.main.value.currencies)];
  for (const currency of Object.keys(entry.quarantined_minor ?? {}).filter((c) => !known.includes(c))) {
    const at = document.at([...path, "quarantined_minor", currency], "key");
    assembly.problems.push(unknownName(at, { kind: "currency", written: currency }, known));
  }
}
