import type { Act, Deed, Facts, Kind } from "../cast/facts.ts";

/** What a desk does when it hears that facts of a kind begin or change; of what it does not keep it says nothing. */
export type Hearing<Desk> = {
  readonly [K in Kind]?: Readonly<Partial<Record<Deed["does"], (desk: Desk, fact: Facts[K]) => void>>>;
};

function hearDeed<Desk, K extends Kind>(
  hearing: Hearing<Desk>,
  desk: Desk,
  { does, kind, facts }: { does: Deed["does"]; kind: K; facts: readonly Facts[K][] },
): void {
  for (const fact of facts) hearing[kind]?.[does]?.(desk, fact);
}

/** Tells a desk what happened, fact by fact. */
export function hear<Desk>(hearing: Hearing<Desk>, desk: Desk, act: Act): void {
  for (const deed of act) hearDeed(hearing, desk, deed);
}
