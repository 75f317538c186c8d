import { createCipheriv, randomBytes } from "node:crypto";
import type { Clock } from "./clock.ts";
import type { BindOrder, PendingBind } from "./control.ts";
import { openid } from "./ids.ts";
import { ControlError } from "./refusal.ts";
import type { Rules } from "./rules.ts";
import { pick, plantBot, type State } from "./state.ts";

/** Body of every answer of these calls: refused by `retcode`, whatever the HTTP status (qq-official.md 12). */
export interface BindAnswer {
  readonly retcode: number;
  readonly msg: string;
  readonly data?: object;
}

interface Task {
  readonly id: string;
  readonly key: Buffer;
  expiresAt: number;
  /** The page on the phone was opened. */
  opened: boolean;
  result?: { readonly appId: string; readonly secret: string; readonly userOpenid: string };
}

/** Scan to bind: who asks for a bot, and what people on their phones do about it. */
export interface BindDesk {
  create(body: unknown): BindAnswer;
  poll(body: unknown): BindAnswer;
  /** The page is opened; false when there is no such task, or it is over. */
  open(taskId: string): boolean;
  /** Plays the person with the phone. */
  order(order: BindOrder, state: State): { task?: string; bot?: string };
  pending(): PendingBind[];
  clear(): void;
}

const KEY_BYTES = 32;
/** Codes and texts are not published (INF). */
const refused = {
  body: { retcode: 10001, msg: "参数错误" },
  task: { retcode: 10002, msg: "任务不存在" },
} as const;

export function createBindDesk(clock: Clock, rules: Pick<Rules, "bindTaskMs">, changed: () => void): BindDesk {
  const tasks = new Map<string, Task>();
  const failures: { call: "create" | "poll"; left: number; retcode: number }[] = [];
  const isOpen = (task: Task): boolean => task.expiresAt > clock.now();
  const failure = (call: "create" | "poll"): BindAnswer | undefined => {
    const found = failures.find((each) => each.call === call && each.left > 0);
    if (!found) return undefined;
    found.left -= 1;
    return { retcode: found.retcode, msg: "系统繁忙" };
  };
  const newest = (id: string | undefined): Task => {
    const open = [...tasks.values()].filter((task) => isOpen(task) && (id === undefined || task.id === id));
    const task = open.at(-1);
    if (!task) throw new ControlError(id === undefined ? "nobody waits for a scan" : `there is no open task "${id}"`);
    return task;
  };
  return {
    create(body) {
      const failed = failure("create");
      if (failed) return failed;
      const key = keyOf(body);
      if (!key) return refused.body;
      // Nobody may guess an id, in whatever run: whoever has it reads the secret.
      const id = randomBytes(16).toString("hex");
      tasks.set(id, { id, key, expiresAt: clock.now() + rules.bindTaskMs, opened: false });
      changed();
      return { retcode: 0, msg: "ok", data: { task_id: id } };
    },
    poll(body) {
      const failed = failure("poll");
      if (failed) return failed;
      const task = tasks.get(text(body, "task_id") ?? "");
      return task ? { retcode: 0, msg: "ok", data: show(task, isOpen(task)) } : refused.task;
    },
    open(taskId) {
      const task = tasks.get(taskId);
      if (!task || !isOpen(task)) return false;
      task.opened = true;
      return true;
    },
    order(order, state) {
      if (order.do === "fail") {
        failures.push({ call: order.call, left: order.times ?? 1, retcode: order.retcode ?? -1 });
        return {};
      }
      const task = newest(order.task);
      if (order.do === "expire") task.expiresAt = clock.now();
      else confirm(task, order, state);
      changed();
      return { task: task.id, ...(task.result && { bot: task.result.appId }) };
    },
    pending: () =>
      [...tasks.values()]
        .filter((task) => isOpen(task) && !task.result)
        .map(({ id, expiresAt, opened }) => ({ task: id, expiresAt, opened })),
    clear() {
      tasks.clear();
      failures.length = 0;
    },
  };
}

function confirm(task: Task, order: BindOrder & { do: "confirm" }, state: State): void {
  if (task.result) throw new ControlError(`the task "${task.id}" was confirmed already`);
  const person =
    order.person === undefined ? [...state.people.values()][0] : pick(state.people, order.person, "person");
  const bot = order.bot === undefined ? newBot(state, order.name) : pick(state.bots, order.bot, "bot");
  task.opened = true;
  task.result = {
    appId: bot.appId,
    secret: bot.secret,
    userOpenid: person ? openid(bot.appId, "user", person.id) : "",
  };
}

/** A bot of the kind that the OpenClaw entry makes: no address list, addresses in direct messages (qq-official.md 12). */
function newBot(state: State, name = "新机器人") {
  let number = 102900001;
  while (state.bots.has(String(number))) number += 1;
  const appId = String(number);
  const bot = plantBot({ appId, secret: randomBytes(21).toString("base64url"), name, ipAllowed: true, c2cUrls: true });
  state.bots.set(appId, bot);
  return bot;
}

function show({ key, opened, result }: Task, isOpen: boolean): object {
  if (!isOpen) return { status: 3 };
  if (!result) return { status: opened ? 1 : 0, bot_appid: "", bot_encrypt_secret: "", user_openid: "" };
  return {
    status: 2,
    bot_appid: result.appId,
    bot_encrypt_secret: seal(result.secret, key),
    user_openid: result.userOpenid,
  };
}

/** AES-256-GCM; IV, ciphertext and tag in one, in base64. */
function seal(secret: string, key: Buffer): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  const sealed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
  return Buffer.concat([iv, sealed, cipher.getAuthTag()]).toString("base64");
}

function keyOf(body: unknown): Buffer | undefined {
  const key = text(body, "key");
  if (key === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(key)) return undefined;
  const bytes = Buffer.from(key, "base64");
  return bytes.length === KEY_BYTES ? bytes : undefined;
}

function text(body: unknown, name: string): string | undefined {
  const value: unknown =
    typeof body === "object" && body !== null ? Object.entries(body).find(([key]) => key === name)?.[1] : undefined;
  return typeof value === "string" ? value : undefined;
}
