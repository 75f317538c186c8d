import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMediaFixture } from "./testing/media.ts";
import { createDisk } from "./disk.ts";
import { openSource, type FileSource } from "./sources.ts";

const disk = createDisk();
const path = disk.write("图 1.png", Buffer.from("on disk"));
const received = createMediaFixture("from a key", "收到.png");

const server = createServer((request, response) => {
  if (request.url === "/gone") response.writeHead(404).end();
  else response.end("over http");
});
let url = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const open = async (source: FileSource): Promise<string> => {
  const opened = await openSource(source, { disk, find: (key) => (key === "KEY.png" ? received : undefined) });
  return `${opened.name ?? "-"}: ${opened.bytes.toString()}`;
};
const base64 = Buffer.from("in base64").toString("base64");

describe("sources of files (4.6)", () => {
  it("takes every form", async () => {
    expect(await open({ file: path })).toBe("图 1.png: on disk");
    expect(await open({ file: `file://${encodeURI(path)}` })).toBe("图 1.png: on disk");
    expect(await open({ file: `base64://${base64}` })).toBe("-: in base64");
    expect(await open({ file: `base64:${base64}` })).toBe("-: in base64");
    expect(await open({ file: `data:text/plain;base64,${base64}` })).toBe("-: in base64");
    expect(await open({ file: `${url}/a%20b.txt` })).toBe("a b.txt: over http");
    expect(await open({ file: "KEY.png" })).toBe("收到.png: from a key");
  });

  it("prefers url to file and file to path, and passes over what is blank", async () => {
    expect(await open({ url: `${url}/u`, file: `base64://${base64}` })).toBe("u: over http");
    expect(await open({ url: " ", file: `base64://${base64}`, path })).toBe("-: in base64");
    expect(await open({ url: "", file: "", path })).toBe("图 1.png: on disk");
  });

  it("knows no path but those of its own disk, as another host does", async () => {
    await expect(open({ file: `file://${import.meta.filename}` })).rejects.toThrow(
      /^ENOENT: no such file or directory/,
    );
    const uri = import.meta.filename;
    await expect(open({ file: uri })).rejects.toThrow(`文件处理失败: 识别URL失败, uri= ${uri}`);
    await expect(open({ file: String.raw`C:\a.png` })).rejects.toThrow(String.raw`识别URL失败, uri= C:\a.png`);
    await expect(open({ file: "UNKNOWN.png" })).rejects.toThrow("识别URL失败");
    await expect(open({})).rejects.toThrow(/^文件处理失败: 识别URL失败, uri= $/);
  });

  it("passes on why a download failed, and sends nothing empty", async () => {
    await expect(open({ url: `${url}/gone` })).rejects.toThrow(/^下载文件失败: Not Found$/);
    await expect(open({ file: "base64://" })).rejects.toThrow(/^文件异常，大小为0$/);
  });
});
