import { type Gate, gate, gateLabel, stops } from "../publish/gate.ts";
import type { Run, RunTools } from "./run.ts";
import type { Audited, Landed } from "./stages.ts";

/** Optional feeds of a run that fail a gate of their own, with those gates, where nothing else stops the run. */
function failingAlone(run: Run<RunTools>, { gates, feeds }: Audited): Map<string, Gate[]> {
  const optional = new Set(feeds.filter((feed) => !feed.required).map((feed) => feed.id));
  const failing = gates.filter(stops);
  const own = failing.filter((g) => g.feed !== undefined && optional.has(g.feed));
  if (own.length < failing.length || run.request.kind === "replay") return new Map();
  return new Map(
    [...optional].map((id) => [id, own.filter((g) => g.feed === id)] as const).filter(([, found]) => found.length > 0),
  );
}

/**
 * What a run goes on with when optional feeds fail gates of their own: their batches stay landed as evidence and are judged no
 * more, and warnings say why.
 * @returns null where there is nothing to leave out.
 */
export function withoutFailing(run: Run<RunTools>, landed: Landed, audited: Audited): Landed | null {
  const failing = failingAlone(run, audited);
  if (failing.size === 0) return null;
  const warnings = [...failing].map(([feed, gates]) => {
    const observed = gates.map((g) => `${gateLabel(g)}: ${g.observed} (limit: ${g.limit})`).join("; ");
    return gate("left_out", { feed }, { holds: false, observed, limit: "optional feed" });
  });
  return {
    ...landed,
    feeds: landed.feeds.filter((feed) => !failing.has(feed.id)),
    batches: landed.batches.filter((batch) => !failing.has(batch.manifest.extract.feed)),
    leftOut: [...landed.leftOut, ...failing.keys()],
    gates: [...landed.gates, ...warnings],
  };
}
