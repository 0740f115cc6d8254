import { expect, test } from "vitest";
import { ageText } from "../../src/kernel/age.ts";

const SINCE = new Date("2026-10-05T03:10:00Z");
const after = (minutes: number, seconds = 0) => ageText(SINCE, new Date(SINCE.getTime() + minutes * 60_000 + seconds * 1000));

test("an age is told in whole minutes, from two days on in days, and is never less than nothing", () => {
  expect([after(0, 59), after(61), after(2879), after(2880), after(72 * 60 + 30), after(-5)]).toEqual([
    "0 h 0 min",
    "1 h 1 min",
    "47 h 59 min",
    "2 days",
    "3 days",
    "0 h 0 min",
  ]);
});
