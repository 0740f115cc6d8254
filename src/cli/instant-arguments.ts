import { InvalidArgumentError } from "commander";
import { isoDay } from "../kernel/clock.ts";

/** The beginning of a day in UTC; null for what is no day of the calendar. */
function dayIn(text: string): Date | null {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && isoDay(at) === text ? at : null;
}

/** Reads a day in the future, as the instant at which it begins. */
export function futureDayArgument(text: string): Date {
  const at = dayIn(text);
  if (at === null) throw new InvalidArgumentError("a day is written as 2026-12-31");
  if (at.getTime() <= Date.now()) throw new InvalidArgumentError("an acceptance ends in the future");
  return at;
}

/** Reads a day, or an instant with its zone; without one in UTC. @returns ISO 8601 in UTC. */
export function instantArgument(text: string): string {
  const [, day = "", time = ""] = /^(\d{4}-\d{2}-\d{2})(T.*)?$/.exec(text) ?? [];
  const isZoned = time === "" || /(Z|[+-]\d{2}:?\d{2})$/.test(time);
  const at = new Date(`${day}${isZoned ? time : `${time}Z`}`);
  if (dayIn(day) === null || Number.isNaN(at.getTime()) || at.getUTCFullYear() > 9999) {
    throw new InvalidArgumentError("an instant is a date, or one with a time in UTC");
  }
  return at.toISOString();
}
