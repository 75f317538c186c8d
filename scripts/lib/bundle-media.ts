import { dirname, join } from "node:path";
import type { Plugin } from "rolldown";

/** Makes a file of its own of what is named `new URL("./x.ts", import.meta.url)`, and puts its name in the place. */
const workers: Plugin = {
  name: "workers",
  transform(code, id) {
    if (!id.endsWith(".ts") || !code.includes("import.meta.url")) return null;
    return code.replaceAll(/new URL\("(\.\/[\w-]+\.ts)", import\.meta\.url\)/g, (_, file: string) => {
      const reference = this.emitFile({ type: "chunk", id: join(dirname(id), file) });
      return `new URL(import.meta.ROLLUP_FILE_URL_${reference})`;
    });
  },
};

/**
 * The decoders can start workers of their own from text. Ours run in one already, and code made of text is what the host's
 * scanner calls dangerous.
 */
const noWorkersOfText: Plugin = {
  name: "no-workers-of-text",
  resolveId: (source) => (source === "@eshaz/web-worker" ? "\0no-worker" : null),
  load: (id) => (id === "\0no-worker" ? "export default class {}" : null),
};

/**
 * What silk-wasm does to find its code by file or network, and to make functions of text, and what stands there instead.
 * Its names are those that its minifier gave, so a new version ends the build until this was looked at.
 */
const SILK_EDITS: readonly (readonly [RegExp, string])[] = [
  [/(?<=async function\(moduleArg=\{)(?=\}\))/, "wasmBinary"],
  [/if\(t\)\{let\{createRequire:.*?import\.meta\.url\)\}/, ""],
  [/if\(t\)\{var fs=.*?(?=console\.log\.bind)/, ""],
  [/if\(!C&&typeof WebAssembly\.instantiateStreaming.*?falling back to ArrayBuffer instantiation"\)\}/, ""],
  [/new URL\("silk\.wasm",import\.meta\.url\)\.href/, '"silk.wasm"'],
  [/(?<=ea=)import\.meta\.url/, '""'],
  [/new Function\(\.\.\.yb,zb\)\(\.\.\.z\)/, "exported(z,x,Qa)"],
  [/new Function\(\.\.\.h,e\+`\};\n`\)\(\.\.\.l\)/, "methodCaller(c,b,d,sb)"],
];

/**
 * What the two functions of text did. A function of the module: arguments are put into its memory, it is called, they are
 * freed, its answer is read. A function of ours that the module calls: its arguments are read from the module's memory.
 */
const SILK_CALLS = `
const exported = ([, , invoke, pointer, free, result, , ...types], count, returns) => (...values) => {
  const freed = [];
  const wired = types.slice(0, count).map((type, i) => type.toWireType(freed, values[i]));
  const answer = invoke(pointer, ...wired);
  free(freed);
  return returns ? result.fromWireType(answer) : undefined;
};
const methodCaller = (result, types, kind, answer) => (object, method, freed, place) => {
  const values = types.map((type) => {
    const value = type.readValueFromPointer(place);
    place += type.H;
    return value;
  });
  const returned = kind === 1 ? new method(...values) : method.call(...(kind === 0 ? [object] : []), ...values);
  return result.L ? undefined : answer(result, freed, returned);
};
`;

const silkInside: Plugin = {
  name: "silk-inside",
  resolveId(source, importer) {
    return source === "silk-wasm" ? this.resolve("silk-wasm/lib/index.mjs", importer) : null;
  },
  transform(code, id) {
    if (!/[\\/]silk-wasm[\\/]lib[\\/]index\.mjs$/.test(id)) return null;
    const edited = SILK_EDITS.reduce((text, [pattern, replacement]) => {
      if (!pattern.test(text)) throw new Error(`${id} no longer has ${pattern}`);
      return text.replace(pattern, replacement);
    }, code);
    return `import wasmBinary from "./silk.wasm";\n${SILK_CALLS}${edited}`;
  },
};

/** What the libraries of `src/media` need to be bundled: no file beside them, no network, no code made of text. */
export const mediaPlugins: readonly Plugin[] = [workers, noWorkersOfText, silkInside];
