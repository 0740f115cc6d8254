import { HOUR_MS } from "../cast/hours.ts";
import type { Random } from "../random.ts";

/** How often what happened. */
export type TallyOf<Happening extends string> = Readonly<Partial<Record<Happening, number>>>;

/** What happened in an hour. */
export interface HourOf<Happening extends string> {
  readonly from: Date;
  readonly until: Date;
  readonly happened: TallyOf<Happening>;
}

/** A life that goes on from where it is, so that twice one hour is the same as two. */
export interface LifeOf<Happening extends string> {
  /** Lives an hour; the clock shows its end then. */
  hour(): HourOf<Happening>;
}

/** An hour that is being lived, in ms since 1970. */
export interface Hour<Happening extends string> {
  readonly from: number;
  readonly until: number;
  tell(what: Happening): void;
}

/** A life of hours, one after the other, that counts what is told of each. */
export function hourly<Happening extends string>(began: number, live: (hour: Hour<Happening>) => void): LifeOf<Happening> {
  let from = began;
  return {
    hour: () => {
      const until = from + HOUR_MS;
      const happened: Partial<Record<Happening, number>> = {};
      const tell = (what: Happening) => {
        happened[what] = (happened[what] ?? 0) + 1;
      };
      live({ from, until, tell });
      const lived = { from: new Date(from), until: new Date(until), happened };
      from = until;
      return lived;
    },
  };
}

/** Instants of an hour in order, on whole seconds, none of them in its first `quiet` seconds. */
export function instantsOf(random: Random, { from, quiet }: { from: number; quiet: number }, count: number): Date[] {
  const drawn = Array.from({ length: count }, () => random.int(quiet, HOUR_MS / 1000 - 1)).sort((a, b) => a - b);
  return drawn.map((second) => new Date(from + second * 1000));
}
