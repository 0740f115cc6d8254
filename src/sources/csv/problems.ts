import { type Problem, problem } from "../../kernel/problem.ts";

export function folderAway({ source }: { source: string }): Problem {
  return problem({
    code: "source.location_away",
    says: `The folder of the source ${source} is not there.`,
    next: `mount it, or correct location in sources/${source}.yaml, then \`ledgerloop run\``,
  });
}

/** `below`: the folder that stopped the listing, empty for the location itself. */
export function folderUnreadable({ source, code, below }: { source: string; code: string; below: string }): Problem {
  return problem({
    code: "source.location_unreadable",
    says: `The folder ${below === "" ? "" : `${below} `}of the source ${source} cannot be listed (${code}); without it nobody can say which files are gone.`,
    next: `let this user read it, or correct location in sources/${source}.yaml, then \`ledgerloop run\``,
  });
}

export function layoutGone({ source, path, layout }: { source: string; path: string; layout: string }): Problem {
  return problem({
    code: "source.layout_gone",
    says: `Rows of ${path} are published by the layout ${layout}, which is not declared any more, so nobody can say which keys it has.`,
    next: `declare it again in sources/${source}.yaml, then \`ledgerloop run\``,
  });
}

export function readOtherwise({ feed, path, says }: { feed: string; path: string; says: string }): Problem {
  return problem({
    code: "source.file_read_otherwise",
    says: `${path} cannot be read as it was when its rows were published, so nobody can say which keys it has: ${says}`,
    next: `\`ledgerloop run --full --restate --feeds ${feed} --reason "…"\` reads every file of the feed`,
  });
}
