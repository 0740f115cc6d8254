/** How far the reads of a feed have come. */
export interface FeedStanding {
  readonly feed: string;
  /** Changes since an instant, or everything that was created before one; both are null before anything was read. */
  readonly reads: "changes" | "load";
  readonly from: string | null;
  /** How far nets have read it again: days before one instant, history down to another; null where they have not begun. */
  readonly nets: { readonly days: string | null; readonly history: string | null };
}

/** How far the reads of a source have come, and what the next run takes. Instants are ISO 8601 in UTC. */
export interface Standing {
  /** Whose the source is. */
  readonly of: string;
  /** The source's own clock, and the instant up to which a run would read now. */
  readonly now: string;
  readonly horizon: string;
  readonly feeds: readonly FeedStanding[];
  /** What has happened since the feed that is furthest behind was read; `isMore`: nobody counted on. */
  readonly backlog: { readonly events: number; readonly isMore: boolean };
  /** Requests that a run would make without a budget, and what that is reckoned from. */
  readonly estimate: { readonly requests: number; readonly basis: readonly string[] };
  /** Requests a second that all runs together make at most; null where the source counts them by the day alone. */
  readonly perSecond: number | null;
}
