import { DAY_MS } from "../kernel/clock.ts";
import type { LastProof } from "../reconcile/kept-proofs.ts";
import type { Piece } from "../reconcile/standing.ts";

/** How long ago a stretch was compared last, or how that ended. */
export const LOOKS = ["day", "week", "round", "older", "never", "different"] as const;

export type Look = (typeof LOOKS)[number];

/** What ages are held beside: now, and within how many nights everything is to be compared. */
export interface When {
  readonly now: Date;
  readonly nights: number;
}

/** What is drawn of a stretch. */
export function lookOf({ last }: Piece, { now, nights }: When): Look {
  if (last === null) return "never";
  if (last.result === "different") return "different";
  const days = (now.getTime() - Date.parse(last.provedAt)) / DAY_MS;
  if (days <= 1.5) return "day";
  if (days <= 7.5) return "week";
  return days <= nights + 0.5 ? "round" : "older";
}

/** What the looks are called. */
export function lookWords(look: Look, nights: number): string {
  return {
    day: "within a day",
    week: "within 7 days",
    round: `within ${nights} days`,
    older: "longer ago",
    never: "never",
    different: "DIFFERENT",
  }[look];
}

const MARKS: Readonly<Record<Look, string>> = { day: "█", week: "▓", round: "▒", older: "░", never: "·", different: "✗" };

/** Comparisons that were made in parts. */
export function inParts(proofs: readonly LastProof[]): LastProof[] {
  return proofs.filter(({ standing }) => standing.pieces.length > 1);
}

/** The stretches of what was compared in parts, one mark for each, the oldest dates or publications first; nothing where all is compared whole. */
export function coverageLines(proofs: readonly LastProof[], when: When): string[] {
  const parts = inParts(proofs);
  if (parts.length === 0) return [];
  const width = Math.max(...parts.map(({ of }) => of.length));
  const legend = LOOKS.map((look) => `${MARKS[look]} ${lookWords(look, when.nights)}`).join("  ");
  return [
    `in parts, the oldest dates or publications first: ${legend}`,
    ...parts.map(({ leg, of, standing }) => {
      const marks = standing.pieces.map((piece) => MARKS[lookOf(piece, when)]).join("");
      return `  ${leg}  ${of.padEnd(width)}  ${marks}`;
    }),
  ];
}
