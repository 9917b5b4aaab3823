// A client whose types openapi-typescript makes from the description: it asks a
// running server, and tsc checks every field that it reads.
import createClient from "openapi-fetch";
import type { components, paths } from "./api";

declare const process: { argv: string[] };

const client = createClient<paths>({ baseUrl: process.argv[2] });

const found = await client.GET("/api/v1/search", { params: { query: { q: "sauvegarde s3", type: ["exigence"], limit: 2 } } });
if (!found.data) throw new Error(found.error.detail);
const hit: components["schemas"]["Hit"] = found.data.hits[0];
console.log("search", hit.id, hit.level, found.data.corrected === null, hit.page.source);

const record = await client.GET("/api/v1/exigences/{id}", { params: { path: { id: "ex33" } } });
if (!record.data) throw new Error(record.error.detail);
const title: string = record.data.title;
console.log("record", record.data.id, title);

const piece = await client.GET("/api/v1/exigences", { params: { query: { limit: 2, offset: 1, fields: ["title"] } } });
if (typeof piece.data !== "object") throw new Error(piece.error?.detail ?? "a file"); // format= gives a text
console.log("piece", piece.data.total, piece.data.exigences.map((e) => e.id).join(","), piece.response.headers.get("Link") !== null);

const absent = await client.GET("/api/v1/exigences/{id}", { params: { path: { id: "EX999" } } });
console.log("absent", absent.error?.status);

const wrong = await client.GET("/api/v1/search", { params: { query: { q: "a", limit: 1000 } } });
console.log("wrong", wrong.error?.status, wrong.error?.parameter);
