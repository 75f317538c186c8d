import type { Env } from "./account.ts";

/** The process's environment, apart from everything that talks to the network. */
export const env: Env = process.env;
