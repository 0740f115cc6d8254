import { expect, test } from "vitest";
import { openDesk } from "../support/desk.ts";
import { HISTORIES } from "../support/histories.ts";
import { landedBreaks } from "../support/landed-proofs.ts";

test.each(HISTORIES)("$about: after every hour all is as it was landed", async ({ fixture, directory, hours }) => {
  await using desk = openDesk(fixture, directory);
  for (const [nth, hour] of hours.entries()) {
    await desk.play(hour);
    expect(await landedBreaks(desk), `hour ${nth + 1}`).toEqual([]);
  }
});
