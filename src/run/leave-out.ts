import { ancestorsOf } from "../config/foreign-keys.ts";
import type { Feed } from "../config/pipeline.ts";
import { ageText } from "../kernel/age.ts";
import { formatInstant } from "../kernel/window.ts";
import { type Gate, gate, gateLabel, stops } from "../publish/gate.ts";
import type { RunTools } from "./engine.ts";
import { readsOf, windowOf } from "./request.ts";
import type { Run } from "./run.ts";
import type { Audited, Begun, Landed } from "./stages.ts";

/**
 * Optional feeds of a run that fail a gate of their own, with those gates. Of two of which one refers to the other only the parent
 * is named: without it the child's rows may pass. For the same reason a required feed that fails too does not count here.
 */
function failingAlone({ engine: { pipeline }, request }: Run<RunTools>, { gates, feeds }: Audited): Map<Feed, Gate[]> {
  if (readsOf(request) === null || request.kind === "heal") return new Map();
  const failing = new Map<Feed, Gate[]>();
  const isFailing = (id: string) => [...failing.keys()].some((feed) => feed.id === id);
  for (const feed of feeds.filter((f) => !f.required)) {
    const own = gates.filter((g) => g.feed === feed.id && stops(g));
    if (own.length > 0 && ![...ancestorsOf(pipeline.feeds, feed)].some(isFailing)) failing.set(feed, own);
  }
  return failing;
}

/** Why an optional feed is not read. */
export function unreadGate(feed: string, why: string): Gate {
  return gate("source", { feed }, { holds: false, observed: why, limit: "optional feed" });
}

/** As of when the published rows of a feed are, and how long before the end of the run's window that is; before its start, where it has none. */
function standingText({ request, startedAt }: Run<RunTools>, { head }: Begun, feed: string): string {
  const asOf = head.horizons.get(feed)?.asOf;
  if (!asOf) return "";
  const [at, window] = [new Date(asOf), windowOf(request)];
  const before = window ? `${ageText(at, window.end)} before the end of the window` : `${ageText(at, startedAt)} ago`;
  return `, as of ${formatInstant(at)}, ${before}`;
}

/** How old the published rows of a feed are that a run goes on without. */
export function staleGate(run: Run<RunTools>, begun: Begun, feed: string): Gate {
  const last = begun.head.cursors.get(feed);
  const observed = last
    ? `left out; last published as ${run.group.name}-${last.number}${standingText(run, begun, feed)}`
    : "left out; never published";
  return gate("stale", { feed }, { holds: false, observed, limit: "optional feed" });
}

/** What helps where one part of a feed keeps the others out: somebody may leave it. Nothing for a feed that has no parts. */
function wayOut({ id, parts }: Feed): string[] {
  if (parts === undefined) return [];
  return [
    `\`ledgerloop files --feed ${id}\` lists what is there and not published, \`ledgerloop files reject PATH --reason "…"\` leaves a file out, \`ledgerloop plan\` says what the next run would take`,
  ];
}

/**
 * What a run goes on with when optional feeds fail gates of their own: their batches stay landed as evidence and are judged no
 * more, and warnings say why.
 * @returns null where there is nothing to leave out.
 */
export function withoutFailing(run: Run<RunTools>, landed: Landed, audited: Audited): Landed | null {
  const failing = failingAlone(run, audited);
  if (failing.size === 0) return null;
  const warnings = [...failing].flatMap(([feed, gates]) => {
    const why = gates.map((g) => `${gateLabel(g)}: ${g.observed} (limit: ${g.limit})`);
    const told = { holds: false, observed: [...why, ...wayOut(feed)].join("; "), limit: "optional feed" };
    return [gate("left_out", { feed: feed.id }, told), staleGate(run, landed, feed.id)];
  });
  const ids = new Set([...failing.keys()].map(({ id }) => id));
  return {
    ...landed,
    feeds: landed.feeds.filter((feed) => !ids.has(feed.id)),
    batches: landed.batches.filter((batch) => !ids.has(batch.manifest.extract.feed)),
    leftOut: [...landed.leftOut, ...ids],
    gates: [...landed.gates, ...warnings],
  };
}
