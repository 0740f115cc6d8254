import { Failure } from "../../kernel/problem.ts";
import { type Gathering, type StripeObject, takeObjects, takePage } from "./gathering.ts";
import { tooManyForbidden } from "./problems.ts";
import { readDown } from "./read-down.ts";

/** What became of objects that were asked for by their ids. */
export interface Refetched {
  /** Objects of which the API says that they are deleted. */
  readonly deleted: Set<string>;
  /** Objects that are not there, and nobody says why. */
  readonly missing: Set<string>;
  /** Objects that the key may not see. */
  readonly forbidden: Set<string>;
  /** Objects of which another one was given. */
  readonly other: Set<string>;
  /** Objects that were read or asked for in this extract: none is asked for twice. */
  readonly done: Set<string>;
}

export const nothingRefetched = (): Refetched => ({
  deleted: new Set(),
  missing: new Set(),
  forbidden: new Set(),
  other: new Set(),
  done: new Set(),
});

/** An object that changed, and when it was created; null where nobody says. */
export interface Changed {
  readonly id: string;
  readonly created: number | null;
}

const FORBIDDEN = 403;
const NOT_FOUND = 404;
/** More objects than this that a key may not see are no exceptions. */
const FEW = 10;

/** Asks for one object by its id. */
async function readOne(of: Gathering, id: string, found: Refetched): Promise<void> {
  const path = `${of.line.path}/${encodeURIComponent(id)}`;
  const answer = await of.api.ask({ name: `read one of ${of.name}`, path, accepts: [FORBIDDEN, NOT_FOUND] });
  const { status } = answer.page;
  const isShown = status !== NOT_FOUND && status !== FORBIDDEN;
  const [object] = await takeObjects(of, answer, isShown ? [answer.body] : []);
  // What is in it could be read to its end: only then nobody need ask for it again.
  found.done.add(id);
  if (status === NOT_FOUND) found.missing.add(id);
  if (status === FORBIDDEN) found.forbidden.add(id);
  if (object?.isDeleted) found.deleted.add(id);
  if (object && object.id !== id) found.other.add(id);
  const objects = found.forbidden.size;
  if (objects > FEW) throw new Failure("incomplete", tooManyForbidden({ source: of.source, name: of.name, objects }));
}

/**
 * Reads changed objects as they are now. A page of their list costs as much as one of them, so where two or more stand where a page
 * would reach, by how densely the list was seen to be, the page is read; it brings others that did not change.
 */
export async function readChanged(of: Gathering, changed: readonly Changed[], found: Refetched): Promise<void> {
  const isLeft = ({ id }: Changed) => !found.done.has(id);
  const dated = changed.filter(isDated).sort((a, b) => b.created - a.created);
  const from = dated.at(-1)?.created ?? 0;
  /** Seconds that a page reaches back; unknown before the first. */
  let reach = Number.POSITIVE_INFINITY;
  for (const [i, object] of dated.entries()) {
    if (!isLeft(object)) continue;
    const next = firstFrom(dated, i + 1, isLeft);
    if (next && next.created >= object.created - reach) reach = await readPage(of, { from, to: object.created }, found);
    // A tie of more than a page, or an object that its list does not show.
    if (isLeft(object)) await readOne(of, object.id, found);
  }
  for (const object of changed.filter(isLeft)) await readOne(of, object.id, found);
}

/** The first item from an index on that fits; a list of many is not copied for it. */
function firstFrom<T>(items: readonly T[], index: number, fits: (item: T) => boolean): T | undefined {
  for (let i = index; i < items.length; i += 1) {
    const item = items[i] as T;
    if (fits(item)) return item;
  }
  return undefined;
}

const isDated = (object: Changed): object is Changed & { readonly created: number } => object.created !== null;

/** @returns the seconds that the page reached back. */
async function readPage(of: Gathering, { from, to }: { from: number; to: number }, found: Refetched): Promise<number> {
  const { objects } = await takePage(of, { "created[gte]": String(from), "created[lte]": String(to) });
  for (const { id } of objects) found.done.add(id);
  const last = objects.at(-1)?.created ?? from;
  return to - last;
}

/** What an event is about, and its type: `invoice.voided`. */
interface Told {
  readonly id: string;
  readonly type: string;
}

/**
 * Reads the objects that change with others, of which alone there are events: each list is read to its end, and nothing is taken of an
 * object that `isTaken`.
 */
export async function readBesides(
  of: Gathering,
  touches: readonly Told[],
  isTaken: (object: StripeObject) => boolean,
): Promise<void> {
  const { besides } = of.line;
  if (besides === null) return;
  const others = new Set(touches.filter(({ type }) => besides.toldBy.includes(type)).map(({ id }) => id));
  for (const other of others) {
    const query = { ...of.line.query, [besides.by]: other };
    const listing: Gathering = { ...of, line: { ...of.line, query }, mayLack: besides.by, isTaken };
    await readDown(listing, { from: null, before: Number.POSITIVE_INFINITY }, { mayStop: () => false });
  }
}
