import { expect, test } from "vitest";
import { UnknownOutcome } from "../../src/warehouse/warehouse.ts";
import { openClaimsHouse as open } from "../support/claims-house.ts";

const enospc = () => Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });

test("a disk that is full while bytes are landed: exit 40, and what to do about it", async () => {
  await using house = await open();
  const objects = { ...house.engine.objects, put: () => Promise.reject(enospc()) };
  const { failure } = await house.run({}, { objects });
  expect(failure?.exitCode).toBe(40);
  expect(failure?.problems[0]).toMatchObject({ code: "run.disk_full", next: expect.stringContaining("make room") });
  expect((await house.store.ask("select outcome, exit_code from ledgerloop.run"))[0]).toEqual({
    outcome: "retryable",
    exit_code: 40,
  });
  expect((await house.run()).report?.outcome).toBe("published");
});

test.each([
  ["a full disk", enospc(), "run.disk_full"],
  ["a lost connection", new Error("connection reset"), "run.not_begun"],
])(
  "an answer to COMMIT that %s takes away while the fence is raised: exit 40, not an unexpected error",
  async (_, cause, code) => {
    await using house = await open();
    const { warehouse } = house.engine;
    const losing = {
      dialect: warehouse.dialect,
      open: async (options: Parameters<typeof warehouse.open>[0]) => ({
        ...(await warehouse.open(options)),
        transaction: () => Promise.reject(new UnknownOutcome(cause)),
      }),
    };
    const { failure } = await house.run({}, { warehouse: losing });
    expect(failure?.exitCode).toBe(40);
    expect(failure?.problems[0]?.code).toBe(code);
    expect((await house.run()).report?.outcome).toBe("published");
  },
);
