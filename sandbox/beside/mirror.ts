import type { Cell, FeedId, Row } from "../feed.ts";
import type { Product } from "../product.ts";

/** How a column reads in the warehouse. Engines print flags, fractions of seconds and zeros behind a point in ways of their own. */
export type Form = "text" | "flag" | "instant" | "decimal";

/** A feed and the columns of it that are looked at. */
export interface MirroredFeed {
  readonly id: FeedId;
  readonly columns: readonly (readonly [name: string, form: Form])[];
}

/** A row of a feed; deleted is one that its system no longer has. */
export interface MirrorRow {
  readonly cells: Row;
  readonly deleted: boolean;
}

/**
 * Rows of a feed, by their ids.
 * @throws Error for a feed of which nothing is expected.
 */
export function rowsOfFeed(rows: ReadonlyMap<FeedId, Map<string, MirrorRow>>, feed: FeedId): Map<string, MirrorRow> {
  const found = rows.get(feed);
  if (!found) throw new Error(`nothing is expected of the feed ${feed}`);
  return found;
}

/** A row that the product has set aside. */
export interface FoundWait {
  readonly feed: FeedId;
  readonly id: string;
  readonly kind: string;
  readonly rules: readonly string[];
}

/** A row that stands in the warehouse, with its key. */
export type KeyedRow = MirrorRow & { readonly id: string };

/** What stands of a system in the warehouse. Lists may have a key twice, which nothing published should. */
export interface Mirror {
  readonly rows: ReadonlyMap<FeedId, readonly KeyedRow[]>;
  readonly waiting: readonly FoundWait[];
  /** Every row that was ever set aside. */
  readonly everWaited: readonly FoundWait[];
}

/** A row of an answer; values as text. */
export type TextRow = Readonly<Record<string, string | null>>;

/** An instant in milliseconds since 1970, as the warehouse prints it, in whole seconds. */
export function instantText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ");
}

/** A number without zeros that say nothing: `12.50` is `12.5`. */
export function decimalText(text: string): string {
  return text.includes(".") ? text.replace(/[.]?0+$/, "") : text;
}

/** A text of the warehouse, or of PostgreSQL, in the one form that expected cells have. */
export function asInWarehouse(form: Form, text: string | null): Cell {
  if (text === null) return null;
  switch (form) {
    case "flag":
      return /^t/i.test(text) ? "true" : "false";
    case "instant":
      return decimalText(text.replace(/[+]00$/, ""));
    case "decimal":
      return decimalText(text);
    default:
      return text;
  }
}

/** Rows of a relation with tombstones in it, all values as text under their names; `_deleted` has a value in these. */
export function selectRows(relation: string, columns: readonly string[], deletedAt: string): string {
  const texts = columns.map((name) => `CAST(${name} AS VARCHAR) AS "${name}"`);
  return `SELECT ${texts.join(", ")}, CAST(${deletedAt} AS VARCHAR) AS _deleted FROM ${relation}__rows`;
}

/** Rows of a feed as they stand in staging. */
export function selectStaged(feed: FeedId, columns: readonly string[]): string {
  return selectRows(`staging.${feed.replace(".", "_")}`, columns, "_deleted_at");
}

/** Cells of a row in their one form. */
export function cellsOf(columns: MirroredFeed["columns"], found: TextRow): Row {
  return Object.fromEntries(columns.map(([name, form]) => [name, asInWarehouse(form, found[name] ?? null)]));
}

const stagingOf = ({ id, columns }: MirroredFeed) =>
  selectStaged(
    id,
    columns.map(([name]) => name),
  );

const waitsIn = (relation: string, feeds: readonly MirroredFeed[]) =>
  `SELECT feed, source_key, kind, reasons FROM ops.${relation} WHERE feed IN (${feeds.map(({ id }) => `'${id}'`).join(", ")})`;

function rowOf({ columns }: MirroredFeed, found: TextRow): KeyedRow {
  const cells = cellsOf(columns, found);
  return { id: cells["id"] ?? "", cells, deleted: (found["_deleted"] ?? null) !== null };
}

function waitOf(found: TextRow): FoundWait {
  const rules = (JSON.parse(found["reasons"] ?? "[]") as string[]).toSorted();
  return { feed: found["feed"] ?? "", id: found["source_key"] ?? "", kind: found["kind"] ?? "", rules };
}

/** Reads what the product has published of a system, whose feeds have the key `id`. */
export async function readMirror(product: Pick<Product, "queries">, feeds: readonly MirroredFeed[]): Promise<Mirror> {
  const waits = ["open_quarantine", "quarantine_row"].map((relation) => waitsIn(relation, feeds));
  const [open = [], ever = [], ...others] = await product.queries([...waits, ...feeds.map(stagingOf)]);
  return {
    rows: new Map(feeds.map((feed, i) => [feed.id, (others[i] ?? []).map((found) => rowOf(feed, found))])),
    waiting: open.map(waitOf),
    everWaited: ever.map(waitOf),
  };
}
