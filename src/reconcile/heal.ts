import { HEALABLE_CLASSES, type HealableClass } from "../config/healable.ts";
import type { Feed, Group, Model, Pipeline } from "../config/pipeline.ts";
import type { ColumnType } from "../contract/contract.ts";
import { grouped } from "../kernel/grouped.ts";
import type { NamedKeys } from "../publish/touched.ts";
import type { HealedBreak, HealRequest, KeysOfFeed } from "../run/request.ts";
import { type CuratedViews, viewsAmong } from "../schema/curated-views.ts";
import type { KeyTexts } from "../sources/contents.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { stagingRows } from "../warehouse/relations.ts";
import { asText, keyParts, keyText, rowKey } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { sourceKeyOf } from "./break-key.ts";
import type { Break } from "./kept-breaks.ts";
import { MONEY_COMPARES } from "./stock.ts";
import { WAITING_COMPARES } from "./waiting.ts";

/** A break that no heal puts right, and why. */
export interface NotHealed {
  readonly broken: Break;
  readonly why: string;
}

/** What a heal does: one run for each group, of the keys of some breaks. */
export interface HealPlan {
  readonly requests: readonly HealRequest[];
  readonly healing: readonly Break[];
  readonly notHealed: readonly NotHealed[];
}

/** Who asks for a heal, and with what. */
export interface HealOptions {
  readonly pipeline: Pipeline;
  /** Ids of the feeds whose rows can be read by their keys. */
  readonly readByKey: ReadonlySet<string>;
  readonly reason: string | null;
  readonly ticket: string | null;
}

/** A break, and the feed or table whose key is read or computed again. */
type Target = { readonly broken: Break; readonly group: Group } & (
  | { readonly feed: Feed; readonly scope: string | null }
  | { readonly model: Model }
);

const isHealable = (name: string): name is HealableClass => (HEALABLE_CLASSES as readonly string[]).includes(name);

/** Why no heal is for a class. */
const NOT_FOR: Readonly<Record<string, string>> = {
  history: "what was replaced is not made again: accept it, with a reason, or restore the warehouse",
  unexplained: "it has no key that could be read again: what differs by key explains it, or a full read does",
};

function groupOf({ groups }: Pipeline, has: (group: Group) => boolean): Group {
  const group = [...groups.values()].find(has);
  if (!group) throw new Error("a feed or table without a group: configuration should have refused it");
  return group;
}

function tableTarget({ pipeline }: HealOptions, broken: Break, views: CuratedViews): Target | string {
  const model = pipeline.models.get(broken.of);
  if (!model) return `the pipeline has no table ${broken.of} any more`;
  if (views.has(model.table)) return "its rows are a view over staging: heal the feed that it shows";
  return { broken, model, group: groupOf(pipeline, ({ models }) => models.includes(model.table)) };
}

/** Why a row that its source does not have stays; absent of feeds whose rows go. */
const STAYS: Partial<Readonly<Record<Feed["absence"], string>>> = {
  incomplete: "the pipeline says that its rows cannot go (absence: incomplete): look at the source, or accept it",
  nothing: "the pipeline says that absence means nothing (absence: nothing): accept it, with a reason",
};

const STALE =
  "a newer row of its key waits, and the source has the published one no more: it goes once the newer one is mended; if that is done, heal with `--reason`";

/** Why a row cannot be read alone. */
const readWhole = ({ id }: Feed, why: string) =>
  `${why}: \`ledgerloop run --full --restate --feeds ${id} --reason "…"\` reads it whole`;

/** Whether a row is read with another one of which nothing says which it is; one that was never landed is in none. */
const isAstray = ({ inside }: Feed, { id, class: is }: Break, scopes: Standing["scopes"]) =>
  inside !== undefined && is !== "missing_at_source" && !scopes.has(id);

function feedTarget(
  { pipeline, readByKey, reason }: HealOptions,
  broken: Break,
  { stale, scopes }: Pick<Standing, "stale" | "scopes">,
): Target | string {
  const feed = pipeline.feeds.get(broken.of);
  if (!feed) return `the pipeline has no feed ${broken.of} any more`;
  if (broken.compares === WAITING_COMPARES) return "a row that waits is put right by a newer one of its source";
  if (reason === null && (broken.why === "altered" || stale.has(broken.id))) return STALE;
  const stays = broken.class === "missing_at_source" ? STAYS[feed.absence] : undefined;
  if (stays !== undefined) return stays;
  if (!readByKey.has(feed.id)) return readWhole(feed, `${feed.id} cannot be read by key`);
  if (isAstray(feed, broken, scopes)) return readWhole(feed, "nothing says in which row of its source it stands");
  const scope = scopes.get(broken.id) ?? null;
  return { broken, feed, scope, group: groupOf(pipeline, ({ feeds }) => feeds.includes(feed.id)) };
}

