/** A half-open UTC interval `[start, end)` that names a scheduled run; never a cursor. */
export interface Window {
  readonly start: Date;
  readonly end: Date;
}

/** ISO 8601 in UTC without fractions of a second, e.g. `2026-11-23T10:00:00Z`. */
export function formatInstant(instant: Date): string {
  return instant.toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** `START/END`, the text that `--window` takes. */
export function formatWindow(window: Window): string {
  return `${formatInstant(window.start)}/${formatInstant(window.end)}`;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(\.\d+)?Z$/;

/**
 * Reads `START/END`, two UTC instants that end in `Z`, start before end.
 * @returns the window, or a sentence that says what is wrong with the text.
 */
export function parseWindow(text: string): Window | string {
  const [start, end, ...rest] = text.split("/");
  if (!start || !end || rest.length > 0) return "a window is START/END, two UTC instants";
  for (const side of [start, end]) {
    if (!INSTANT.test(side) || Number.isNaN(Date.parse(side))) return `"${side}" is not a UTC instant like 2026-11-23T10:00:00Z`;
  }
  const window = { start: new Date(start), end: new Date(end) };
  return window.start < window.end ? window : "the start of a window lies before its end";
}
