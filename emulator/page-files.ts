import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { Hono } from "hono";

const FOLDER = join(import.meta.dirname, "page");

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".json": "application/json; charset=utf-8",
  ".woff2": "font/woff2",
};

/** The web page: `/` is page/index.html, `/page/*` the files beside it. Never cached, so that a reload shows an edit. */
export function createPageFiles(): Hono {
  const page = new Hono();
  page.get("/", () => serveFile("index.html"));
  page.get("/page/*", (c) => serveFile(decodeURIComponent(c.req.path.slice("/page/".length))));
  return page;
}

async function serveFile(name: string): Promise<Response> {
  const path = normalize(join(FOLDER, name));
  const type = TYPES[extname(path)];
  if (!path.startsWith(FOLDER + sep) || type === undefined) return new Response("not found", { status: 404 });
  try {
    const bytes = await readFile(path);
    return new Response(new Uint8Array(bytes), { headers: { "content-type": type, "cache-control": "no-cache" } });
  } catch {
    return new Response("not found", { status: 404 });
  }
}