/** What is asked of the warehouse first. */
interface Standing {
  /** Tables that are views. */
  readonly views: CuratedViews;
  /** Ids of breaks beside rows that stay though a newer one waits. */
  readonly stale: ReadonlySet<string>;
  /** In which other row those stand that breaks are of, by the ids of these. */
  readonly scopes: ReadonlyMap<string, string>;
}

/** What is done about a break, or why nothing is. */
function targetOf(options: HealOptions, broken: Break, standing: Standing): Target | string {
  if (!broken.isOpen) return "it is cleared";
  if (Object.values(broken.key).includes(null)) return "a row without a key is put right at its source alone";
  const { class: is } = broken;
  if (broken.leg === "R3") return "what systems say otherwise is put right in one of them, by whoever owns it";
  if (!isHealable(is)) return NOT_FOR[is] ?? "it is of a class that no heal is for";
  return is === "model" ? tableTarget(options, broken, standing.views) : feedTarget(options, broken, standing);
}

/** Types whose text in the warehouse is the one that is landed. */
const LANDED_SO: ReadonlySet<ColumnType["kind"]> = new Set(["string", "integer"]);

/** Keys as their source lands them. */
async function landedTexts(
  session: Session,
  dialect: Dialect,
  { feed, keys }: { feed: Feed; keys: readonly (readonly string[])[] },
): Promise<KeyTexts> {
  const types = feed.sourceKey.map(
    (name) => feed.contract.columns.find((c) => c.name === name)?.type ?? { kind: "string" as const },
  );
  if (types.every(({ kind }) => LANDED_SO.has(kind))) return keys;
  const texts = types.map((type, i) => `${dialect.landedText(dialect.tryCast(`v.c${i}`, type), type)} AS key_${i}`);
  const rows = await session.rows({
    name: `heal.keys.${feed.id}`,
    sql: `SELECT ${texts.join(", ")} FROM (VALUES ${keys.map((key) => `(${key.map(dialect.literal).join(", ")})`).join(", ")}) AS v (${types.map((_, i) => `c${i}`).join(", ")})`,
  });
  return rows.map((row) => types.map((_, i) => row[`key_${i}`] ?? null));
}

const distinct = <T extends readonly string[]>(keys: readonly T[]): T[] => [
  ...new Map(keys.map((key) => [JSON.stringify(key), key])).values(),
];

const healedBreak = ({ id, leg, of, compares, keyText: key, class: is, extent }: Break): HealedBreak => {
  return { break_id: id, leg, subject: of, compares, break_key: key, class: is, extent };
};

/** In which rows of another feed the rows of some keys stand. */
function withinOf(feed: Feed, targets: readonly Target[], texts: KeyTexts): Pick<KeysOfFeed, "within"> {
  if (feed.inside === undefined) return {};
  const scopes = new Map(
    targets.map((of) => [JSON.stringify(sourceKeyOf(feed, of.broken)), ("feed" in of ? of.scope : null) ?? ""] as const),
  );
  return { within: texts.map((key) => scopes.get(JSON.stringify(key)) ?? "") };
}

/** The run that heals breaks of one group. */
async function requestOf(
  session: Session,
  dialect: Dialect,
  { group, targets, reason, ticket }: Pick<HealOptions, "reason" | "ticket"> & { group: string; targets: readonly Target[] },
): Promise<HealRequest> {
  const keys: KeysOfFeed[] = [];
  const rows: NamedKeys[] = [];
  for (const own of grouped(targets, ({ broken }) => broken.of).values()) {
    const [first] = own;
    if (first && "feed" in first) {
      const { feed } = first;
      const textsOf = (some: readonly Target[]) =>
        landedTexts(session, dialect, { feed, keys: distinct(some.map(({ broken }) => sourceKeyOf(feed, broken))) });
      const unseen = own.filter(({ broken }) => broken.class === "missing_at_source");
      const neverSeen = unseen.length > 0 ? { neverSeen: await textsOf(unseen) } : {};
      const texts = await textsOf(own);
      keys.push({ feed: feed.id, keys: texts, ...neverSeen, ...withinOf(feed, own, texts) });
    } else if (first) {
      const { table, key } = first.model;
      rows.push({ table, keys: distinct(own.map(({ broken }) => keyParts(broken.keyText, key.length))) });
    }
  }
  const breaks = targets.map(({ broken }) => healedBreak(broken));
  return { kind: "heal", group, reason, ticket, acceptRemoved: [], keys, rows, breaks };
}

