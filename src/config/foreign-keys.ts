import type { Contract } from "../contract/contract.ts";
import type { SetRule } from "../contract/rule.ts";
import { dependencyOrder } from "../kernel/order.ts";
import type { Position } from "../kernel/problem.ts";
import type { Assembly } from "./assembly.ts";
import { tablesRead } from "./model-inputs.ts";
import type { Feed, Model } from "./pipeline.ts";
import { dependencyCycle, inconsistent, unknownName } from "./problems.ts";

/** A feed or a model, as far as foreign keys look at it. */
interface Node {
  readonly name: string;
  readonly key: readonly string[];
  readonly contract: Contract;
  readonly at: Position;
  readonly parentName: (object: string) => string;
  /** What it is made of, of its own kind. */
  readonly reads: readonly string[];
}

type ForeignKey = Extract<SetRule, { kind: "foreign_key" }>;

/** The feed id that the parent of a feed's foreign key names: `customers` means the same source. */
export function parentFeedId(feed: Pick<Feed, "source">, object: string): string {
  return object.includes(".") ? object : `${feed.source}.${object}`;
}

const foreignKeysOf = ({ rules }: Contract) => rules.filter((rule): rule is ForeignKey => rule.kind === "foreign_key");

/** Ids of the feeds that the rows of a feed refer to, and of those that theirs refer to in turn. */
export function ancestorsOf(feeds: ReadonlyMap<string, Feed>, feed: Feed): Set<string> {
  const found = new Set<string>();
  const visit = (of: Feed) => {
    for (const { parent } of foreignKeysOf(of.contract)) {
      const next = feeds.get(parentFeedId(of, parent.object));
      if (!next || found.has(next.id)) continue;
      found.add(next.id);
      visit(next);
    }
  };
  visit(feed);
  return found;
}

/** Checks the foreign keys of feeds against each other. @returns all feed ids, parents first. */
export function orderFeeds(feeds: ReadonlyMap<string, Feed>, assembly: Assembly): string[] {
  const nodes = [...feeds.values()].map((feed) => ({
    name: feed.id,
    key: feed.businessKey,
    contract: feed.contract,
    at: feed.at,
    parentName: (object: string) => parentFeedId(feed, object),
    reads: [],
  }));
  return order(nodes, "feed", assembly);
}

/** Checks the foreign keys of models against each other. @returns all tables, parents and tables that others read first. */
export function orderModels(models: ReadonlyMap<string, Model>, assembly: Assembly): string[] {
  const nodes = [...models.values()].map((model) => ({
    name: model.table,
    key: model.key,
    contract: model.contract,
    at: model.at,
    reads: tablesRead(model),
    parentName: (object: string) => object,
  }));
  return order(nodes, "model", assembly);
}

function order(list: readonly Node[], kind: "feed" | "model", assembly: Assembly): string[] {
  const nodes = new Map(list.map((node) => [node.name, node]));
  const parents = new Map(list.map((node) => [node.name, [...parentsOf(node, { nodes, kind, assembly }), ...node.reads]]));
  const result = dependencyOrder([...nodes.keys()], (name) => parents.get(name) ?? []);
  if ("order" in result) return result.order;
  const first = list.find((node) => result.cycle.includes(node.name));
  if (first) assembly.problems.push(dependencyCycle(first.at, `${kind}s`, result.cycle));
  return [];
}

interface OrderContext {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly kind: "feed" | "model";
  readonly assembly: Assembly;
}

function parentsOf(node: Node, context: OrderContext): string[] {
  return foreignKeysOf(node.contract).flatMap((rule) => {
    const parent = checkForeignKey(node, rule, context);
    return parent === undefined ? [] : [parent];
  });
}

function checkForeignKey(node: Node, rule: ForeignKey, { nodes, kind, assembly }: OrderContext): string | undefined {
  const at = rule.at ?? node.at;
  const name = node.parentName(rule.parent.object);
  const parent = nodes.get(name);
  if (!parent) {
    assembly.problems.push(unknownName(at, { kind, written: name }, [...nodes.keys()]));
    return undefined;
  }
  if (parent === node) {
    const says = `the foreign key ${rule.id} refers to its own ${kind}`;
    assembly.problems.push(inconsistent(at, says, "remove the relationship; rows of one table are published together"));
    return undefined;
  }
  if ([...rule.parent.columns].sort().join("\n") !== [...parent.key].sort().join("\n")) {
    const says = `the foreign key ${rule.id} refers to (${rule.parent.columns.join(", ")}), the key of ${name} is (${parent.key.join(", ")})`;
    assembly.problems.push(inconsistent(at, says, "refer to all columns of the parent's key"));
  }
  return name;
}
