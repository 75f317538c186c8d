// What the documents say is true of the repository: configurations are taken, links lead somewhere, twins agree.
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { documentedKeys } from "../../extensions/qq/src/config/manifest.ts";
import { ChannelSchema } from "../../extensions/qq/src/config/schema.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const SOURCE = join(ROOT, "extensions", "qq", "src");
const documents = globSync(["*.md", "docs/**/*.md", "extensions/qq/README.md", "extensions/qq/skills/**/*.md"], {
  cwd: ROOT,
}).sort();
/** Documents of users, as opposed to those of contributors. */
const guides = documents.filter((file) => /README|docs|skills/.test(file));
const twins = ["README.md", "docs/channels/qq.md", "docs/configuration.md", "docs/napcat/README.md"].map(
  (english) => [english, english.replace(".md", ".zh-CN.md")] as const,
);

const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

interface Block {
  readonly language: string;
  readonly text: string;
}

/** Fenced code, also inside of lists. */
function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)\n\1```$/gm)].map(([, indent = "", language = "", body = ""]) => ({
    language,
    text: body.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  }));
}

const proseOf = (text: string): string => text.replaceAll(/^( *)```[\s\S]*?\n\1```$/gm, "");
const headingsOf = (text: string): string[] => proseOf(text).match(/^#{1,6} .+$/gm) ?? [];
const levelsOf = (text: string): string[] => headingsOf(text).map((heading) => heading.replace(/ .*/, ""));
const countOf = (text: string, line: RegExp): number => proseOf(text).match(line)?.length ?? 0;
const inlineCodeOf = (text: string): string[] =>
  [...proseOf(text).matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
const linksOf = (text: string): string[] =>
  [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^\w+:/.test(target));

/** A heading's address, as GitHub makes it. */
function slugOf(heading: string): string {
  const text = heading.replace(/^#+ /, "").toLowerCase();
  return text.replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(/\s/g, "-");
}

/** The schema as the manifest has it, so that its keys can be walked. */
interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | boolean;
  readonly anyOf?: readonly Shape[];
}
const manifest = JSON.parse(read("extensions/qq/openclaw.plugin.json")) as {
  channelConfigs: { qq: { schema: Shape } };
};
const shape = manifest.channelConfigs.qq.schema;

function keysOf(schema: Shape): string[] {
  const below = typeof schema.additionalProperties === "object" ? keysOf(schema.additionalProperties) : [];
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [key, ...keysOf(value)]);
  return [...own, ...below, ...(schema.anyOf ?? []).flatMap(keysOf)];
}

/** Whether a dotted path below `channels.qq` is one of the schema; a name of an account or a group is free. */
function isPath(schema: Shape, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true;
  const named = schema.properties?.[key];
  const free = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
  const next = named ?? free;
  return next !== undefined && isPath(next, rest);
}

interface Configuration {
  readonly channels?: { readonly qq?: unknown };
}

/** The configuration of the host that a block shows; every block of JSON is one, of YAML what has channels. */
function configurationOf({ language, text }: Block): Configuration | undefined {
  if (/^json5?$/.test(language)) return JSON.parse(JSON.stringify(runInNewContext(`(${text})`))) as Configuration;
  if (!/^ya?ml$/.test(language)) return undefined;
  const parsed = parse(text) as Configuration | null;
  return parsed?.channels ? parsed : undefined;
}

/** Commands of the host, in blocks and in sentences, up to where a shell would go on. */
function commandsOf(text: string): string[] {
  const lines = blocksOf(text).flatMap((block) => block.text.replaceAll(/\\\n\s*/g, "").split("\n"));
  return [...lines, ...inlineCodeOf(text)]
    .map((line) => line.replace(/^\s*\$ /, "").trim())
    .filter((line) => /^openclaw [a-z]/.test(line))
    .map((line) => line.replace(/\s+(?:[|>#;]|&&).*$/, ""));
}

/** The host's pages of a command. */
function pagesOf(name: string): string[] {
  const docs = join(ROOT, "node_modules", "openclaw", "docs");
  const named = [`cli/${name}.md`, `cli/${name}/*.md`, ...(name === "cron" ? ["automation/cron-jobs/*.md"] : [])];
  return globSync(named, { cwd: docs }).map((page) => readFileSync(join(docs, page), "utf8"));
}

/** Where the plugin says what it adds to the host's command line: commands of its own, and flags of `channels add`. */
const OURS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(["bind", "doctor", "import"].map((sub) => [`qq ${sub}`, `cli/${sub}.ts`])),
  "channels add": "config/setup-fields.ts",
};

