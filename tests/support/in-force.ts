import { modelFingerprint } from "../../src/config/link-models.ts";
import type { GateLimits, Model, Pipeline } from "../../src/config/pipeline.ts";
import type { Engine } from "../../src/run/engine.ts";

/** Makes a changed configuration the one in force. */
export function inForce(pipeline: Pipeline): Pick<Engine, "pipeline" | "reread"> {
  return { pipeline, reread: () => pipeline };
}

/** The same pipeline with one model changed, fingerprint included. */
export function withModel(pipeline: Pipeline, table: string, change: (model: Model) => Partial<Model>): Pipeline {
  const model = pipeline.models.get(table);
  if (!model) throw new Error(`no model ${table}`);
  const changed = { ...model, ...change(model) };
  const fingerprint = modelFingerprint({ ...changed, contract: changed.contract.fingerprint });
  return { ...pipeline, models: new Map(pipeline.models).set(table, { ...changed, fingerprint }) };
}

/** The same pipeline with another SELECT of a model. */
export function withSelect(pipeline: Pipeline, table: string, change: (select: string) => string): Pipeline {
  return withModel(pipeline, table, ({ select }) => ({ select: change(select) }));
}

/** The same pipeline with other limits of its groups' gates, where a test plants more than they allow. */
export const withLimits =
  (limits: Partial<GateLimits>) =>
  (pipeline: Pipeline): Pipeline => {
    const groups = [...pipeline.groups].map(
      ([name, group]) => [name, { ...group, gates: { ...group.gates, ...limits } }] as const,
    );
    return { ...pipeline, groups: new Map(groups) };
  };

/** The same pipeline without a feed and a curated table. */
export function without(pipeline: Pipeline, { feed, table }: { feed?: string; table?: string }): Pipeline {
  const groups = [...pipeline.groups].map(
    ([name, group]) =>
      [
        name,
        { ...group, feeds: group.feeds.filter((id) => id !== feed), models: group.models.filter((model) => model !== table) },
      ] as const,
  );
  return {
    ...pipeline,
    groups: new Map(groups),
    feeds: new Map([...pipeline.feeds].filter(([id]) => id !== feed)),
    models: new Map([...pipeline.models].filter(([name]) => name !== table)),
  };
}

/** The same pipeline in which a feed has another name, also in the model that reads it. */
export function renamed(pipeline: Pipeline, { was, now, table }: { was: string; now: string; table: string }): Pipeline {
  const [source = "", name = ""] = now.split(".");
  const stem = (id: string) => id.replace(".", "_");
  const id = (feed: string) => (feed === was ? now : feed);
  const groups = [...pipeline.groups].map(([key, group]) => [key, { ...group, feeds: group.feeds.map(id) }] as const);
  const feeds = [...pipeline.feeds].map(
    ([key, feed]) => [id(key), key === was ? { ...feed, id: now, source, name } : feed] as const,
  );
  return withModel({ ...pipeline, groups: new Map(groups), feeds: new Map(feeds) }, table, ({ select, touches }) => ({
    select: select.replaceAll(stem(was), stem(now)),
    touches: touches.map((touch) => {
      const named = "feed" in touch ? { ...touch, feed: id(touch.feed) } : touch;
      if ("select" in named || !named.through) return named;
      const through = named.through.map((step) => ("feed" in step.to ? { ...step, to: { feed: id(step.to.feed) } } : step));
      return { ...named, through };
    }),
  }));
}
