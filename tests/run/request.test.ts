import { describe, expect, test } from "vitest";
import { Failure } from "../../src/kernel/problem.ts";
import { type RunChoice, runRequest } from "../../src/run/request.ts";

const WINDOW = { start: new Date("2026-11-01T00:00:00Z"), end: new Date("2026-11-01T01:00:00Z") };

function refusals(choice: Omit<RunChoice, "group">): string[] {
  try {
    runRequest({ group: "g", ...choice });
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.kind).toBe("usage");
    return error.problems.map((problem) => `${problem.says} → ${problem.next}`);
  }
}

describe("what a run is asked for", () => {
  test.each<[string, Omit<RunChoice, "group">, string]>([
    ["nothing more", {}, "changes"],
    ["keys", { keys: true }, "changes"],
    ["everything", { full: true }, "whole"],
    ["a batch", { replay: "b_1" }, "replay"],
    ["tables", { recompute: ["a"] }, "recompute"],
  ])("with %s", (_name, choice, kind) => expect(runRequest({ group: "g", ...choice }).kind).toBe(kind));

  test("has only what its kind can be told", () => {
    const common = { group: "g", reason: "r", ticket: null, acceptRemoved: [] };
    expect(runRequest({ group: "g", reason: "r", replay: "b_1" })).toEqual({ kind: "replay", ...common, batch: "b_1" });
    const reading = { ...common, window: WINDOW, feeds: ["a.b"], sameExtract: true };
    const choice = { group: "g", reason: "r", window: WINDOW, feeds: ["a.b"], sameExtract: true };
    expect(runRequest({ group: "g", reason: "r", recompute: ["a"], allowCost: true })).toEqual({
      ...{ kind: "recompute", ...common, tables: ["a"], allowCost: true },
    });
    expect(runRequest({ ...choice, keys: true })).toEqual({ kind: "changes", ...reading, keys: true });
    expect(runRequest({ ...choice, full: true })).toEqual({ kind: "whole", ...reading, allowCost: false, restate: false });
    expect(runRequest({ ...choice, full: true, restate: true })).toMatchObject({ kind: "whole", restate: true });
  });

  test.each<[string, Omit<RunChoice, "group">, string]>([
    ["keys of a replay", { replay: "b_1", keys: true }, "--keys"],
    ["a full replay", { replay: "b_1", full: true }, "--full"],
    ["the window of a replay", { replay: "b_1", window: WINDOW }, "--window"],
    ["the feeds of a replay", { replay: "b_1", feeds: ["a.b"] }, "--feeds"],
    ["a replay of the same extract", { replay: "b_1", sameExtract: true }, "--same-extract"],
    ["the cost of a replay", { replay: "b_1", allowCost: true }, "--allow-cost"],
    ["keys of a whole read", { full: true, keys: true }, "--keys"],
    ["the cost of changes", { allowCost: true }, "--allow-cost"],
    ["a lost column without a reason", { acceptRemoved: ["curated.a.b"] }, "--reason"],
    ["feeds of tables that are computed again", { recompute: ["a"], feeds: ["a.b"] }, "--feeds"],
    ["a full read beside tables that are computed again", { recompute: ["a"], full: true }, "--full"],
    ["nets beside them", { recompute: ["a"], nets: true }, "--nets"],
    ["a replay beside them", { recompute: ["a"], replay: "b_1" }, "--recompute"],
  ])("refuses %s and says what to leave out", (_name, choice, option) => {
    const [only, ...more] = refusals(choice);
    expect(more).toEqual([]);
    expect(only).toContain(option);
  });

  test("names everything that does not fit at once", () => {
    const [beside] = refusals({ replay: "b_1", full: true, window: WINDOW });
    expect(beside).toContain("leave --full, --window out");
  });
});
