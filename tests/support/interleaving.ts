import { type Random, seededRandom } from "../../sandbox/random.ts";
import type { Clock } from "../../src/kernel/clock.ts";
import { requestCancel } from "../../src/store/operations/request-cancel.ts";
import type { Warehouse } from "../../src/warehouse/warehouse.ts";
import { type CrashSite, expireLeases, openCopy, type StateCopy } from "./crashing.ts";
import { type Around, aroundObjects, aroundStore, aroundWarehouse } from "./fuse.ts";
import type { Published } from "./published.ts";

/** What several runs of one hour, their calls interleaved by a seed, came to. */
export interface Interleaved {
  /** How each attempt of each run ended: an outcome, an exit code of a failure, or `crashed`. */
  readonly endings: readonly string[];
  /** What readers saw on the way and at the end. */
  readonly seen: readonly Published[];
  /** What stood there after the command was repeated. */
  readonly after: Published;
  /** The calls in the order in which they went on, for whoever looks for the cause. */
  readonly trace: readonly string[];
}

class Crash extends Error {}

interface Actor {
  readonly name: string;
  readonly crashesAt: number;
  runId: string | null;
  calls: number;
  frozenUntil: number;
  dead: boolean;
  ended: boolean;
}

interface Waiting {
  readonly actor: Actor;
  readonly what: string;
  readonly can: () => boolean;
  readonly go: () => void;
}

const MAX_STEPS = 5_000;
const MAX_ATTEMPTS = 4;
/** A run by itself takes about 120 steps. */
const PAUSE_STEPS = 100;

/** Lets one call at a time go on, chosen by the seed, whenever every live run waits for its turn. */
class Scheduler {
  readonly trace: string[] = [];
  private waiting: Waiting[] = [];
  private underWay = 0;
  private last: Actor | null = null;
  private changed: () => void = () => undefined;
  private readonly random: Random;
  private readonly actors: readonly Actor[];
  private readonly sticky: number;

  constructor(random: Random, actors: readonly Actor[]) {
    this.random = random;
    this.actors = actors;
    this.sticky = random.pick([0, 0.5, 0.9, 0.98]);
  }

  /** Waits for a turn; throws when the run has crashed by then. */
  async turn(actor: Actor, what: string, can: () => boolean = () => true): Promise<void> {
    if (actor.dead) throw new Crash(actor.name);
    await new Promise<void>((go) => {
      this.waiting.push({ actor, what, can, go });
      this.changed();
    });
    actor.calls += 1;
    if (actor.calls >= actor.crashesAt) actor.dead = true;
    if (actor.dead) throw new Crash(actor.name);
  }

  /** Something around each call of a run. A transaction and a load are no calls of their own: what happens in them is. */
  around(actor: Actor): Around {
    const isCall = (what: string) => what !== "transaction" && !what.startsWith("raw.");
    return {
      before: async (kind, what) => {
        await this.turn(actor, `${kind} ${what}`);
        if (isCall(what)) this.underWay += 1;
      },
      after: (_, what) => {
        if (isCall(what)) this.underWay -= 1;
        this.changed();
      },
      failed: (_, what) => {
        if (isCall(what)) this.underWay -= 1;
        this.changed();
      },
    };
  }

  /** Lets a run wait for up to so many steps, unless no other can go on. */
  freeze(actor: Actor, atMost: number): void {
    actor.frozenUntil = this.trace.length + this.random.int(0, atMost);
  }

  ended(actor: Actor): void {
    actor.ended = true;
    this.changed();
  }

  private isQuiet(): boolean {
    return this.underWay === 0 && this.actors.every((a) => a.ended || this.waiting.some((w) => w.actor === a));
  }

  private choose(step: number): Waiting {
    const able = this.waiting.filter((w) => w.can());
    const awake = able.filter((w) => w.actor.frozenUntil <= step);
    const from = awake.length > 0 ? awake : able;
    const again = from.filter((w) => w.actor === this.last);
    return this.random.pick(again.length > 0 && this.random.chance(this.sticky) ? again : from);
  }

  /** Goes on until all runs have ended; `between` is called before each step. */
  async play(between: (step: number) => Promise<void>): Promise<void> {
    for (let step = 0; step < MAX_STEPS; step += 1) {
      while (!this.isQuiet()) {
        await new Promise<void>((resolve) => {
          this.changed = resolve;
          if (this.isQuiet()) resolve();
        });
      }
      if (this.actors.every((a) => a.ended)) return;
      await between(step);
      const next = this.choose(step);
      this.waiting = this.waiting.filter((w) => w !== next);
      this.last = next.actor;
      this.trace.push(`${next.actor.name} ${next.what}`);
      next.go();
      // Its call begins, or it ends, before anything else is chosen.
      await new Promise(setImmediate);
    }
    throw new Error(`the runs do not come to an end:\n${this.trace.slice(-50).join("\n")}`);
  }
}

