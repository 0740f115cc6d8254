/** How long the adapter waits, in seconds, beside the settings' own statement timeout. */
export interface Waits {
  /** For a sign-in. */
  readonly signIn: number;
  /** For an answer to come back after the server's own statement timeout. */
  readonly grace: number;
  /** For the answer to COMMIT; a lost one is looked up, so nobody needs to wait for it longer. */
  readonly commit: number;
  /** For the answer to a cancellation, and to the end of a session; then the line is cut. */
  readonly goodbye: number;
  /** Before a transaction is played again, and twice as long before the last time: a full queue of waiters refuses at once. */
  readonly replay: number;
}

/** What runs wait. */
export const WAITS: Waits = { signIn: 60, grace: 60, commit: 300, goodbye: 5, replay: 15 };
