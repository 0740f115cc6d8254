import { feedsOf, modelsOf } from "../config/groups.ts";
import type { Feed, Group, Pipeline } from "../config/pipeline.ts";
import { fingerprint } from "../kernel/fingerprint.ts";

/** What decides the bytes of a feed's extract: a landed one is reused only while this is unchanged. */
export function extractFingerprint(feed: Feed): string {
  const places = feed.contract.columns.flatMap(({ name, place }) => (place ? [[name, place.pointer, place.conversion]] : []));
  return fingerprint({
    reading: feed.reading,
    columns: [...feed.lands, ...feed.contract.columns.map((c) => c.name)],
    ...(places.length === 0 ? {} : { places }),
    sourceKey: feed.sourceKey,
    money: feed.money ?? null,
  });
}

/** What labels and gates of a group were made with; recorded with the publication and compared again before it. */
export function groupFingerprints(pipeline: Pipeline, group: Group): Record<string, string> {
  const feeds = feedsOf(pipeline, group).flatMap((feed) => {
    const { businessKey, version, postingDate, required, absence, gates } = feed;
    const own = [extractFingerprint(feed), businessKey, version ?? null, postingDate ?? null, required, absence, gates];
    return [
      [`contract:${feed.id}`, feed.contract.fingerprint],
      [`feed:${feed.id}`, fingerprint(own)],
    ];
  });
  const models = modelsOf(pipeline, group).flatMap((model) => [
    [`model:${model.table}`, model.fingerprint],
    [`contract:${model.table}`, model.contract.fingerprint],
  ]);
  return Object.fromEntries([...feeds, ...models, ["gates", fingerprint([group.gates, pipeline.drift, pipeline.currencies])]]);
}
