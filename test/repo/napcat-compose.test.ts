// docs/napcat/compose.yaml, as far as it can be checked without a container engine.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { LISTENER_TOKEN_LENGTH } from "../../extensions/qq/src/config/onebot-schema.ts";
import { ChannelSchema } from "../../extensions/qq/src/config/schema.ts";

const FOLDER = join(import.meta.dirname, "..", "..", "docs", "napcat");
const read = (file: string): string => readFileSync(join(FOLDER, file), "utf8");

/** What the file uses of the Compose Specification (github.com/compose-spec/compose-spec, schema/compose-spec.json). */
const Name = z.string().regex(/^[a-zA-Z0-9._-]+$/);
const Service = z.strictObject({
  image: z.string(),
  restart: z.enum(["no", "always", "on-failure", "unless-stopped"]),
  init: z.boolean().optional(),
  depends_on: z.array(Name).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  command: z.array(z.string()).optional(),
  configs: z.array(z.strictObject({ source: Name, target: z.string() })).optional(),
  volumes: z.array(z.string()),
  ports: z.array(z.string()),
  mac_address: z
    .string()
    .regex(/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/)
    .optional(),
});
const Compose = z.strictObject({
  name: Name,
  services: z.strictObject({ napcat: Service, openclaw: Service }),
  configs: z.record(Name, z.strictObject({ content: z.string() })),
  volumes: z.record(Name, z.null()),
});

/** NapCat's configuration, the keys that decide whether anybody can connect (onebot-napcat.md 1.1). */
const Listener = z.object({
  name: z.string(),
  enable: z.boolean(),
  host: z.string(),
  port: z.number(),
  token: z.string(),
  messagePostFormat: z.literal("array"),
});
const OneBot11 = z.object({
  network: z.object({ httpServers: z.array(Listener).length(1), websocketServers: z.array(Listener).length(1) }),
});

const compose = Compose.parse(parse(read("compose.yaml")));
const { napcat, openclaw } = compose.services;
const patch = JSON.parse(read("openclaw.patch.json")) as { channels: { qq: Record<string, unknown> } };

/** Values of the variables, as somebody has filled them in. */
const filledIn = new Map(
  [...read(".env.example").matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = ""]) => [name, "0".repeat(48)]),
);

/** Replaces `${NAME}`, `${NAME:-default}` and `${NAME:?error}` as Compose does. */
function interpolate(text: string): string {
  return text.replaceAll(
    /\$\{(\w+)(?::([-?])([^}]*))?\}/g,
    (whole, name: string, sign: string | undefined, rest = "") => {
      const value = filledIn.get(name);
      if (value === undefined && sign !== "-") throw new Error(`${whole} is not in .env.example`);
      return value ?? String(rest);
    },
  );
}

const [onebot] = napcat.configs ?? [];
const written = OneBot11.parse(JSON.parse(interpolate(compose.configs[onebot?.source ?? ""]?.content ?? "")));
const [http] = written.network.httpServers;
const [ws] = written.network.websocketServers;

const sourcesOf = (volumes: readonly string[]): string[] => volumes.map((volume) => volume.split(":")[0] ?? "");

describe("docs/napcat/compose.yaml", () => {
  test("asks for no variable that .env.example does not offer, and has defaults for the others", () => {
    expect(() => interpolate(read("compose.yaml"))).not.toThrow();
  });

  test("mounts what is there, and volumes that it declares", () => {
    for (const volume of [...napcat.volumes, ...openclaw.volumes]) {
      const [source = "", target = ""] = volume.split(":");
      expect(target).toMatch(/^\//);
      if (source.startsWith(".")) expect(existsSync(join(FOLDER, source)), volume).toBe(true);
      else expect(Object.keys(compose.volumes)).toContain(source);
    }
  });

  test("keeps NapCat's folders to NapCat", () => {
    expect(sourcesOf(openclaw.volumes).filter((source) => sourcesOf(napcat.volumes).includes(source))).toEqual([]);
  });

  test("publishes nothing beyond this machine, and OneBot not at all", () => {
    for (const port of [...napcat.ports, ...openclaw.ports]) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    expect(napcat.ports).toEqual(["127.0.0.1:6099:6099"]);
  });

  test("gives NapCat its configuration where the image takes it from", () => {
    expect(onebot?.target).toBe(`/app/templates/${napcat.environment["MODE"]}.json`);
  });

  test("has both servers on, on every address of the container, with one token", () => {
    for (const server of [http, ws]) expect(server).toMatchObject({ enable: true, host: "0.0.0.0" });
    expect(ws?.token).toBe(http?.token);
    expect(http?.name).not.toBe(ws?.name);
  });

  test("wants tokens that are long enough to be tried in vain, and says how to make them", () => {
    const example = read(".env.example");
    for (const name of ["NAPCAT_TOKEN", "NAPCAT_WEBUI_TOKEN", "OPENCLAW_GATEWAY_TOKEN"]) {
      expect(read("compose.yaml")).toContain(`\${${name}:?`);
      expect(example).toMatch(new RegExp(`${LISTENER_TOKEN_LENGTH} characters or more[^=]*\\n${name}=\\n`));
    }
    expect(example).toContain("openssl rand -hex 24");
    expect(http?.token.length).toBeGreaterThanOrEqual(LISTENER_TOKEN_LENGTH);
  });

  test("agrees with the configuration of the plugin, which the plugin takes", () => {
    const { qq } = patch.channels;
    expect(ChannelSchema.safeParse(qq).error?.issues ?? []).toEqual([]);
    expect(qq).toMatchObject({ httpUrl: `http://napcat:${http?.port}`, wsUrl: `ws://napcat:${ws?.port}` });
    const { id } = qq["accessToken"] as { id: string };
    expect(interpolate(String(openclaw.environment[id]))).toBe(http?.token);
  });

  test("has the plugin and its configuration where the steps install them from", () => {
    const targets = openclaw.volumes.map((volume) => volume.split(":")[1] ?? "");
    for (const file of ["README.md", "README.zh-CN.md"]) {
      const named = read(file).match(/\/opt\/[\w.-]+/g) ?? [];
      expect(named.toSorted()).toEqual(targets.filter((target) => target.startsWith("/opt")).toSorted());
    }
  });

  test("is explained in both languages, and says what was not run", () => {
    const comments = read("compose.yaml").match(/^ *#.*$/gm) ?? [];
    expect(comments.some((line) => line.includes("Not run"))).toBe(true);
    expect(comments.some((line) => line.includes("未运行"))).toBe(true);
  });
});
