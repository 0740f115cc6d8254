import { test } from "vitest";
import { expectFollowed } from "./page-shell.ts";

test.each([
  ["docs/sandbox.md", "/tmp/stripe-tried", 9],
  ["docs/salesforce.md", "/tmp/salesforce-tried", 7],
] as const)("%s, followed word by word, shows what it says", (page, state, blocks) => expectFollowed(page, { state, blocks }));
