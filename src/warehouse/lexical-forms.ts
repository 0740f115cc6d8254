/** A UTC instant as text: seconds given, at most six digits of fraction, no offset or that of UTC. */
export const TIMESTAMP_FORM = "[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+]00(:00)?)?";

/** A plain decimal that fits precision and scale without rounding: zeros beyond the scale, however many, change no number. */
export function decimalForm(precision: number, scale: number): string {
  const fraction = scale === 0 ? "([.]0+)?" : `([.][0-9]{1,${scale}}0*)?`;
  return `-?[0-9]{1,${Math.max(precision - scale, 1)}}${fraction}`;
}
