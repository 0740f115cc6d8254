const MINUTE_MS = 60_000;

/** The time from one instant to a later one for people: `5 h 10 min`, from two days on `3 days`; `0 h 0 min` where it is not later. */
export function ageText(since: Date, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - since.getTime()) / MINUTE_MS));
  const hours = Math.floor(minutes / 60);
  return hours >= 48 ? `${Math.floor(hours / 24)} days` : `${hours} h ${minutes % 60} min`;
}
