import { Failure } from "../../kernel/problem.ts";
import type { PagePacks } from "../pages/page-packs.ts";
import { pageNoJson } from "../pages/problems.ts";
import type { Answer, StripeApi } from "./api.ts";
import type { Listed, Nested } from "./coverage.ts";
import { type Place, type Positions, readPositions } from "./positions.ts";
import { answerRefusedBecause, listUnsteady, listWithoutEnd, otherMode } from "./problems.ts";

/** What the reading of one kind of object works with. */
export interface Gathering {
  readonly api: StripeApi;
  readonly source: string;
  /** What problems and files call the objects: `invoices`. */
  readonly name: string;
  readonly line: Listed;
  /** Kinds that stand inside the objects and are wanted. */
  readonly nested: readonly Nested[];
  readonly packs: PagePacks;
  readonly positions: Positions;
  /** Told of every object that is read, with those inside it. */
  readonly onObject: (object: StripeObject) => void;
  /** True for an object of which nothing is taken, since it was read before. */
  readonly isTaken?: (object: StripeObject) => boolean;
  /** The parameter of the list whose object may be gone: nothing is in it then. */
  readonly mayLack?: string;
  /** Told of an object that went while it was read; nothing of it is taken. */
  readonly onGone: (id: string) => void;
  readonly onBytes: (bytes: number) => void;
}

/** A gathering that has read nothing. */
export function gather(of: Omit<Gathering, "positions">): Gathering {
  return { ...of, positions: readPositions() };
}

/** An object as far as reading it goes; all else is the deriver's. */
export interface StripeObject {
  readonly id: string;
  /** Seconds since 1970; null where it has none. */
  readonly created: number | null;
  readonly isDeleted: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A page of a list. `isLost`: the object that it was to begin behind is gone. */
export interface ListPage {
  readonly objects: readonly StripeObject[];
  readonly hasMore: boolean;
  readonly isLost: boolean;
}

type Query = Readonly<Record<string, string>>;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === "object" && !Array.isArray(value);

function objectOf(body: unknown, { source, name, api }: Gathering): StripeObject {
  if (!isObject(body) || typeof body["id"] !== "string") throw new Failure("incomplete", pageNoJson(source, name));
  const { id, created, livemode } = body;
  if (typeof livemode === "boolean" && livemode !== api.identity.livemode) throw new Failure("incomplete", otherMode(source));
  return { id, created: typeof created === "number" ? created : null, isDeleted: body["deleted"] === true, body };
}

/** The members of a page of a list, wherever it stands. */
export function listOf(body: unknown, of: Gathering): { data: readonly unknown[]; hasMore: boolean } {
  const data = isObject(body) ? body["data"] : undefined;
  const hasMore = isObject(body) ? body["has_more"] : undefined;
  if (!Array.isArray(data) || typeof hasMore !== "boolean") throw new Failure("incomplete", pageNoJson(of.source, of.name));
  if (hasMore && data.length === 0) throw new Failure("incomplete", listWithoutEnd({ source: of.source, name: of.name }));
  return { data, hasMore };
}

async function keep(of: Gathering, { page }: Answer): Promise<number> {
  const number = await of.packs.add(page);
  of.onBytes(page.body.length);
  return number;
}

const LIMIT = "100";
const TRIES = 5;

/** The parameter of which a refusal says that the object it names is not there; null for every other answer. */
function lackingOf({ code, body }: Answer): string | null {
  const error = isObject(body) ? body["error"] : undefined;
  return code === "resource_missing" && isObject(error) && typeof error["param"] === "string" ? error["param"] : null;
}

const CURSOR = "starting_after";

const isCursorLost = (answer: Answer) => lackingOf(answer) === CURSOR;

/** Asks for a page; `accepts` 404 where what its address names may be gone. What the cursor, or `mayLack`, names may be gone too. */
async function askList(of: Gathering, asked: { path: string; query: Query; accepts?: readonly number[] }): Promise<Answer> {
  const name = `list ${of.name}`;
  const { accepts = [], query } = asked;
  const lackable = [...(CURSOR in query ? [CURSOR] : []), ...(of.mayLack === undefined ? [] : [of.mayLack])];
  const refusals = [...(lackable.length === 0 ? [] : [400]), ...(of.mayLack === undefined ? [] : [404])];
  const answer = await of.api.ask({
    ...{ name, path: asked.path, query: { limit: LIMIT, ...query } },
    accepts: [...accepts, ...refusals],
  });
  const { status } = answer.page;
  const isRefused = refusals.includes(status) && !accepts.includes(status);
  if (isRefused && !lackable.includes(lackingOf(answer) ?? "")) {
    throw new Failure("incomplete", answerRefusedBecause({ source: of.source, name, code: answer.code ?? "" }));
  }
  return answer;
}

/** Why the reading of a list inside an object ended before its end. */
type Broken = "gone" | "lost";

/** Reads the list inside an object from its beginning to its end. */
async function readRestOnce(of: Gathering, nested: Nested, parent: string): Promise<Broken | null> {
  const { path, query } = nested.rest(parent);
  let behind: Query = {};
  for (;;) {
    const answer = await askList(of, { path, query: { ...query, ...behind }, accepts: [404] });
    if (answer.page.status === 404) return "gone";
    if (isCursorLost(answer)) return "lost";
    await keep(of, answer);
    const { data, hasMore } = listOf(answer.body, of);
    if (!hasMore) return null;
    behind = { starting_after: objectOf(data.at(-1), of).id };
  }
}

/** The pages of a list inside an object, read anew where it changes meanwhile; null where the object is gone. */
async function readRest(of: Gathering, nested: Nested, parent: string): Promise<readonly [number, number] | null> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const first = of.packs.count() + 1;
    const broken = await readRestOnce(of, nested, parent).catch((error: unknown) => {
      of.positions.drop([first, of.packs.count()]);
      throw error;
    });
    const pages = [first, of.packs.count()] as const;
    if (broken === null) return pages;
    of.positions.drop(pages);
    if (broken === "gone") return null;
  }
  throw new Failure("incomplete", listUnsteady({ source: of.source, name: of.name, times: TRIES }));
}

