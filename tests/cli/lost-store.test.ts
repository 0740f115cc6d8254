import { expect, test } from "vitest";
import { freshDatabase } from "../support/postgres.ts";
import { smallRun } from "./small-run.ts";

test("a control store that was lost: up tells it what is published, says what is gone, and the journal is there again", async () => {
  await using place = await smallRun();
  const shown = (await place.json("show", place.published)).document as Record<string, unknown>;
  await using anew = await freshDatabase();
  const lost = { CONTROL_URL: anew.url };
  const up = await place.at(lost, "up");
  expect(up).toMatchObject({ code: 0, err: "" });
  expect(up.out).toContain(
    "journal of billing: 1 published runs were told again from the ledger; what only the control store knew is gone",
  );
  const again = JSON.parse((await place.at(lost, "show", place.published, "--json")).out) as Record<string, unknown>;
  const known = ({ gates, rules, rules_passed, samples, next }: Record<string, unknown>) => ({
    gates,
    rules,
    rules_passed,
    samples,
    next,
  });
  expect(known(again)).toEqual(known(shown));
  expect(again["run"]).toMatchObject({ outcome: "published", exit_code: 0, publication_id: "billing-1", actor: "tester" });
  const blocked = await place.at(lost, "show", place.blocked);
  expect(blocked.code).toBe(2);
  expect(JSON.parse((await place.at(lost, "up", "--json")).out)).toMatchObject({
    journal: {
      groups: [{ group: "billing", told: 0, rebuilt: 0, undone: 0 }],
      untold: null,
    },
  });
  const status = JSON.parse((await place.at(lost, "status", "--json")).out);
  expect(status.groups).toMatchObject([{ group: "billing", last_publication: { publication_id: "billing-1" } }]);
});
