import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";

/** What is read of the environment files, by requirement A3. */
export const NAMES = [
  "QQ_BOT_API_BASE_URL",
  "QQ_BOT_APP_ID",
  "QQ_BOT_APP_SECRET",
  "QQ_OFFICIAL_WEBHOOK_PATH",
  "QQ_DM_POLICY",
  "QQ_ALLOW_FROM",
] as const;

/** Values that are set, without the space around them. */
export type Variables = { readonly [Name in (typeof NAMES)[number]]?: string };

export interface Found {
  readonly variables: Variables;
  /** The files that were there, in the order they count. */
  readonly files: readonly string[];
}

/**
 * Reads `.env.qq` with `.env` behind it, variable by variable; or only `envFile`. What neither has is taken from the
 * process. `QQ_APP_SECRET` stands in for `QQ_BOT_APP_SECRET`. Throws what the system says where `envFile` is not there.
 */
export async function readVariables(
  directory: string,
  envFile: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Found> {
  const files: string[] = [];
  const sources: Readonly<Record<string, string | undefined>>[] = [];
  for (const file of envFile === undefined ? [".env.qq", ".env"].map((name) => join(directory, name)) : [envFile]) {
    const text = await readFile(file, "utf8").catch((error: unknown) => {
      if (envFile !== undefined) throw error;
    });
    if (text === undefined) continue;
    files.push(file);
    sources.push(parseEnv(text));
  }
  sources.push(env);
  const find = (name: string): string | undefined =>
    sources.map((source) => source[name]?.trim()).find((value) => value !== undefined && value !== "");
  const entries = NAMES.map((name) => [name, find(name)] as const);
  const variables: Record<string, string> = {};
  for (const [name, value] of entries) if (value !== undefined) variables[name] = value;
  variables["QQ_BOT_APP_SECRET"] ??= find("QQ_APP_SECRET") ?? "";
  if (variables["QQ_BOT_APP_SECRET"] === "") delete variables["QQ_BOT_APP_SECRET"];
  return { variables, files };
}
