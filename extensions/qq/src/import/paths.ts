import { asSection, type Patch, type Section } from "./moved.ts";

/** Keys from the root of the configuration downwards. */
export type Path = readonly string[];

export function getAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, key) => asSection(at)?.[key], root);
}

/** A copy with the value at the path; `undefined` removes the key. What is not on the path is shared with `root`. */
export function withAt(root: Section, [key, ...rest]: Path, value: unknown): Patch {
  if (key === undefined) return { ...root };
  const copy: Patch = { ...root };
  if (rest.length > 0) copy[key] = withAt(asSection(root[key]) ?? {}, rest, value);
  else if (value === undefined) delete copy[key];
  else copy[key] = value;
  return copy;
}
