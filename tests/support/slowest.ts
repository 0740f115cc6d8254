import type { Reporter } from "vitest/node";

const SHOWN = 10;

/** Prints the slowest tests of a run: whoever adds one that waits or copies too much sees it. */
export const slowest: Reporter = {
  onTestRunEnd: (modules) => {
    const timed = modules
      .flatMap((module) => [...module.children.allTests()])
      .map((test) => ({ name: test.fullName, of: test.module.relativeModuleId, ms: test.diagnostic()?.duration ?? 0 }));
    const shown = timed.sort((a, b) => b.ms - a.ms).slice(0, SHOWN);
    const lines = shown.map(({ name, of, ms }) => `  ${(ms / 1000).toFixed(1).padStart(6)} s  ${of}: ${name}`);
    console.log(`\nthe slowest ${shown.length}:\n${lines.join("\n")}`);
  },
};
