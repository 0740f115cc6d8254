/** A date of HTTP, to the second. */
export function dateOf(text: string | null): Date | null {
  const at =
    text !== null && /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? null : new Date(at);
}

/** Retry-After in milliseconds: seconds, or a date, which is counted from the answer's own. */
export function retryAfterMs(headers: Headers): number | undefined {
  const text = headers.get("retry-after")?.trim() ?? null;
  if (text !== null && /^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const [date, now] = [dateOf(text), dateOf(headers.get("date"))];
  return date && now ? Math.max(0, date.getTime() - now.getTime()) : undefined;
}
