/** A timestamptz as PostgreSQL prints it under TimeZone UTC: no trailing zeros in the fraction. */
export function instant(ms: number): string {
  const iso = new Date(ms).toISOString();
  const fraction = iso.slice(20, 23).replace(/0+$/, "");
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}${fraction === "" ? "" : `.${fraction}`}+00`;
}

/** A date as PostgreSQL prints it. */
export function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
