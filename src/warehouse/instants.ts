/** An instant as the warehouse gives its text, `2026-11-01 10:00:00.5+00`, in ISO 8601; null where there is none. */
export function isoInstant(text: string | null | undefined): string | null {
  return text ? text.replace(" ", "T").replace(/[+]00$/, "Z") : null;
}
