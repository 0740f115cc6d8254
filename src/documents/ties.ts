import type { Tie } from "../config/pipeline.ts";
import { type JsonAmount, jsonAmount } from "../kernel/json.ts";
import type { TieClass } from "../proofs/tie-class.ts";
import { type TieLineDocument, tieLineDocument } from "../proofs/ties.ts";
import { type ProofResult, resultOf } from "../reconcile/proof.ts";
import type { TieNow } from "../reconcile/tie-keys.ts";

/** A tie as `reconcile ties --json` prints it. */
export interface TieDocument {
  readonly tie: string;
  readonly about: string;
  readonly owner: string;
  readonly sides: readonly string[];
  readonly result: ProofResult;
  /** Why nothing can be said; null where its sides could be held beside one another. */
  readonly why: string | null;
  readonly lines: readonly TieLineDocument[];
  /** The keys that were asked for, the most money first. */
  readonly keys: readonly {
    readonly key: Readonly<Record<string, string>>;
    readonly class: TieClass;
    readonly sides: readonly ({
      readonly side: string;
      readonly id: string;
      readonly rows: JsonAmount;
      /** Null where its rows are of several currencies. */
      readonly currency: string | null;
      readonly minor: JsonAmount | null;
      readonly fee_minor: JsonAmount;
      readonly on_day: string;
    } | null)[];
  }[];
  /** Keys that a limit left out. */
  readonly more: JsonAmount;
}

/** A tie as JSON. */
export function tieDocument(tie: Tie, { proof, lines, all, keys }: TieNow): TieDocument {
  const names = tie.sides.map(({ name }) => name);
  return {
    ...{ tie: tie.name, about: tie.about, owner: tie.owner, sides: names, result: resultOf(proof), why: proof.notProven },
    lines: lines.map(tieLineDocument),
    keys: keys.map(({ key, class: is, sides }) => ({
      key: Object.fromEntries(tie.key.map((name, k) => [name, key[k] ?? ""])),
      class: is,
      sides: sides.map(
        (cell, i) =>
          cell && {
            ...{ side: names[i] ?? "", id: cell.id, rows: jsonAmount(cell.rows) },
            ...{
              currency: cell.money?.currency ?? null,
              minor: cell.money && jsonAmount(cell.money.minor),
              fee_minor: jsonAmount(cell.fee),
              on_day: cell.day,
            },
          },
      ),
    })),
    more: jsonAmount(all - BigInt(keys.length)),
  };
}
