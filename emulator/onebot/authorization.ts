import type { NapcatSettings } from "./settings.ts";

/** What a client shows of itself: the query of its address, and its `Authorization`. */
export interface Credentials {
  readonly query: URLSearchParams;
  readonly header: string | undefined;
}

/** Whether a client has the token. In NapCat a query that is not empty beats the header (onebot-napcat.md 1.2, 9). */
export function isAuthorized({ token, software }: NapcatSettings, { query, header = "" }: Credentials): boolean {
  if (token === "") return true;
  const asked = query.get("access_token") ?? "";
  const bearer = header.replace(/^Bearer /, "");
  switch (software) {
    case "napcat":
      return (asked === "" ? bearer : asked) === token;
    case "llonebot":
      return (header === "" ? asked : bearer) === token;
    case "lagrange":
      return header === `Bearer ${token}`;
    case "go-cqhttp":
      return (asked === "" ? header.replace(/^\w+ /, "") : asked) === token;
  }
}
