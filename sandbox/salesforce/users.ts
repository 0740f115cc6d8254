import type { Ids } from "./ids.ts";
import type { Store } from "./store.ts";

/** The people of the org. */
export interface Users {
  /** Makes the people who sell and those whom apps sign in as. */
  begin(usernames: readonly string[]): void;
  /** The id of a user, who is made where there is none. */
  of(username: string): string;
  /** Whom new rows belong to: the people in turn, so that each app's user has some and nobody has all. */
  owner(): string;
  /** Who writes what no app writes. */
  writer(): string;
}

const SELLERS = ["anna@sandbox.example", "bram@sandbox.example"];

/** Makes people who have been there since the org was founded. */
export function userMaker({ store, ids, founded }: { store: Store; ids: Ids; founded: Date }): Users {
  const known = new Map<string, string>();
  const owners: string[] = [];
  let turn = 0;
  const of = (username: string) => {
    const before = known.get(username);
    if (before !== undefined) return before;
    const Id = ids.next("005");
    const at = founded.getTime();
    const Name = username.split("@")[0] ?? username;
    store.put("User", {
      ...{ Id, Username: username, Name, Email: username, IsActive: true },
      ...{ CreatedDate: at, LastModifiedDate: at, SystemModstamp: at },
    });
    known.set(username, Id);
    return Id;
  };
  return {
    begin: (usernames) => {
      for (const username of [...usernames.slice(0, 1), ...SELLERS]) owners.push(of(username));
      for (const username of usernames) of(username);
    },
    of,
    owner: () => owners[turn++ % owners.length] ?? "",
    writer: () => owners[1] ?? "",
  };
}
