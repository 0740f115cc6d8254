import type { Fault } from "./faults.ts";
import type { Feed } from "./feed.ts";
import type { Product } from "./product.ts";
import { fileUnit, type UnitName } from "./units.ts";

/** A line of the product's file ledger, as far as the scoreboard reads it. */
interface Line {
  readonly state: string;
  readonly of: string | null;
  readonly stopped: { readonly reason: string } | null;
  readonly in_force: { readonly sha256: string } | null;
}

const FAULT_OF_STOP: Readonly<Record<string, Fault>> = {
  manifest: "file_truncated",
  trailer: "wrong_trailer",
  bad_share: "shifted_columns",
};

/** What the ledger's lines of one file say, the oldest first: each time it was stopped, a copy, or came again. */
function foundIn(lines: readonly Line[]): (readonly [what: string, fault: Fault])[] {
  const stops = lines.map(({ stopped }) => stopped?.reason).filter((reason) => reason !== undefined);
  const originals = lines.map(({ of }) => of).filter((of) => of !== null);
  const contents = lines.map(({ in_force: content }) => content?.sha256).filter((content) => content !== undefined);
  const changes = contents.filter((content, i) => i > 0 && content !== contents[i - 1]);
  return [
    ...[...new Set(stops)].map((reason) => [`stopped: ${reason}`, FAULT_OF_STOP[reason] ?? "other"] as const),
    ...[...new Set(originals)].map((of) => [`copy of ${of}`, "file_renamed"] as const),
    ...changes.map(() => ["redelivered", "file_redelivered"] as const),
  ];
}

/** What the product found of the files of one feed. */
export async function foundFiles(product: Product, feed: Feed): Promise<[UnitName, Fault][]> {
  const rows = await product.query(
    `SELECT state_key, state_value FROM ops.adapter_state WHERE feed = '${feed.id}' ORDER BY state_key, number`,
  );
  const lines = new Map<string, Line[]>();
  for (const { state_key: path, state_value: line } of rows)
    lines.set(path ?? "", [...(lines.get(path ?? "") ?? []), JSON.parse(line ?? "{}") as Line]);
  return [...lines].flatMap(([path, of]) =>
    foundIn(of).map(([what, fault]): [UnitName, Fault] => [fileUnit(feed.id, path, what), fault]),
  );
}
