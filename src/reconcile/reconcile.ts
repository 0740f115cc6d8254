import { grouped } from "../kernel/grouped.ts";
import { Failure } from "../kernel/problem.ts";
import { readNumbers } from "../ledger/fence.ts";
import { readCursors } from "../ledger/head.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { comparisonsOf } from "./comparisons.ts";
import type { Tier } from "./extent.ts";
import { reasonOf } from "./found.ts";
import { keepProofs } from "./keep-proofs.ts";
import { notedSession, takeNotes } from "./noted.ts";
import { planNight, type Task } from "./plan-night.ts";
import { nothingPublished } from "./problems.ts";
import { type MadeProof, notMade, type Proof } from "./proof.ts";
import { type ProvenGroup, proveSubject, refuseUnready } from "./prove.ts";
import {
  type Beside,
  type PublishedFeed,
  type ReadOptions,
  readContents,
  readSums,
  removeContents,
  UNASKED,
} from "./source-contents.ts";
import { type ProveScope, type Subject, subjectName } from "./subjects.ts";
import type { ProvingTools } from "./tools.ts";

export interface ReconcileOptions extends Omit<ProveScope, "pipeline"> {
  readonly signal: AbortSignal;
  /** How what is compared is chosen. */
  readonly tiers: ReadonlySet<Tier>;
  /** Told the proofs of a feed or table as soon as they are made and kept. */
  readonly tell: (proof: Proof) => void;
  /** Append what came of it to the ledger, subject by subject, and why it was made; null for nothing. */
  readonly keep: { readonly reason: string | null } | null;
  /** Told how much of a feed's content has been read of its source. */
  readonly onRead: (feed: string, bytes: number) => void;
  /** Begin with what was compared the longest ago, and begin nothing after so many seconds; null for everything, in the pipeline's order. */
  readonly budget: number | null;
  /** Compare this and nothing else, whatever is due. */
  readonly task?: Task;
}

/** What came of a comparison. */
export interface Reconciled {
  readonly groups: readonly ProvenGroup[];
  /** Feeds and tables that the budget did not reach. */
  readonly notReached: readonly string[];
}

/** Asked of the warehouse at the end, while the work tables of the last comparison are there. */
export type AskCompared<T> = (session: Session, dialect: Dialect, found: Reconciled) => Promise<T>;

/** The warehouse, held while it is needed: not while sources are read, nor from one comparison to the next. */
interface Held {
  /** A session that may write. */
  get(): Promise<Session>;
  /** Work in a session that only reads. */
  look<T>(work: (session: Session) => Promise<T>): Promise<T>;
  free(): Promise<void>;
}

function held({ warehouse }: ProvingTools, signal: AbortSignal): Held {
  let session: Session | null = null;
  const free = async () => {
    const open = session;
    session = null;
    await open?.close();
  };
  return {
    get: async () => {
      session ??= await warehouse.open({ purpose: "reconcile", readOnly: false, signal });
      return session;
    },
    look: async (work) => {
      await free();
      const looking = await warehouse.open({ purpose: "reconcile", readOnly: true, signal });
      try {
        return await work(looking);
      } finally {
        await looking.close();
      }
    },
    free,
  };
}

/** A feed as it stands before its source is read; null where nothing of its group is published. */
async function publishedFeed(
  session: Session,
  dialect: Dialect,
  { group, feed }: Extract<Subject, { feed: unknown }>,
): Promise<PublishedFeed | null> {
  const { head } = await readNumbers(session, dialect, group.name);
  if (head === 0n) return null;
  const { cursors } = await readCursors(session, dialect, { group: group.name, feeds: [feed] });
  return { feed, head, cursor: cursors.get(feed.id) ?? null };
}

/** One comparison of those that a night makes. */
interface Comparing extends ReconcileOptions, Task {
  readonly warehouse: Held;
  /** Of the whole night. */
  readonly id: string;
  /** Counts the readings of sources. */
  readonly readings: { count: number };
  /** What cannot be read now, and may be readable later, has its turn again at the end of the night. */
  readonly mayPostpone: boolean;
}

/** A source could not be read, which may be otherwise later: a standby is behind, a statement took too long, a connection broke. */
interface Postponed {
  readonly why: string;
}

