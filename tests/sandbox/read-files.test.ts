import { expect, test } from "vitest";
import { readFiles } from "../../sandbox/expectation/read-files.ts";
import { emptyState } from "../../sandbox/expectation/state.ts";
import type { Feed, Row } from "../../sandbox/feed.ts";
import { PARTNER_FEEDS, REMITTANCES } from "../../sandbox/partners/feeds.ts";
import type { LyingFile } from "../../sandbox/world/sent-file.ts";

/** A row for each text `key=amount`. */
function rows(...texts: readonly string[]): Row[] {
  return texts.map((text) => {
    const [remittance_id = "", amount = ""] = text.split("=");
    return { remittance_id, amount };
  });
}

function file(path: string, records: readonly Row[], more: Partial<LyingFile> = {}): LyingFile {
  return { path, order: path, content: JSON.stringify(records), records, stops: null, fault: null, commit: 1, ...more };
}

/** A run for each listing; what it reads as texts `key=amount`. */
function read(...listings: readonly (readonly LyingFile[])[]) {
  const [feed] = PARTNER_FEEDS as [Feed];
  const state = emptyState([feed]).of(feed.id);
  return listings.map((lying) => {
    const found = readFiles(state, { lying, all: false });
    state.files = found.files;
    return {
      batch: found.batch.map(({ remittance_id, amount }) => `${remittance_id}=${amount}`),
      present: [...found.present],
      superseded: found.superseded,
      units: found.units.map(([name]) => name.replace(`${REMITTANCES}|`, "")),
    };
  });
}

const NOTHING = { batch: [], superseded: 0, units: [] };

test("a file is read once, and again when it comes again with other records", () => {
  const again = file("b", rows("x=1", "z=3"), { commit: 2 });
  expect(read([file("b", rows("x=1", "y=2"))], [file("b", rows("x=1", "y=2"))], [again])).toEqual([
    { ...NOTHING, batch: ["x=1", "y=2"], present: ["x", "y"] },
    { ...NOTHING, present: ["x", "y"] },
    { ...NOTHING, batch: ["x=1", "z=3"], present: ["x", "z"], units: ["b|redelivered"] },
  ]);
});

test("of two files that have a key the later one counts, whichever comes first", () => {
  const [a, b] = [file("a", rows("x=1", "y=2")), file("b", rows("x=7"))];
  const [late] = read([b], [a, b]).slice(1);
  expect(late).toEqual({ ...NOTHING, batch: ["y=2"], present: ["x", "y"], superseded: 1 });
  expect(read([a, b])).toEqual([{ ...NOTHING, batch: ["y=2", "x=7"], present: ["x", "y"], superseded: 1 }]);
});

test("a key that the later file loses is the earlier one's again", () => {
  const [a, b, without] = [file("a", rows("x=1")), file("b", rows("x=7", "z=3")), file("b", rows("z=3"), { commit: 2 })];
  expect(read([a, b], [a, without])[1]).toEqual({
    ...NOTHING,
    batch: ["z=3", "x=1"],
    present: ["x", "z"],
    units: ["b|redelivered"],
  });
});

test("a copy and a stopped file bring nothing and are told once", () => {
  const lying = [file("a", rows("x=1")), file("b", rows("x=1")), file("c", rows("y=1"), { stops: "trailer" })];
  expect(read(lying, lying)).toEqual([
    { ...NOTHING, batch: ["x=1"], present: ["x"], units: ["b|copy of a", "c|stopped: trailer"] },
    { ...NOTHING, present: ["x"] },
  ]);
  const mended = [...lying.slice(0, 2), file("c", rows("y=1"), { commit: 2 })];
  expect(read(lying, mended)[1]).toEqual({ ...NOTHING, batch: ["y=1"], present: ["x", "y"] });
});
