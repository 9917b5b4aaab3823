// Holds a JSON document against a JSON schema (draft-07 or 2020-12): nothing said when it is
// valid; else what is wrong, and exit code 1.
import { readFileSync } from "node:fs";
import Ajv from "ajv";
import Ajv2020 from "ajv/dist/2020.js";
import formats from "ajv-formats";

const [schema, document] = process.argv.slice(2).map((name) => JSON.parse(readFileSync(name, "utf8")));
const Draft = String(schema.$schema).includes("2020-12") ? Ajv2020 : Ajv;
const ajv = new Draft({ strict: false, allErrors: true });
formats(ajv);
const valid = ajv.compile(schema);
if (!valid(document)) {
  for (const e of valid.errors.slice(0, 20)) console.log(e.instancePath || "/", e.message, JSON.stringify(e.params));
  process.exit(1);
}
