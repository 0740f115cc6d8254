/** How many requests may be made to an API; every one counts, those that are made again too. */
export interface RequestBudget {
  readonly limit: number;
  left(): number;
  /** Requests so far. */
  spent(): number;
  /** Whether nothing is left: what is complete by then can be published, the rest comes with a later run. */
  isUsedUp(): boolean;
  /** Takes one request. @returns false where none is left. */
  spend(): boolean;
}

/** A budget of so many requests; `Infinity` is none. */
export function requestBudget(limit: number): RequestBudget {
  let spent = 0;
  return {
    limit,
    left: () => limit - spent,
    spent: () => spent,
    isUsedUp: () => spent >= limit,
    spend: () => {
      if (spent >= limit) return false;
      spent += 1;
      return true;
    },
  };
}