/** What is compared at the end of a night, and why it was not before. */
interface PostponedTask extends Postponed {
  readonly task: Task;
}

/** What there is of a subject's source, read while the warehouse is free. */
async function besideOf(tools: ProvingTools, of: Comparing & ReadOptions): Promise<Beside> {
  const { warehouse, subject, chosen, bySums, ...options } = of;
  if (!("feed" in subject && options.legs.has("R1"))) return UNASKED;
  const { extent } = chosen;
  if (!tools.hasContents(subject.feed)) return { by: "landing", extent };
  const published = await warehouse.look((session) => publishedFeed(session, tools.warehouse.dialect, subject));
  if (published === null) return UNASKED;
  if (bySums && extent.by === "stretches") return readSums(tools, published, { ...options, of: extent.of });
  return readContents(tools, published, { ...options, extent });
}

/** Times that a comparison is made in the course of which its group publishes. */
const TRIES = 3;

const isOvertaken = (error: unknown) =>
  error instanceof Failure && error.problems.some(({ code }) => code === "reconcile.published_meanwhile");

/** Every comparison of a subject, not made, and why: so it is no longer the one that is due first. */
async function noneMade(tools: ProvingTools, { subject, legs, chosen, warehouse }: Comparing, why: string): Promise<ProvenGroup> {
  const group = subject.group.name;
  const { head } = await readNumbers(await warehouse.get(), tools.warehouse.dialect, group);
  const proofs = comparisonsOf(subject, tools.hasContents)
    .filter(({ leg }) => legs.has(leg))
    .map((of): MadeProof => ({ ...notMade(of, why), chosen }));
  return { group, number: head, proofs };
}

/** What came of a comparison; null where nothing of its group is published. */
type Came = ProvenGroup | Postponed | null;

const isPostponed = (came: Came): came is Postponed => came !== null && "why" in came;

/** Compares a subject, and takes away what was read for it. */
async function provenOnce(tools: ProvingTools, of: Comparing): Promise<Came> {
  const { warehouse, subject, id, legs, chosen, bySums, readings } = of;
  const { pipeline } = tools;
  const lands = "feed" in subject && legs.has("R1") && !bySums && tools.hasContents(subject.feed);
  readings.count += 1;
  const folder = { id, nth: readings.count };
  const notes = takeNotes();
  try {
    const beside = await besideOf(tools, { ...of, ...folder, onStatement: notes.note });
    const session = notedSession(await warehouse.get(), notes);
    const found = await proveSubject(session, tools.warehouse.dialect, { pipeline, legs, tools, id, chosen, beside, subject });
    const why = found?.proofs.find(({ later }) => later === true)?.notProven;
    if (of.mayPostpone && why) return { why };
    const statements = notes.told();
    return found && { ...found, proofs: found.proofs.map((proof) => ({ ...proof, statements })) };
  } finally {
    if (lands) await removeContents(tools, subject.feed, folder);
  }
}

/** The same, again where its group published meanwhile. */
async function proven(tools: ProvingTools, of: Comparing): Promise<Came> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await provenOnce(tools, of);
    } catch (error) {
      if (!isOvertaken(error)) throw error;
      if (tried < TRIES) continue;
      return noneMade(tools, of, reasonOf(error));
    }
  }
}

/** Stretches in which rows and money are not the same on both sides. */
const suspectsOf = ({ proofs }: ProvenGroup) => proofs.flatMap(({ suspects }) => suspects ?? []);

/** Compares a subject and keeps what came of it; what rows and money alone make suspect is compared by content instead. */
async function compare(tools: ProvingTools, of: Comparing): Promise<Came> {
  // Whoever waits for the warehouse gets it here, and work tables of the last comparison go.
  await of.warehouse.free();
  const found = await proven(tools, of);
  if (found === null || isPostponed(found)) return found;
  const suspects = suspectsOf(found);
  if (suspects.length > 0) {
    return compare(tools, {
      ...of,
      bySums: false,
      chosen: { ...of.chosen, extent: { ...of.chosen.extent, by: "stretches", of: suspects } },
    });
  }
  return kept(tools, of, found);
}

