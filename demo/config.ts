import { join } from "node:path";

type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** A model behind an OpenAI-compatible API. */
export interface ModelEndpoint {
  /** Ends in `/v1`. */
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly model?: string;
}

export interface ConfigOptions {
  /** Where everything of this gateway is. */
  readonly directory: string;
  readonly port: number;
  readonly token: string;
  readonly model: ModelEndpoint;
  /** `channels.qq`. */
  readonly channel?: JsonObject | undefined;
  /** Directories of plugins to load where they are. */
  readonly loadPaths?: readonly string[] | undefined;
  /** False while the plugin is not there yet: the host takes its keys for leftovers then, and itself for damaged. */
  readonly plugin?: boolean | undefined;
  /** Merged over the rest, deeply. */
  readonly config?: JsonObject | undefined;
}

/** `openclaw.json` of a gateway that talks to nobody but the given model and to nothing but QQ. */
export function gatewayConfig(options: ConfigOptions): JsonObject {
  const { directory, port, token, channel, loadPaths, plugin = true, config = {} } = options;
  const base: JsonObject = {
    gateway: {
      mode: "local",
      port,
      bind: "loopback",
      auth: { mode: "token", token },
      controlUi: { enabled: false },
    },
    update: { checkOnStart: false },
    discovery: { mdns: { mode: "off" } },
    // The default log file is shared by all gateways of the machine.
    logging: { file: join(directory, "openclaw.log"), level: "info" },
    ...modelConfig(options.model, join(directory, "workspace")),
    session: { dmScope: "per-channel-peer" },
  };
  if (!plugin) return base;
  const load = loadPaths && { load: { paths: loadPaths } };
  const withPlugin: JsonObject = {
    plugins: { allow: ["qq"], entries: { qq: { enabled: true } }, ...load },
    ...(channel && { channels: { qq: channel } }),
  };
  return merge(merge(base, withPlugin), config);
}

function modelConfig({ baseUrl, apiKey = "none", model = "stand-in" }: ModelEndpoint, workspace: string): JsonObject {
  const free = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  const entry = {
    id: model,
    name: model,
    reasoning: false,
    input: ["text", "image"],
    cost: free,
    contextWindow: 128_000,
    maxTokens: 4096,
  };
  return {
    agents: { defaults: { workspace, skipBootstrap: true, model: { primary: `demo/${model}` } } },
    models: {
      mode: "replace",
      providers: { demo: { baseUrl, apiKey, api: "openai-completions", models: [entry] } },
    },
  };
}

/** Objects are merged key by key; anything else is replaced. */
export function merge(base: JsonObject, over: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isObject(below) && isObject(value) ? merge(below, value) : value;
  }
  return merged;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