/** A page cut at its headings; what looks like one in a code block is a comment of the shell. */
function sectionsOf(page: string): string[] {
  let isCode = false;
  const sections: string[] = [];
  for (const line of page.split("\n")) {
    if (/^\s*```/.test(line)) isCode = !isCode;
    if (sections.length === 0 || (!isCode && /^#+ /.test(line))) sections.push(line);
    else sections.push(`${sections.pop()}\n${line}`);
  }
  return sections;
}

/** What is said of a command: the sections that name it or hold options of all of the page, and our own source of it. */
function helpOf(name: string, sub: string): string {
  const source = OURS[`${name} ${sub}`];
  const ours = source === undefined ? [] : [readFileSync(join(SOURCE, source), "utf8")];
  // The host's pages of cron tell its flags by subject, whatever the command.
  if (sub === "" || name === "cron") return pagesOf(name).join("\n");
  const isNamed = new RegExp(`^#.*\\b${sub}\\b|(?:openclaw|\`)(?: ?${name})? ${sub}\\b|\`${sub}\``, "im");
  const isShared = /^#+ .*(?:flags|options)$/im;
  const sections = pagesOf(name).flatMap(sectionsOf);
  if (ours.length === 0 && !sections.some((section) => isNamed.test(section))) return "";
  const told = sections.filter((section) => isShared.test(section) || isNamed.test(section));
  return [...told.map((section) => withoutOthers(section, sub)), ...ours].join("\n");
}

/** The command that a line is about, if it is one that is typed or a row in a table of commands. */
const commandOf = (line: string): string | undefined =>
  /^\s*openclaw \S+ (\S+)/.exec(line)?.[1] ?? /^\| `([a-z]\S*)`/.exec(line)?.[1];

/** Without the lines of a section that are about another command. */
function withoutOthers(section: string, sub: string): string {
  const isKept = (line: string): boolean => [sub, undefined].includes(commandOf(line));
  return section.split("\n").filter(isKept).join("\n");
}

const hasWord = (text: string, word: string): boolean => new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(text);

/** Whether a command is none, or has a flag that nothing says of it. */
function isUnknown(command: string): boolean {
  const [, name = "", word = ""] = command.split(" ");
  const sub = /^[a-z][a-z-]*$/.test(word) ? word : "";
  if (name === "qq" && sub === "") return command !== "openclaw qq";
  const help = helpOf(name, sub);
  const flags = [...command.matchAll(/(?<= )--[a-z][\w-]*/g)].map(([flag]) => flag);
  return help === "" || !flags.every((flag) => hasWord(help, flag));
}

test.each([
  "openclaw channels add --channel qq --to x",
  "openclaw channels add --channel qq --public https://your-host",
  "openclaw qq bind --undo",
  "openclaw qq repair",
  "openclaw message react --media x",
  "openclaw plugins install x --keep-files",
  "openclaw message shout --target x",
  "openclaw nothing",
])("a command or flag that is none is found: %s", (command) => {
  expect(isUnknown(command)).toBe(true);
});

describe.each(documents)("%s", (file) => {
  const text = read(file);

  test("its configurations are taken by the plugin", () => {
    for (const block of blocksOf(text)) {
      const config = configurationOf(block);
      if (config) expect(ChannelSchema.safeParse(config.channels?.qq).error?.issues ?? [], block.text).toEqual([]);
    }
  });

  test("the commands it names are there, with the flags it gives them", () => {
    expect(commandsOf(text).filter(isUnknown)).toEqual([]);
  });

  test("its links lead somewhere", () => {
    for (const link of linksOf(text)) {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? file : join(dirname(file), path);
      expect(existsSync(join(ROOT, target)), `${file}: ${link}`).toBe(true);
      if (anchor === undefined) continue;
      expect(headingsOf(read(target)).map(slugOf), `${file}: ${link}`).toContain(decodeURIComponent(anchor));
    }
  });

  test("the scripts it names are there", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = [...text.matchAll(/\bp?npm (?:run )?(start|test|(?<=run )[\w:-]+)/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test("the files it names are there", () => {
    const named = inlineCodeOf(text).filter((code) => /^[\w.-]+(\/[\w.-]+)+\.(ts|mjs|json|md)$/.test(code));
    const missing = named.filter((path) => !existsSync(join(ROOT, path)) && !existsSync(join(SOURCE, path)));
    expect(missing).toEqual([]);
  });

  test("the variables it names are read by the plugin, the demo or qq:setup", () => {
    const others = globSync(["scripts/qq-setup.ts", "scripts/setup/*.ts", "extensions/qq/src/setup/*.ts"], {
      cwd: ROOT,
    });
    const sources = ["extensions/qq/src/config/account.ts", "demo/main.ts", ...others];
    const code = sources.map(read).join("\n");
    const named = text.match(/\b(?:QQ_[A-Z]+_[A-Z_]+|OPENAI_[A-Z_]+)\b/g) ?? [];
    expect(named.filter((name) => !code.includes(name))).toEqual([]);
  });

  test("the paths of keys it names are in the schema", () => {
    const paths = [...text.matchAll(/channels\.qq\.([\w.*-]+\w)/g)].map(([, path = ""]) => path);
    expect(paths.filter((path) => !isPath(shape, path.split(".")))).toEqual([]);
  });
});

describe.each(guides)("%s", (file) => {
  test("the keys it names are in the schema", () => {
    const keys = new Set(keysOf(shape));
    const camel = inlineCodeOf(read(file)).filter((code) => /^[a-z]+(?:[A-Z][a-z]+)+$/.test(code));
    const set = inlineCodeOf(read(file)).flatMap((code) => /^(\w+): (?:["[{\d]|true|false)/.exec(code)?.[1] ?? []);
    const missing = [...camel, ...set].filter((key) => !keys.has(key));
    expect(missing).toEqual([]);
  });
});

describe.each(twins)("%s and %s", (english, chinese) => {
  const [en, zh] = [read(english), read(chinese)];

  test("have the same headings, tables and steps", () => {
    expect(levelsOf(zh)).toEqual(levelsOf(en));
    for (const line of [/^\|/gm, /^ *\d+\. /gm, /^ *[*-] /gm]) {
      expect(countOf(zh, line), String(line)).toBe(countOf(en, line));
    }
  });

  test("have the same code blocks", () => {
    expect(blocksOf(zh)).toEqual(blocksOf(en));
  });

  test("lead to each other", () => {
    expect(linksOf(en).some((link) => chinese.endsWith(link))).toBe(true);
    expect(linksOf(zh).some((link) => english.endsWith(link))).toBe(true);
  });
});

test.each(["docs/channels/qq.md", "docs/channels/qq.zh-CN.md"])("%s names every check of the doctor", (file) => {
  const sources = globSync(["extensions/qq/src/{doctor,checks}/*.ts"], { cwd: ROOT, exclude: ["**/*.test.ts"] });
  const code = sources.map(read).join("\n");
  const checks = [...code.matchAll(/(?:check: |about\(|find\(checked, )"([a-z-]+)"/g)].map(([, name = ""]) => name);
  expect(checks.length).toBeGreaterThan(20);
  // The webhook's self-test names its checks by the road that it takes.
  const missing = checks.filter((name) => !new RegExp(`\`(?:webhook-(?:public-)?)?${name}\``).test(read(file)));
  expect(missing).toEqual([]);
});

describe.each([
  ["docs/configuration.md", "help"],
  ["docs/configuration.zh-CN.md", "helpZh"],
] as const)("%s", (file, help) => {
  const rows = read(file).matchAll(/^\| `([\w]+)` +\| (.+?) +\| (.*?) *\| (.+?) +\|$/gm);
  const documented = new Map([...rows].map(([, key = "", ...cells]) => [key, cells]));

  test.each(documentedKeys())("A7: %s has a type, its default and its help", (key, text) => {
    const [type, standard, said] = documented.get(key) ?? [];
    expect(type).toMatch(/^[^\s-]/);
    expect(standard).toBe(text.default === undefined ? "" : `\`${text.default}\``);
    expect(said).toBe(text[help]);
  });

  // A default that is a number or an address stands in the help as well: one that is changed alone is found here.
  test.each(documentedKeys().filter(([, text]) => /^\d+$|^https?:/.test(text.default ?? "")))(
    "A7: %s says its default in its help too",
    (_key, text) => {
      expect(text[help]).toContain(text.default);
    },
  );
});

test.each(["README.md", "README.zh-CN.md"])("%s fits on a page", (file) => {
  expect(read(file).split("\n").length).toBeLessThanOrEqual(150);
});

test("the package's README leads nowhere outside of the package", () => {
  expect(
    linksOf(read("extensions/qq/README.md")).filter((link) => link.startsWith("..") || link.startsWith("/")),
  ).toEqual([]);
});

test("the skill is in the package, and the host takes it", () => {
  const { files } = JSON.parse(read("extensions/qq/package.json")) as { files: string[] };
  const { skills } = JSON.parse(read("extensions/qq/openclaw.plugin.json")) as { skills: string[] };
  expect(files).toContain("skills/**");
  expect(skills).toEqual(["./skills"]);
  const [, head = ""] = /^---\n([\s\S]*?)\n---\n/.exec(read("extensions/qq/skills/qq/SKILL.md")) ?? [];
  expect(head).toMatch(/^name: [a-z0-9-]+$/m);
  // The host's "Creating skills": one line, under 160 characters.
  expect(head).toMatch(/^description: [^\n]{20,159}$/m);
});

test("the changelog has the version that is built", () => {
  const { version } = JSON.parse(read("extensions/qq/package.json")) as { version: string };
  expect(read("CHANGELOG.md")).toContain(`## ${version} (`);
});
