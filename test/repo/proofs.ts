import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";

/** A title that names requirements. */
export interface Proof {
  /** Path from the root of the repository, with slashes. */
  readonly file: string;
  readonly ids: readonly string[];
  readonly title: string;
}

const FOLDERS = ["extensions", "emulator", "demo", "scripts", "test", "bench"];
const SUITE = /(?:\.test|(?:^|[./])contract)\.ts$/;
/** The first argument of a call, where it begins with ids and a colon; `skip` and `todo` prove nothing. */
const TITLE =
  /(?<call>[\w.]*)\(\s*(?<quote>["'`])(?<ids>[A-Z]\d+(?: [A-Z]\d+)*): (?<rest>(?:(?!\k<quote>).)*)\k<quote>/g;

/** Every title in the repository that names requirements. */
export async function readProofs(root: string): Promise<readonly Proof[]> {
  const found = await Promise.all(
    FOLDERS.map(async (folder) => {
      const entries = await readdir(join(root, folder), { recursive: true }).catch(() => []);
      const suites = entries.filter((path) => SUITE.test(path) && !path.split(sep).includes("node_modules"));
      return await Promise.all(
        suites.map(async (path) => {
          const file = `${folder}/${path.replaceAll(sep, "/")}`;
          return proofsIn(file, await readFile(join(root, folder, path), "utf8"));
        }),
      );
    }),
  );
  return found.flat(2);
}

export function proofsIn(file: string, source: string): readonly Proof[] {
  return [...source.matchAll(TITLE)].flatMap(({ groups }) => {
    const { call = "", ids = "", rest = "" } = groups ?? {};
    return /\.(?:skip|todo)$/.test(call) ? [] : [{ file, ids: ids.split(" "), title: `${ids}: ${rest}` }];
  });
}
