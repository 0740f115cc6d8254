import { present } from "../contract/present.ts";
import { type Assembly, checkOwner } from "./assembly.ts";
import { allLimits, checkLimitCurrencies } from "./link-gates.ts";
import type { Group } from "./pipeline.ts";
import { declaredTwice, unknownName } from "./problems.ts";

type Member = "feeds" | "models";

/** Which group lists each feed or model; reports names that do not exist and names that are listed twice. */
export function membership(assembly: Assembly, member: Member): Map<string, string> {
  const { value, document } = assembly.main;
  const known = member === "feeds" ? feedIds(assembly) : assembly.models.map((m) => m.header.table);
  const kind = member === "feeds" ? "feed" : "model";
  const listed = Object.entries(value.groups).flatMap(([group, entry]) =>
    entry[member].map((name, i) => ({ name, group, at: document.at(["groups", group, member, i]) })),
  );
  const groups = new Map<string, (typeof listed)[number]>();
  for (const item of listed) {
    const first = groups.get(item.name);
    if (!known.includes(item.name)) assembly.problems.push(unknownName(item.at, { kind, written: item.name }, known));
    else if (first) assembly.problems.push(declaredTwice(item.at, { kind, name: item.name }, first.at));
    else groups.set(item.name, item);
  }
  return new Map([...groups.values()].map(({ name, group }) => [name, group]));
}

/** Every feed that the sources write down. */
export function feedIds(assembly: Assembly): string[] {
  return assembly.sources.flatMap(({ value }) => Object.keys(value.feeds).map((name) => `${value.source}.${name}`));
}

/** The group that commands load where nobody names one: the one that is said, or the only one. */
export function linkDefaultGroup({ main, problems }: Assembly): string | null {
  const { value, document } = main;
  const [names, written] = [Object.keys(value.groups), value.default_group];
  if (written === undefined) return names.length === 1 ? (names[0] ?? null) : null;
  if (!names.includes(written)) problems.push(unknownName(document.at(["default_group"]), { kind: "group", written }, names));
  return written;
}

/** The groups by name, their members parents first. */
export function linkGroups(
  assembly: Assembly,
  ordered: { readonly feeds: readonly string[]; readonly models: readonly string[] },
): Map<string, Group> {
  const { value, document } = assembly.main;
  return new Map(
    Object.entries(value.groups).map(([name, entry]) => {
      checkOwner(assembly, entry.owner, document.at(["groups", name, "owner"]));
      checkLimitCurrencies(assembly, assembly.main, { entry: entry.gates, path: ["groups", name, "gates"] });
      const feeds = ordered.feeds.filter((id) => entry.feeds.includes(id));
      const models = ordered.models.filter((table) => entry.models.includes(table));
      const { owner, schedule } = entry;
      return [name, { name, feeds, models, gates: allLimits(entry.gates), owner, ...present({ schedule }) }];
    }),
  );
}
