import { EVERYTHING, type Extent, extentText, publicationBound } from "../../src/reconcile/extent.ts";
import { compareLanded, proveLanded } from "../../src/reconcile/landed.ts";
import type { Proof } from "../../src/reconcile/proof.ts";
import { proveTable } from "../../src/reconcile/tables.ts";
import { proveWaiting } from "../../src/reconcile/waiting.ts";
import type { Dialect } from "../../src/warehouse/dialect.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import type { Session } from "../../src/warehouse/warehouse.ts";
import type { Desk, PlayedOn } from "./desk.ts";

/** What was published, and what it was landed as. */
type Evident = Pick<Desk, "pipeline" | "objects" | "open">;

/** Holds every feed beside what was landed of it, and its waiting rows beside their own texts, on a session of its own or on the given one. */
export async function landedProofs(of: Evident, on?: PlayedOn): Promise<Proof[]> {
  const { pipeline, objects } = of;
  const prove = async (session: Session, dialect: Dialect) => {
    const proofs: Proof[] = [];
    for (const group of pipeline.groups.values()) {
      for (const id of group.feeds) {
        const feed = pipeline.feeds.get(id);
        if (!feed) continue;
        proofs.push(
          await proveLanded(
            { session, dialect, tools: { pipeline, objects }, id: "proof" },
            { feed, group: group.name, extent: EVERYTHING },
          ),
        );
        proofs.push(await proveWaiting(session, dialect, { feed, currencies: pipeline.currencies }));
      }
    }
    return proofs;
  };
  if (on) return prove(on.session, on.dialect);
  const session = await of.open();
  try {
    return await prove(session, duckdbDialect);
  } finally {
    await session.close();
  }
}

/** What some batches alone leave open of every feed, and tables by the keys that publications reach, in one line each: each publication by itself, all others without it, and what came behind each. */
export async function openInParts(of: Evident, publications: number, on?: PlayedOn): Promise<string[]> {
  const { pipeline, objects } = of;
  const session = on?.session ?? (await of.open());
  const proving = { session, dialect: on?.dialect ?? duckdbDialect, tools: { pipeline, objects }, id: "part" };
  const extents = Array.from({ length: publications }, (_, i): Extent[] => {
    const [own, behind] = [publicationBound(BigInt(i + 1)), publicationBound(BigInt(i + 2))];
    const since = { publication: BigInt(i), cursor: null };
    const others = [
      { from: null, to: own },
      { from: behind, to: null },
    ];
    return [
      { by: "stretches", of: [{ from: own, to: behind }] },
      { by: "stretches", of: others },
      { by: "touched", since },
    ];
  }).flat();
  const told: string[] = [];
  try {
    for (const feed of pipeline.feeds.values()) {
      for (const extent of extents) {
        const { keys, says } = await compareLanded(proving, { feed, group: feed.group, extent });
        const lines = [...keys.map(({ key, why }) => `${Object.values(key).join("|")}: ${why}`), ...says];
        told.push(...lines.map((line) => `${feed.id} ${JSON.stringify(extent.by)}: ${line}`));
      }
    }
    for (const model of pipeline.models.values()) {
      for (const extent of extents.filter(({ by }) => by === "touched")) {
        const { keys } = await proveTable(session, proving.dialect, { model, pipeline, extent });
        told.push(...keys.map(({ key }) => `${model.table} ${extentText(extent)}: ${Object.values(key).join("|")}`));
      }
    }
    return told;
  } finally {
    if (!on) await session.close();
  }
}

/** What is not as it was landed, in one line each. */
export async function landedBreaks(of: Evident, on?: PlayedOn): Promise<string[]> {
  return (await landedProofs(of, on)).flatMap(({ of, keys, says, notProven }) => [
    ...keys.map(({ key, why }) => `${of} ${Object.values(key).join("|")}: ${why}`),
    ...[...says, ...(notProven === null ? [] : [notProven])].map((text) => `${of}: ${text}`),
  ]);
}
