import { expect, test } from "vitest";
import { entry, expectEnded, expectPublished, Killed, startedBy } from "../sources/conformance-subject.ts";
import { jsonFolderSubject } from "../sources/json-folder/json-folder-subject.ts";
import { postgresSubject } from "../sources/postgres-subject.ts";
import { aroundObjects, atMoment } from "../support/fuse.ts";
import { moments } from "../support/sampled.ts";

test.each([
  ["postgres", postgresSubject],
  ["json_folder", jsonFolderSubject],
])("a source of kind %s, killed at any write of any part and repeated: nothing is lost and nothing doubled", async (_, open) => {
  const { subject, truth, house } = await startedBy(open);
  await using _subject = subject;
  for (const at of moments()) {
    await truth.put("entries", [entry(10 + at), entry(1, { amount: 1000 + at })]);
    const fuse = atMoment({ kind: "objects", at, when: "after" }, () => {
      throw new Killed("killed");
    });
    let reached = true;
    try {
      await house.run({}, { objects: aroundObjects(house.engine.objects, fuse) });
      reached = fuse.count() >= at;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
    await house.store.ask("update ledgerloop.lease set expires_at = clock_timestamp()");
    expectEnded(await house.run(), "published");
    await expectPublished(house, truth, `after a kill at write ${at}`);
    if (!reached) break;
    expect(at).toBeLessThan(100);
  }
});
