import { DateTime, IANAZone } from "luxon";
import { z } from "zod";

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const Day = z
  .string()
  .refine((day) => /^\d{4}-\d{2}-\d{2}$/.test(day) && DateTime.fromISO(day).isValid, "a day as in 2026-05-12");

/** `calendar` of a feed as it is written. */
export const CalendarSchema = z.strictObject({
  zone: z.string().refine((zone) => IANAZone.isValidZone(zone), "an IANA time zone such as Europe/Berlin"),
  since: Day.describe("The first day of which files are expected"),
  weekdays: z
    .array(z.enum(WEEKDAYS))
    .min(1, "a list of at least one weekday")
    .default(["mon", "tue", "wed", "thu", "fri"])
    .describe("Days of which files are expected: the {date} of their names"),
  holidays: z.array(Day).default([]).describe("Days of which none are"),
  due: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time as in 09:30")
    .describe("Until when the file of a day is due"),
  days_after: z.int().min(0, "0 or more").default(0).describe("Days after its own on which it is due"),
  grace_minutes: z.int().min(0, "0 or more").default(0).describe("Minutes behind that in which nobody is told"),
});

export type Calendar = z.output<typeof CalendarSchema>;

/** A file that somebody expects. */
export interface Expected {
  readonly partner: string | null;
  /** ISO 8601. */
  readonly date: string;
}

/** A file that is not there. `late` on the day on which it is due, `missing` from the next day on. */
export interface Overdue extends Expected {
  readonly is: "late" | "missing";
  /** Since it was due, without the grace. */
  readonly minutes: number;
}

/** Days of which files are expected, up to the last that is due; `until` is in the calendar's zone. */
function* expectedDays({ zone, since, weekdays, holidays }: Calendar, until: DateTime): Generator<DateTime> {
  const closed = new Set(holidays);
  for (let day = DateTime.fromISO(since, { zone }); day <= until; day = day.plus({ days: 1 })) {
    const name = WEEKDAYS[day.weekday - 1];
    if (name && weekdays.includes(name) && !closed.has(day.toISODate() ?? "")) yield day;
  }
}

/** When the file of a day is due: by the clock of the zone, also on days on which clocks change. */
function dueAt({ due, days_after: days }: Calendar, day: DateTime): DateTime {
  const [hour = 0, minute = 0] = due.split(":").map(Number);
  return day.plus({ days }).set({ hour, minute });
}

/**
 * The files of a calendar that are due and not there, the oldest first. What counts is the day in a file's name, not when it came.
 * @param isThere whether the file of a partner and a day came, or is no longer expected.
 */
export function overdue(
  calendar: Calendar,
  partners: readonly (string | null)[],
  options: { readonly now: Date; readonly isThere: (expected: Expected) => boolean },
): Overdue[] {
  const now = DateTime.fromJSDate(options.now, { zone: calendar.zone });
  return [...expectedDays(calendar, now)].flatMap((day) => {
    const due = dueAt(calendar, day);
    const minutes = Math.floor(now.diff(due, "minutes").minutes);
    if (minutes < calendar.grace_minutes || minutes < 0) return [];
    const is = due.hasSame(now, "day") ? ("late" as const) : ("missing" as const);
    const date = day.toISODate() ?? "";
    return partners.flatMap((partner) => (options.isThere({ partner, date }) ? [] : [{ partner, date, is, minutes }]));
  });
}
