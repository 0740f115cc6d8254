import type { Kind } from "../kinds.ts";
import type { Store, Stored } from "../store.ts";
import type { Asked } from "./asked.ts";
import type { Range } from "./filters.ts";

/** More than a page can have, so that what comes after a page is known too. */
const ENOUGH = 101;

/** What is looked for, and by whom. */
export interface Scan {
  readonly kind: Kind;
  readonly range: Range;
  readonly stands: (stored: Stored) => boolean;
}

/** The instant behind which nothing of the page lies: the cursor's second, unless the page before is wanted once more. */
function bound(store: Store, { params, again }: Asked, to: number): number {
  const after = params["starting_after"];
  const cursor = typeof after === "string" && !again ? store.find(after) : undefined;
  return cursor ? Math.min(to, cursor.created + 1) : to;
}

/** The objects of a list, newest first, from somewhere before the page that is asked for to somewhere after it. */
export function aroundPage(asked: Asked, { kind, range, stands }: Scan): Stored[] {
  const { store } = asked.account;
  const objects = store.between(kind, range.from, bound(store, asked, range.to));
  const { starting_after: after, ending_before: before } = asked.params;
  const cursor = after ?? before;
  const found: Stored[] = [];
  let wanted = cursor === undefined ? ENOUGH : Number.POSITIVE_INFINITY;
  for (let at = objects.length - 1; at >= 0 && wanted > 0; at--) {
    const object = objects[at];
    if (!object || !stands(object)) continue;
    found.push(object);
    wanted = object.id === cursor ? ENOUGH : wanted - 1;
  }
  return found;
}
