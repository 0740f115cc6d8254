/** Thrown where the state of an object does not allow an act, or there is no such object. */
export class NotAllowed extends Error {}
