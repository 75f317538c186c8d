import type { ModelTurn } from "../../../demo/model.ts";
import type { WireEntry } from "../../../emulator/control.ts";

/** One answer on its way: what the agent did, and what the plugin then called. */
export interface Trace {
  readonly about: string;
  readonly agent: readonly ModelTurn[];
  readonly calls: readonly TracedCall[];
}

export interface TracedCall {
  /** Method and path, the ids in it by their names. */
  readonly call: string;
  readonly body: unknown;
  /** Status, with QQ's code where it refused, and what later calls refer to. */
  readonly answer: unknown;
}

/** Longer texts are told by their beginning and their length, UTF-16 units. */
const MOST_UNITS = 120;
/** Steps of a stream depend on the clock: those between the first and the last are told by one line. */
const STREAM = /\/stream_messages$/;
const HIDDEN_KEYS: ReadonlySet<string> = new Set([
  "remain_msg_len",
  "timestamp",
  "trace_id",
  "message",
  "err_code",
  "ttl",
  "file_uuid",
  "raw_url",
]);

/**
 * What went over the wire to one chat, without what differs from run to run: `names` are the ids that are known by
 * name; others are numbered by kind, in the order they come.
 */
export function traceCalls(entries: readonly WireEntry[], names: ReadonlyMap<string, string>): readonly TracedCall[] {
  const name = namer(names);
  const calls = entries.map(({ title, body }) => {
    const [, call = "", status = ""] = /^(.*) (\d+)$/.exec(title) ?? [];
    const { request, answer } = body as { readonly request?: unknown; readonly answer?: unknown };
    return { call: name(call), body: plain(request, name), answer: outcome(Number(status), answer, name) };
  });
  return foldStreams(calls);
}

/** What the agent said, long texts cut as in the calls. */
export function traceSteps(steps: readonly (string | ModelTurn)[]): readonly ModelTurn[] {
  const turns = steps.map((step) => (typeof step === "string" ? { text: step } : step));
  // Cutting texts changes no shape.
  return plain(turns, (text) => text) as readonly ModelTurn[];
}

type Namer = (text: string) => string;

/** Kinds of ids, and what they are called where they have no name. */
const IDS: readonly (readonly [kind: string, id: RegExp])[] = [
  ["message", /ROBOT1\.0_[\w-]+!/g],
  ["index", /REFIDX_[\w-]+==/g],
  ["stream", /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g],
  ["file_info", /(?<![\w-])[\w-]{76}(?![\w-])/g],
];

function namer(names: ReadonlyMap<string, string>): Namer {
  const known = new Map(names);
  const counts = new Map<string, number>();
  const nameFor = (kind: string) => (id: string) => {
    const name = known.get(id) ?? `<${kind} ${(counts.get(kind) ?? 0) + 1}>`;
    if (!known.has(id)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    known.set(id, name);
    return name;
  };
  return (text) => {
    const named = [...names].reduce((said, [id, name]) => said.replaceAll(id, name), text);
    return IDS.reduce((said, [kind, id]) => said.replaceAll(id, nameFor(kind)), named);
  };
}

function plain(value: unknown, name: Namer): unknown {
  if (typeof value === "string") return shorten(name(value));
  if (Array.isArray(value)) return value.map((each) => plain(each, name));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner, name)]));
}

function shorten(text: string): string {
  return text.length <= MOST_UNITS ? text : `${text.slice(0, MOST_UNITS / 2)}… (${text.length} units)`;
}

function outcome(status: number, answer: unknown, name: Namer): unknown {
  if (typeof answer !== "object" || answer === null) return status;
  const told = Object.entries(answer).filter(([key]) => !HIDDEN_KEYS.has(key));
  const { id, ext_info, ...rest } = Object.fromEntries(told);
  // Names are given in the order of the calls: an id that only an answer has counts too.
  for (const unsaid of [id, ext_info?.ref_idx]) if (typeof unsaid === "string" && unsaid !== "") name(unsaid);
  return Object.keys(rest).length === 0 ? status : { status, ...(plain(rest, name) as object) };
}

function foldStreams(calls: readonly TracedCall[]): readonly TracedCall[] {
  const steps = calls.filter(({ call }) => STREAM.test(call));
  const [first, last] = [steps[0], steps.at(-1)];
  return calls.flatMap((call) => {
    if (!STREAM.test(call.call)) return [call];
    if (call === first) return [withBody(call, { content_raw: "<the beginning of the answer>" })];
    if (call === last) return [withBody(call, { index: "<one more than before>" })];
    return call === steps[1]
      ? [withBody(call, { index: "<1, 2, 3 …>", content_raw: "<more of it at each step>" })]
      : [];
  });
}

function withBody(call: TracedCall, more: object): TracedCall {
  return { ...call, body: { ...(call.body as object), ...more } };
}
