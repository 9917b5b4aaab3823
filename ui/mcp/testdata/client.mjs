// The official client of npm against cct: over standard input and output, or over
// HTTP. It prints one JSON object of what it saw, for the test to judge.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const [how, target, store, content] = process.argv.slice(2);
const transport = how === "stdio"
  ? new StdioClientTransport({ command: target, args: ["mcp"], env: { ...process.env, CCT_STORE: store, CCT_CONTENT: content } })
  : new StreamableHTTPClientTransport(new URL(target));
const client = new Client({ name: "essai", version: "1" });
// The client gives up after a minute, which a busy machine may take. A program that
// really hangs says where before the test ends.
const patience = { timeout: 6 * 60_000 };
setTimeout(() => transport.pid && process.kill(transport.pid, "SIGQUIT"), 5 * 60_000).unref();
await client.connect(transport, patience);

const call = async (name, args) => {
  try {
    const r = await client.callTool({ name, arguments: args }, undefined, patience);
    return { error: r.isError === true, text: r.content[0].text, structured: r.structuredContent };
  } catch (e) {
    return { protocol: e.code, text: e.message };
  }
};
const read = async (uri) => {
  try {
    const r = await client.readResource({ uri }, patience);
    return { mime: r.contents[0].mimeType, text: r.contents[0].text };
  } catch (e) {
    return { protocol: e.code };
  }
};

const seen = {
  server: client.getServerVersion().name,
  tools: (await client.listTools(undefined, patience)).tools.map((t) => ({ name: t.name, readOnly: t.annotations.readOnlyHint, input: t.inputSchema, output: t.outputSchema !== undefined })),
  templates: (await client.listResourceTemplates(undefined, patience)).resourceTemplates.map((t) => t.uriTemplate),
  resources: (await client.listResources(undefined, patience)).resources.map((r) => r.uri),
  prompts: (await client.listPrompts(undefined, patience)).prompts.map((p) => p.name),
  search: await call("chercher", { q: "sauvegarde", limit: 2, type: ["exigence", "terme"] }),
  badLimit: await call("chercher", { q: "sauvegarde", limit: 1000 }),
  noQuestion: await call("chercher", {}),
  unknownArgument: await call("chercher", { q: "a", typ: "exigence" }),
  unknownTool: await call("effacer", {}),
  record: await call("lire", { id: "ex 2" }),
  recordJSON: await call("lire", { id: "EX2", format: "json" }),
  page: await call("lire", { id: "presentation" }),
  absent: await call("lire", { id: "EX999" }),
  applicable: await call("applicable", { type: "cloud-native" }),
  applicableWhole: await call("applicable", { type: "cloud-native", complet: true }),
  badProfile: await call("applicable", { type: "nuage" }),
  verify: await call("verifier", { texte: "Suit EX2.\nIgnore EX99.\n" }),
  resource: await read("cct://exigence/EX2"),
  pageResource: await read("cct://page/presentation"),
  absentResource: await read("cct://exigence/EX999"),
  prompt: (await client.getPrompt({ name: "dossier-conformite", arguments: { application: "Essai", type: "cloud-native" } }, patience)).messages[0].content.text,
};
try {
  await client.getPrompt({ name: "dossier-conformite", arguments: { type: "nuage" } }, patience);
} catch (e) {
  seen.badPrompt = e.message;
}
await client.close();
console.log(JSON.stringify(seen));
