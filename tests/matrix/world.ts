import { rmSync } from "node:fs";
import { join } from "node:path";
import type { RunChoice } from "../../src/run/request.ts";
import { postgresReader } from "../../src/sources/postgres/postgres-reader.ts";
import { type Ended, openSourceless } from "../support/engine.ts";
import { type Differences, differences } from "./compare.ts";
import { type Declared, declare, pipelineFolder } from "./declared.ts";
import type { Kind, Mode } from "./kinds.ts";
import { openSourceSite, ownControl, type SourceSite } from "./site.ts";

/** How a run ended: its exit code and what it told. */
export interface Ending {
  readonly exit: number;
  readonly says: string;
}

/** A source, how its feed is declared, and the house that loads it. */
export interface World extends AsyncDisposable {
  readonly site: SourceSite;
  /** Changes the declaration that the next run reads. */
  declare(parts: Partial<Declared>): void;
  run(choice?: Partial<RunChoice>): Promise<Ending>;
  /** Compares what the feed is declared to read with the warehouse. */
  differences(): Promise<Differences>;
}

/** What a cell starts from. */
export interface Start {
  readonly kind: Kind;
  readonly mode: Mode;
  readonly trusted?: boolean;
}

function endingOf({ report, failure }: Ended): Ending {
  if (failure) return { exit: failure.exitCode, says: failure.message };
  const told = report.gates.filter(({ verdict }) => verdict !== "pass").map((g) => `${g.gate} ${g.verdict}: ${g.observed}`);
  return { exit: report.exit_code, says: told.join("\n") };
}

/** Makes a source with eight old rows, and a house that has loaded nothing of it. */
export async function openWorld({ kind, mode, trusted = false }: Start): Promise<World> {
  const site = await openSourceSite(kind, mode);
  const folder = pipelineFolder();
  let declared: Declared = { kind, mode, trusted, table: "shop.bills", url: site.url(site.database), limit: null };
  const house = await openSourceless({
    control: await ownControl(site.database),
    env: {},
    load: (env) => declare(folder, declared, env),
    readerOf: async () => postgresReader(),
  });
  return {
    site,
    declare: (parts) => {
      declared = { ...declared, ...parts };
    },
    run: async (choice = {}) => {
      const pipeline = declare(folder, declared, house.env);
      return endingOf(await house.run(choice, { pipeline, reread: () => pipeline }));
    },
    differences: () =>
      differences({
        url: site.url(new URL(declared.url).pathname.slice(1), "superuser"),
        relation: declared.table,
        warehouse: join(house.folder, "warehouse.duckdb"),
      }),
    [Symbol.asyncDispose]: async () => {
      await house[Symbol.asyncDispose]();
      await site[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