/** A warehouse that one run at a time has open, as between processes: the others wait for its lock. */
function takingTurns(
  warehouse: Warehouse,
  lock: { holder: Actor | null },
  on: { actor: Actor; scheduler: Scheduler },
): Warehouse {
  const { actor, scheduler } = on;
  return {
    dialect: warehouse.dialect,
    open: async (options) => {
      await scheduler.turn(actor, `open for ${options.purpose}`, () => lock.holder === null);
      lock.holder = actor;
      const session = await warehouse.open(options);
      return {
        ...session,
        close: async () => {
          await session.close();
          if (lock.holder === actor) lock.holder = null;
        },
      };
    },
  };
}

/** A clock that jumps by hours, forward and back. */
function jumpingClock(random: Random): Clock {
  return { now: () => new Date(Date.now() + random.int(-6, 6) * 3_600_000) };
}

function newActors(random: Random): Actor[] {
  const crashing = random.chance(0.5) ? random.int(0, 1) : -1;
  return ["a", "b", "c"].slice(0, random.int(2, 3)).map((name, i) => ({
    name,
    crashesAt: i === crashing ? random.int(1, 130) : Number.POSITIVE_INFINITY,
    runId: null,
    calls: 0,
    frozenUntil: 0,
    dead: false,
    ended: false,
  }));
}

interface Context {
  readonly site: CrashSite;
  readonly place: StateCopy;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly lock: { holder: Actor | null };
}

async function runAs(actor: Actor, context: Context): Promise<string> {
  const { site, place, scheduler, clock, lock } = context;
  const { house } = site;
  const around = scheduler.around(actor);
  try {
    const { report, failure } = await house.run(
      { window: site.hour.window },
      {
        clock,
        warehouse: aroundWarehouse(takingTurns(place.engine.warehouse, lock, { actor, scheduler }), around),
        store: aroundStore(house.store, around),
        objects: aroundObjects(place.engine.objects, around),
        emit: (event) => {
          if (event.event === "run-started") actor.runId = event.runId;
        },
      },
    );
    return report ? report.outcome : `exit ${failure.exitCode}`;
  } catch (error) {
    if (error instanceof Crash) return "crashed";
    throw error;
  }
}

/** Repeats the run while it may succeed later, as whatever starts it would. */
async function persist(actor: Actor, context: Context): Promise<string[]> {
  const { scheduler } = context;
  const endings: string[] = [];
  try {
    while (endings.length < MAX_ATTEMPTS) {
      const ending = await runAs(actor, context);
      endings.push(ending);
      if (ending !== "exit 40" && ending !== "exit 30") break;
      scheduler.freeze(actor, PAUSE_STEPS);
    }
    return endings;
  } finally {
    scheduler.ended(actor);
  }
}

/** Runs one hour several times at once, with pauses beyond leases, jumping clocks, a crash and a cancel request by seed, then repeats it. */
export async function interleave(site: CrashSite, seed: number): Promise<Interleaved> {
  const random = seededRandom(seed);
  const { house } = site;
  using place = await openCopy(site);
  await expireLeases(house);
  const actors = newActors(random);
  const scheduler = new Scheduler(random, actors);
  const lock = { holder: null as Actor | null };
  const clock = jumpingClock(random);
  const cancelAt = random.chance(0.3) ? random.int(10, 300) : -1;
  const seen: Published[] = [];
  const between = async (step: number) => {
    if (random.chance(0.04)) await expireLeases(house);
    if (random.chance(0.01)) scheduler.freeze(random.pick(actors), PAUSE_STEPS);
    const cancelled = random.pick(actors).runId;
    if (step === cancelAt && cancelled) await requestCancel(house.store, cancelled, "tester");
    if (lock.holder === null && random.chance(0.02)) seen.push(await place.published());
  };
  const runs = actors.map((actor) => persist(actor, { site, place, scheduler, clock, lock }));
  const [endings] = await Promise.all([Promise.all(runs), scheduler.play(between)]);
  seen.push(await place.published());
  for (let i = 0; i < 3; i += 1) {
    await expireLeases(house);
    const { report } = await house.run({ window: site.hour.window }, place.engine);
    if (report?.exit_code === 0) break;
  }
  return { endings: endings.flat(), seen, after: await place.published(), trace: scheduler.trace };
}
