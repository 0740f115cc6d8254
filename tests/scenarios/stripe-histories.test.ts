import fc from "fast-check";
import { expect, test } from "vitest";
import type { FaultName } from "../../sandbox/stripe/faults.ts";
import { DEFAULT_KEY } from "../../sandbox/stripe/start-stripe.ts";
import type { Pipeline } from "../../src/config/pipeline.ts";
import type { Engine } from "../../src/run/engine.ts";
import { cases } from "../support/cases.ts";
import { aroundObjects, aroundWarehouse, atMoment } from "../support/fuse.ts";
import { expectSame } from "../support/same-as-account.ts";
import { openStripeHouse, type StripeHouse, withBudget } from "../support/stripe-house.ts";
import { type Act, DEEDS, liveIn } from "../support/stripe-life.ts";
import { EXPECTED, objectsOf } from "../support/stripe-objects.ts";

/** What goes wrong while a run reads. */
interface Trouble {
  readonly fault: FaultName;
  readonly list: (typeof LISTS)[number];
  readonly after: number;
  readonly times: number;
}

/** A run that is tried. */
interface Run {
  readonly step: "run";
  readonly budget: number | null;
  readonly asks: keyof typeof ASKS;
  readonly troubles: readonly Trouble[];
  /** What happens in the account behind the page of so many that a run reads. */
  readonly meanwhile: readonly { readonly after: number; readonly act: Act }[];
  /** The call of so many at which the process dies; 0 for none. */
  readonly dies: { readonly of: "objects" | "warehouse"; readonly at: number };
}

/** What runs are asked for. */
const ASKS = {
  changes: {},
  full: { full: true, reason: "somebody wants it" },
  nets: { nets: true },
} as const;

/** One step of a history: something happens in the account, time passes, or a run is tried. */
type Step =
  | { readonly step: "act"; readonly acts: readonly Act[] }
  | { readonly step: "pass"; readonly seconds: number }
  | { readonly step: "late"; readonly seconds: number }
  | Run;

const LISTS = ["/v1/", "/v1/customers", "/v1/invoices", "/v1/subscription", "/v1/charges", "/v1/events"] as const;
const NARROW = ["customers", "subscriptions", "subscription_items", "invoices", "invoice_lines"];
const FAULTS = [
  ...(["vanished_cursor", "duplicate_page", "server_error", "cut_body", "rate_limited_burst"] as const),
  "not_found_then_back",
] as const satisfies readonly FaultName[];

const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record<T>(model, { noNullPrototype: true });

const act: fc.Arbitrary<Act> = record({ deed: fc.constantFrom(...DEEDS), nth: fc.nat(400) });
const trouble = record({
  fault: fc.constantFrom(...FAULTS),
  list: fc.constantFrom(...LISTS),
  after: fc.nat(6),
  times: fc.integer({ min: 1, max: 2 }),
});
const run = record({
  step: fc.constant("run" as const),
  budget: fc.oneof(fc.constant(null), fc.integer({ min: 5, max: 50 })),
  asks: fc.constantFrom<keyof typeof ASKS>(...Array<"changes">(7).fill("changes"), "full", "nets", "nets"),
  troubles: fc.array(trouble, { maxLength: 2 }),
  meanwhile: fc.array(record({ after: fc.nat(20), act }), { maxLength: 4 }),
  dies: record({
    of: fc.constantFrom("objects" as const, "warehouse" as const),
    at: fc.oneof({ arbitrary: fc.constant(0), weight: 3 }, fc.integer({ min: 1, max: 60 })),
  }),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: record({ step: fc.constant("act" as const), acts: fc.array(act, { minLength: 3, maxLength: 12 }) }),
    weight: 4,
  },
  {
    arbitrary: record({
      step: fc.constant("pass" as const),
      seconds: fc.constantFrom(0, 1, 59, 299, 301, 601, 3600, 9000, 86_400),
    }),
    weight: 4,
  },
  { arbitrary: record({ step: fc.constant("late" as const), seconds: fc.constantFrom(0, 30, 300) }), weight: 1 },
  { arbitrary: run, weight: 5 },
);

const history = record({
  seed: fc.nat(1_000),
  duplicates: fc.constantFrom(0, 0.5, 1),
  shuffled: fc.boolean(),
  /** Feeds that are declared only after so many steps. */
  later: fc.subarray(["invoice_lines", "subscription_items", "credit_notes", "events"]),
  from: fc.nat(12),
  /** Whether there are only feeds of objects that have others inside them, so that small budgets go far. */
  isNarrow: fc.boolean(),
  /** Whether what there is at first is published before anything else happens. */
  isLoaded: fc.boolean(),
  steps: fc.array(step, { minLength: 6, maxLength: 16 }),
});

/** Gates do not stop what is looked at here. */
function open(pipeline: Pipeline): Pipeline {
  const gates = { validShare: 0, heldShare: 1, vanishedShare: 1, quarantinedMinor: { "*": "1000000000000" } };
  return {
    ...pipeline,
    groups: new Map([...pipeline.groups].map(([id, group]) => [id, { ...group, gates: { ...group.gates, ...gates } }])),
  };
}

function without(names: readonly string[]): (pipeline: Pipeline) => Pipeline {
  const gone = new Set(names.map((name) => `stripe.${name}`));
  const left = (id: string) => !gone.has(id);
  return (pipeline) => ({
    ...pipeline,
    feeds: new Map([...pipeline.feeds].filter(([id]) => left(id))),
    models: gone.has("stripe.charges") ? new Map() : pipeline.models,
    groups: new Map(
      [...pipeline.groups].map(([id, group]) => {
        const models = gone.has("stripe.charges") ? [] : group.models;
        return [id, { ...group, models, feeds: group.feeds.filter(left) }];
      }),
    ),
  });
}