/** Keeps what came of a comparison, and tells it. */
async function kept(tools: ProvingTools, of: Comparing, found: ProvenGroup): Promise<ProvenGroup> {
  const { warehouse, subject, id, keep, tell, readings } = of;
  let { proofs } = found;
  if (keep) {
    const session = await warehouse.get();
    const name = `${subjectName(subject)}/${readings.count}`;
    proofs = await keepProofs(session, tools.warehouse.dialect, { tools, id, subject: name, found, reason: keep.reason });
  }
  for (const proof of proofs) tell(proof);
  return { ...found, proofs };
}

/** What is compared, in the order in which that is done; refuses a warehouse of which nothing can be said. */
function planned(tools: ProvingTools, options: ReconcileOptions & { began: Date }, warehouse: Held): Promise<Task[]> {
  const { dialect } = tools.warehouse;
  return warehouse.look(async (session) => {
    await refuseUnready(session, dialect, tools.pipeline);
    if (options.task) return [options.task];
    return planNight(session, dialect, { ...options, pipeline: tools.pipeline, hasContents: tools.hasContents });
  });
}

function groupsOf(proven: readonly ProvenGroup[]): ProvenGroup[] {
  return [...grouped(proven, ({ group }) => group)].map(([group, own]) => ({
    group,
    number: own.reduce((newest, { number }) => (number > newest ? number : newest), 0n),
    proofs: own.flatMap(({ proofs }) => proofs),
  }));
}

/** A night on its way. */
interface Night {
  readonly tools: ProvingTools;
  /** Whether its time is over. */
  readonly isOver: () => boolean;
  readonly comparing: (task: Task, mayPostpone: boolean) => Comparing;
  readonly made: ProvenGroup[];
  /** Feeds and tables for which no time was left. */
  readonly notReached: Set<string>;
}

/** Compares what is due, in order. @returns what could not be read, and may be readable later. */
async function firstTurn(
  { tools, isOver, comparing, made, notReached }: Night,
  tasks: readonly Task[],
): Promise<PostponedTask[]> {
  const postponed: PostponedTask[] = [];
  for (const task of tasks) {
    if (isOver()) {
      notReached.add(subjectName(task.subject));
      continue;
    }
    const found = await compare(tools, comparing(task, true));
    if (found === null) continue;
    if (isPostponed(found)) postponed.push({ task, ...found });
    else made.push(found);
  }
  return postponed;
}

/** Compares once more what could not be read; where no time is left for it, that is told. */
async function secondTurn({ tools, isOver, comparing, made }: Night, postponed: readonly PostponedTask[]): Promise<void> {
  for (const { task, why } of postponed) {
    const of = comparing(task, false);
    const found = isOver() ? await kept(tools, of, await noneMade(tools, of, why)) : await compare(tools, of);
    if (found !== null && !isPostponed(found)) made.push(found);
  }
}

/**
 * Compares what is published with its sources and with itself, feed by feed and table by table, each of which is kept as soon as it was
 * compared: a comparison that is broken off loses the one that it was at. The warehouse is free while sources are read and between two
 * comparisons; what is published meanwhile is in flight.
 * @param ask asked at the end, while the work tables of the last comparison are there.
 * @throws Failure `incomplete` where nothing is published or the configuration asks for other tables, `retryable` where the warehouse is held
 * by somebody else.
 */
export async function reconcile<T>(tools: ProvingTools, options: ReconcileOptions, ask: AskCompared<T>): Promise<T> {
  const { clock } = tools;
  const { dialect } = tools.warehouse;
  const warehouse = held(tools, options.signal);
  const id = tools.ids.next("reconcile");
  const began = clock.now();
  const ends = options.budget === null ? Number.POSITIVE_INFINITY : began.getTime() + options.budget * 1000;
  const readings = { count: 0 };
  const night: Night = {
    tools,
    isOver: () => clock.now().getTime() >= ends,
    comparing: (task, mayPostpone) => ({ ...options, ...task, warehouse, id, readings, mayPostpone }),
    made: [],
    notReached: new Set(),
  };
  const { made, notReached } = night;
  try {
    const tasks = await planned(tools, { ...options, began }, warehouse);
    await secondTurn(night, await firstTurn(night, tasks));
    if (tasks.length > 0 && made.length + notReached.size === 0) throw new Failure("incomplete", nothingPublished());
    return await ask(await warehouse.get(), dialect, { groups: groupsOf(made), notReached: [...notReached] });
  } finally {
    await warehouse.free();
  }
}
