import type { Wording } from "../errors.ts";

type Line = Wording | ((...facts: string[]) => Wording);

/** What the command says around the keys. */
export const say = {
  nothing: {
    en: "Nothing to move in: no settings of another QQ plugin were found.",
    zh: "没有可迁移的内容：未找到其他 QQ 插件的配置。",
  },
  movingFrom: (path, known) => ({ en: `From ${path} (${known})`, zh: `来自 ${path}（${known}）` }),
  taken: { en: "taken over", zh: "已接管" },
  dropped: { en: "dropped", zh: "未保留" },
  unset: { en: "(not set)", zh: "（未设置）" },
  conflict: (path) => ({
    en: `${path} is set up already, so nothing of this is moved; --force overwrites it`,
    zh: `${path} 已经配置，因此未迁移此部分；使用 --force 可覆盖`,
  }),
  disabled: (plugin) => ({
    en: `The plugin ${plugin} is switched off, so that two plugins do not fight for one bot.`,
    zh: `插件 ${plugin} 已停用，避免两个插件争用同一个机器人。`,
  }),
  bindings: (count) => ({
    en: `Entries of bindings that now name the channel qq: ${count}.`,
    zh: `bindings 中已改为 qq 渠道的条目：${count} 个。`,
  }),
  willWrite: { en: "What would be written:", zh: "将写入：" },
  written: { en: "Written:", zh: "已写入：" },
  removed: { en: "removed", zh: "删除" },
  dryRun: { en: "Nothing was changed (--dry-run).", zh: "未作任何更改（--dry-run）。" },
  backup: (file) => ({
    en: `What was there is kept in ${file} (it holds secrets; only you can read it). openclaw qq import --undo puts it back.`,
    zh: `原内容保存在 ${file}（含密钥，仅你可读）。运行 openclaw qq import --undo 可恢复。`,
  }),
  hostKeeps: {
    en: "What was there stays, secrets included, in the host's copy of the old file: openclaw.json.bak beside the configuration (the five last writes are kept). Copy what you need before it is overwritten.",
    zh: "原内容（含密钥）保留在宿主的旧文件副本中：配置文件旁的 openclaw.json.bak（保留最近五次写入）。请在被覆盖前备份所需内容。",
  },
  next: {
    en: "Next: a running gateway takes this over by itself; else run openclaw gateway restart. Then openclaw qq doctor.",
    zh: "接下来：运行中的网关会自动生效，否则请运行 openclaw gateway restart；然后运行 openclaw qq doctor。",
  },
  wrong: {
    en: "Nothing was written, because the host would refuse the result:",
    zh: "未写入任何内容，因为宿主不接受该结果：",
  },
  noBackup: {
    en: "There is nothing to undo: no backup of an import was found.",
    zh: "没有可撤销的内容：未找到导入备份。",
  },
  changedSince: (path) => ({
    en: `${path} was changed after the import; --force puts the old value back all the same`,
    zh: `${path} 在导入后又被修改；使用 --force 可强制恢复旧值`,
  }),
  undone: (file) => ({
    en: `Put back what was there before the import. The backup stays as ${file}; delete it when you no longer need it.`,
    zh: `已恢复导入前的内容。备份仍保留为 ${file}，不再需要时请删除。`,
  }),
  badBackup: (file) => ({
    en: `${file} cannot be read as a backup: restore the configuration from the host's openclaw.json.bak, then delete the file`,
    zh: `无法读取备份 ${file}：请从宿主的 openclaw.json.bak 恢复配置，然后删除该文件`,
  }),
  badAccount: (account) => ({
    en: `--account ${account} is no name for an account; write a-z, 0-9, - and _, beginning with a letter or a digit`,
    zh: `--account ${account} 不能用作账号名；请使用 a-z、0-9、- 和 _，并以字母或数字开头`,
  }),
  unknownFrom: (from, ids) => ({
    en: `--from ${from} is not known; write one of ${ids}`,
    zh: `--from ${from} 无法识别，请使用：${ids}`,
  }),
} as const satisfies Record<string, Line>;