/**
 * Of breaks in what stands beside a feed's row those whose row stays though a newer one waits: unless the source has mended that one, it waits again when it is
 * read, the published one stays as it is, and the whole heal is blocked. By their ids.
 */
async function staleAmong(
  session: Session,
  dialect: Dialect,
  { breaks, pipeline }: Pick<HealOptions, "pipeline"> & { breaks: readonly Break[] },
): Promise<ReadonlySet<string>> {
  const stale = new Set<string>();
  const tampered = breaks.filter(({ compares, class: is, isOpen }) => compares === MONEY_COMPARES && is === "tampered" && isOpen);
  for (const [id, own] of grouped(tampered, ({ of }) => of)) {
    const feed = pipeline.feeds.get(id);
    if (!feed) continue;
    const rows = await session.rows({
      name: `heal.stale.${id}`,
      sql: `SELECT DISTINCT ${asText("v.nth")} AS nth FROM (VALUES ${keysBeside(dialect, feed, own)}) AS v (nth, source_key)
JOIN ${ops(dialect, "stale_key")} k ON k.feed = ${dialect.literal(id)} AND k.source_key = v.source_key`,
    });
    for (const { nth } of rows) stale.add(own[Number(nth)]?.id ?? "");
  }
  return stale;
}

/** In which other row those stand that breaks are of: as it was landed, else as a row of the key is published. By their ids. */
async function scopesOf(
  session: Session,
  dialect: Dialect,
  { breaks, pipeline }: Pick<HealOptions, "pipeline"> & { breaks: readonly Break[] },
): Promise<ReadonlyMap<string, string>> {
  const scopes = new Map(breaks.flatMap(({ id, scope }) => (scope === null ? [] : [[id, scope] as const])));
  const unknown = breaks.filter(({ id, isOpen }) => isOpen && !scopes.has(id));
  for (const [id, own] of grouped(unknown, ({ of }) => of)) {
    const feed = pipeline.feeds.get(id);
    if (feed?.inside === undefined) continue;
    const rows = await session.rows({
      name: `heal.scopes.${id}`,
      sql: `SELECT DISTINCT ${asText("v.nth")} AS nth, s._scope AS scope FROM (VALUES ${keysBeside(dialect, feed, own)}) AS v (nth, source_key)
JOIN ${stagingRows(dialect, feed)} s ON ${rowKey(dialect, "s", feed.sourceKey)} = v.source_key
WHERE s._deleted_at IS NULL AND s._scope <> '' ORDER BY nth, scope`,
    });
    for (const { nth, scope } of rows) scopes.set(own[Number(nth)]?.id ?? "", scope ?? "");
  }
  return scopes;
}

/** Breaks of a feed by their number, beside their source keys as one text. */
function keysBeside(dialect: Dialect, feed: Feed, breaks: readonly Break[]): string {
  const keyOf = (broken: Break) => asText(keyText(dialect, sourceKeyOf(feed, broken).map(dialect.literal)));
  return breaks.map((broken, i) => `(${i}, ${keyOf(broken)})`).join(", ");
}

/** What puts breaks right, as far as reading or computing their keys again can: one run for each group. */
export async function planHeal(
  session: Session,
  dialect: Dialect,
  { breaks, ...options }: HealOptions & { readonly breaks: readonly Break[] },
): Promise<HealPlan> {
  const views = await viewsAmong(session, dialect, [...options.pipeline.models.values()]);
  const stale = await staleAmong(session, dialect, { breaks, ...options });
  const scopes = await scopesOf(session, dialect, { breaks, ...options });
  const found = breaks.map((broken) => ({ broken, target: targetOf(options, broken, { views, stale, scopes }) }));
  const targets = found.flatMap(({ target }) => (typeof target === "string" ? [] : [target]));
  const requests: HealRequest[] = [];
  for (const [group, own] of grouped(targets, (target) => target.group.name)) {
    requests.push(await requestOf(session, dialect, { group, targets: own, ...options }));
  }
  return {
    requests,
    healing: targets.map(({ broken }) => broken),
    notHealed: found.flatMap(({ broken, target }) => (typeof target === "string" ? [{ broken, why: target }] : [])),
  };
}
