import { existsSync } from "node:fs";
import { Failure } from "../kernel/problem.ts";
import { readNumbers } from "../ledger/fence.ts";
import { insertOps } from "../ledger/insert-ops.ts";
import { highestTokens } from "../store/operations/highest-tokens.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";
import { filesOf, type UpkeepEngine } from "./engine.ts";

async function tokensIn(warehouse: Warehouse, groups: readonly string[]): Promise<[string, bigint][]> {
  const session = await warehouse.open({ purpose: "read fences", readOnly: true });
  try {
    const found: [string, bigint][] = [];
    for (const group of groups) found.push([group, (await readNumbers(session, warehouse.dialect, group)).token]);
    return found;
  } finally {
    await session.close();
  }
}

/** The tokens of the state that is replaced. A file that cannot be read may be why it is, and then the journal alone tells. */
async function tokensOfState(engine: UpkeepEngine): Promise<[string, bigint][]> {
  const files = filesOf(engine);
  if (!existsSync(files.warehouse)) return [];
  try {
    return await tokensIn(files.warehouseAt(files.warehouse), [...engine.pipeline.groups.keys()]);
  } catch (error) {
    if (error instanceof Failure && error.kind === "retryable") throw error;
    return [];
  }
}

/**
 * Writes into a warehouse that will replace the state a token above every one that was given out, so that a publisher of before who
 * sleeps through the restore finds a higher one than its own.
 */
export async function carryTokens(engine: UpkeepEngine, staged: Warehouse, restoreId: string): Promise<void> {
  const highest = await highestTokens(engine.store);
  for (const [group, token] of await tokensOfState(engine)) if (token > (highest.get(group) ?? 0n)) highest.set(group, token);
  const raisedAt = engine.clock.now().toISOString();
  const rows = [...highest].map(([group, token]) => ({
    run_group: group,
    token: token + 1n,
    run_id: restoreId,
    raised_at: raisedAt,
  }));
  const session = await staged.open({ purpose: "carry fences" });
  try {
    await session.transaction(async () => {
      for (const statement of insertOps(staged.dialect, "fence_token", rows)) await session.run(statement);
    });
  } finally {
    await session.close();
  }
}