/** The list inside an object where it says that it goes on. */
function goesOn({ body }: StripeObject, { inside }: Nested): boolean {
  const list = body[inside.slice(1)];
  return isObject(list) && list["has_more"] === true;
}

/** The pages on which the lists inside an object go on. `isGone`: they are no more. */
async function readInside(of: Gathering, object: StripeObject): Promise<Pick<Place, "rest"> & { isGone: boolean }> {
  let rest: Place["rest"] = null;
  for (const nested of of.nested.filter((kind) => goesOn(object, kind))) {
    const pages: Place["rest"] = await readRest(of, nested, object.id);
    if (pages === null) return { rest, isGone: true };
    rest = [rest?.[0] ?? pages[0], pages[1]];
  }
  return { rest, isGone: false };
}

/**
 * Keeps an answer with one object or a page of them, and what goes on inside them. Where that cannot be read to its end, nothing counts of
 * the object, nor of those behind it on the page.
 */
export async function takeObjects(of: Gathering, answer: Answer, bodies: readonly unknown[]): Promise<readonly StripeObject[]> {
  const page = await keep(of, answer);
  const objects = bodies.map((body) => objectOf(body, of));
  const positionOf = (i: number) => `${page}/${i + 1}`;
  for (const [i, object] of objects.entries()) {
    if (of.isTaken?.(object)) {
      of.positions.overrule({ position: positionOf(i), rest: null });
      continue;
    }
    const { rest, isGone } = await readInside(of, object).catch((error: unknown) => {
      for (let left = i; left < objects.length; left += 1) of.positions.overrule({ position: positionOf(left), rest: null });
      throw error;
    });
    const place = { position: positionOf(i), rest };
    if (isGone) {
      of.positions.overrule(place);
      of.onGone(object.id);
    } else {
      of.positions.take(object.id, place);
      of.onObject(object);
    }
  }
  return objects;
}

/** A page of the objects' own list. */
export async function takePage(of: Gathering, query: Query): Promise<ListPage> {
  const answer = await askList(of, { path: of.line.path, query: { ...of.line.query, ...query } });
  const lacking = lackingOf(answer);
  if (lacking !== null) return { objects: [], hasMore: false, isLost: lacking === CURSOR };
  const { data, hasMore } = listOf(answer.body, of);
  return { objects: await takeObjects(of, answer, data), hasMore, isLost: false };
}

/** A page of the list that is looked at and kept only if it has an object that nobody has read. */
export async function lookAtPage(of: Gathering, query: Query): Promise<{ isNew: boolean; page: ListPage }> {
  const answer = await askList(of, { path: of.line.path, query: { ...of.line.query, ...query } });
  if (isCursorLost(answer)) return { isNew: false, page: { objects: [], hasMore: false, isLost: true } };
  const { data, hasMore } = listOf(answer.body, of);
  const isNew = data.some((body) => !of.positions.isKnown(objectOf(body, of).id));
  const objects = isNew ? await takeObjects(of, answer, data) : [];
  return { isNew, page: { objects, hasMore, isLost: false } };
}