class Died extends Error {}

/** The engine of a process that dies at a call. */
function dyingAt({ house }: StripeHouse, { of, at }: { of: "objects" | "warehouse"; at: number }): Partial<Engine> {
  if (at === 0) return {};
  const fuse = atMoment({ kind: of, at, when: "before" }, () => {
    throw new Died("died");
  });
  const { objects, warehouse } = house.engine;
  return of === "objects" ? { objects: aroundObjects(objects, fuse) } : { warehouse: aroundWarehouse(warehouse, fuse) };
}

/** Why a run may end without a publication: a budget or a service that did not let it; for nets, tables that no run has made yet. */
const EXCUSED = /^(stripe\.(budget|unsteady)|source\.)/;
const EXCUSED_NETS = /^(warehouse\.missing$|run\.not_as_declared$)/;

/** Nothing is taken away that the account still has, not even until the next run. */
async function expectNothingTaken({ house, stripe }: StripeHouse, hidden: readonly string[]): Promise<void> {
  for (const feed of ["customers", "subscription_items", "invoices", "invoice_lines", "charges"]) {
    if (hidden.includes(feed)) continue;
    const taken = await house.query(`select id from staging.stripe_${feed}__rows where _deleted_at is not null`);
    if (taken.length === 0) continue;
    const there = new Set((await objectsOf({ url: stripe.url, key: DEFAULT_KEY }, feed)).map(({ id }) => id));
    expect({ feed, taken: taken.map(({ id }) => String(id)).filter((id) => there.has(id)) }).toEqual({ feed, taken: [] });
  }
}

/** What runs of one history know. */
interface Telling {
  readonly live: (act: Act) => void;
  /** Whether the run before met an object that was not there: one that is not there twice is deleted. */
  hasMissed: boolean;
}

async function tryRun(of: StripeHouse, step: Run, { telling, hidden }: { telling: Telling; hidden: readonly string[] }) {
  const { stripe, house } = of;
  const troubles = step.troubles.filter(({ fault }) => fault !== "not_found_then_back" || !telling.hasMissed);
  telling.hasMissed = troubles.some(({ fault }) => fault === "not_found_then_back");
  for (const { fault, list, ...where } of troubles) stripe.faults.on(fault, { match: list, ...where });
  for (const { after, act: done } of step.meanwhile) {
    stripe.faults.on("page_changed", { after, change: () => telling.live(done) });
  }
  const pipeline = without(hidden)(withBudget(step.budget)(house.engine.pipeline));
  const isExcused = (code: string) => EXCUSED.test(code) || (step.asks === "nets" && EXCUSED_NETS.test(code));
  try {
    const ended = await house.run(ASKS[step.asks], { pipeline, reread: () => pipeline, ...dyingAt(of, step.dies) });
    const codes = ended.failure?.problems.map(({ code }) => code) ?? [];
    const outcome = ended.report?.outcome ?? (codes.every(isExcused) ? "published" : codes.join());
    const fine = step.asks === "nets" && outcome === "nothing_to_do" ? "published" : outcome;
    expect({ outcome: fine, failing: ended.report?.gates.filter(({ verdict }) => verdict === "fail") ?? [] }).toEqual({
      outcome: "published",
      failing: [],
    });
    stripe.faults.off();
    if (ended.report) await expectNothingTaken(of, hidden);
  } catch (error) {
    if (!(error instanceof Died)) throw error;
    await house.store.ask("update ledgerloop.lease set expires_at = clock_timestamp()");
  } finally {
    stripe.faults.off();
  }
}

async function isLoading({ house }: StripeHouse): Promise<boolean> {
  const rows = await house.query(
    "select 1 from ops.feed_horizon where loading_since is not null and number = (select max(number) from ops.feed_horizon)",
  );
  return rows.length > 0;
}

const QUIET: Run = {
  ...{ step: "run", budget: null, asks: "changes", troubles: [], meanwhile: [] },
  dies: { of: "objects", at: 0 },
};

async function play({
  seed,
  duplicates,
  shuffled,
  later,
  from,
  isNarrow,
  isLoaded,
  steps,
}: typeof history extends fc.Arbitrary<infer T> ? T : never) {
  const of = await openStripeHouse({ stripe: { seed, events: { duplicates, shuffled } }, adjust: open });
  await using _ = of;
  const never = isNarrow ? Object.keys(EXPECTED).filter((feed) => !NARROW.includes(feed)) : [];
  const telling: Telling = { live: liveIn(of.stripe), hasMissed: false };
  for (let nth = 0; nth < 10; nth += 1) telling.live({ deed: "bill", nth });
  of.pass(3600);
  if (isLoaded) await tryRun(of, QUIET, { telling, hidden: [...never, ...later] });
  for (const [nth, one] of steps.entries()) {
    const hidden = nth < from ? [...never, ...later] : never;
    if (one.step === "act") for (const done of one.acts) telling.live(done);
    else if (one.step === "pass") of.pass(one.seconds);
    else if (one.step === "late") of.stripe.settings.visibleAfterSeconds = { least: 0, most: one.seconds };
    else await tryRun(of, one, { telling, hidden });
  }
  // What was not there when it was asked for is asked for twice.
  for (let rest = 0; rest < 2 || (rest < 4 && (await isLoading(of))); rest += 1) {
    of.pass(3600);
    await tryRun(of, QUIET, { telling, hidden: never });
  }
  of.stripe.events.duplicates = 0;
  await expectSame(
    of,
    Object.keys(EXPECTED).filter((feed) => !never.includes(feed)),
  );
}

test("whatever happens in an account and to the runs that follow it, staging has at last what the account holds", async () => {
  await fc.assert(fc.asyncProperty(history, play), { numRuns: cases(8), endOnFailure: true });
});
