// ajv: lines of JSON, two workers, all errors, three files written.
//
//     node ajv_peer.mjs FILE.ndjson SCHEMA FOLDER

import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { Worker, isMainThread, workerData, parentPort } from "node:worker_threads";

const WORKERS = 2;
const READ_BYTES = 1024 * 1024;

/** Where the parts begin and end: always at the start of a line. */
function cuts(file) {
  const size = fs.statSync(file).size;
  const handle = fs.openSync(file, "r");
  const bounds = [0];
  for (let number = 1; number < WORKERS; number++) {
    const at = Math.floor((size * number) / WORKERS);
    const buffer = Buffer.alloc(READ_BYTES);
    const read = fs.readSync(handle, buffer, 0, READ_BYTES, at);
    bounds.push(at + buffer.subarray(0, read).indexOf(10) + 1);
  }
  fs.closeSync(handle);
  return [...bounds, size];
}

function part({ file, schema, folder, number, start, end, modules }) {
  const require = createRequire(modules);
  const Ajv = require("ajv/dist/2020").default;
  const validate = new Ajv({ allErrors: true, strict: false }).compile(
    JSON.parse(fs.readFileSync(schema, "utf8")),
  );
  const open = (name) => fs.openSync(path.join(folder, `${name}.${number}`), "w");
  const [valid, invalid, errors] = ["valid", "invalid", "errors"].map(open);
  const handle = fs.openSync(file, "r");
  const buffer = Buffer.alloc(READ_BYTES);
  let kept = 0;
  let rejected = 0;
  let at = start;
  while (at < end) {
    const read = fs.readSync(handle, buffer, kept, Math.min(READ_BYTES - kept, end - at), at);
    at += read;
    const filled = kept + read;
    const whole = buffer.lastIndexOf(10, filled - 1) + 1;
    const out = { valid: [], invalid: [], errors: [] };
    for (const line of buffer.toString("utf8", 0, whole).split("\n")) {
      if (line === "") continue;
      if (validate(JSON.parse(line))) {
        out.valid.push(line);
      } else {
        out.invalid.push(line);
        out.errors.push(JSON.stringify(validate.errors.map((e) => [e.instancePath, e.message])));
        rejected++;
      }
    }
    for (const [name, to] of Object.entries({ valid, invalid, errors })) {
      if (out[name].length > 0) fs.writeSync(to, out[name].join("\n") + "\n");
    }
    buffer.copy(buffer, 0, whole, filled);
    kept = filled - whole;
  }
  parentPort.postMessage(rejected);
}

if (isMainThread) {
  const [file, schema, folder] = process.argv.slice(2);
  const modules = path.join(process.env.AJV_FOLDER ?? process.cwd(), "package.json");
  const bounds = cuts(file);
  let rejected = 0;
  let open = WORKERS;
  for (let number = 0; number < WORKERS; number++) {
    const data = { file, schema, folder, number, start: bounds[number], end: bounds[number + 1], modules };
    const worker = new Worker(new URL(import.meta.url), { workerData: data });
    worker.on("error", (error) => {
      console.error(error);
      process.exit(2);
    });
    worker.on("message", (count) => {
      rejected += count;
      if (--open === 0) console.log(`rejected=${rejected}`);
    });
  }
} else {
  part(workerData);
}
