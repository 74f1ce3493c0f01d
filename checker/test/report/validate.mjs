// SPDX-License-Identifier: MIT
//
// Checks SARIF logs by the JSON schema of SARIF 2.1.0 and by Microsoft's
// multitool with the rules of GitHub: no error and no warning.
//
//	node validate.mjs [--self-test] MODULES LOG...
//
// MODULES is the folder in which package.json was installed. --self-test spoils
// the first log in several ways and expects each to be found, and compares the
// fingerprints for GitHub with the multitool's.

import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";

const args = process.argv.slice(2);
const selfTest = args[0] === "--self-test" && Boolean(args.shift());
const [modules, ...logs] = args;
const tool = modules && path.resolve(modules, "node_modules/@microsoft/sarif-multitool-linux");

if (!tool || !logs.length || !existsSync(tool)) {
	console.error(logs.length ? `${tool} is not there: was npm install run?`
				  : "usage: validate.mjs [--self-test] MODULES LOG...");
	process.exit(2);
}

const binary = path.join(tool, "Sarif.Multitool");
const temp = mkdtempSync(path.join(tmpdir(), "protflow-validate-"));
process.on("exit", () => rmSync(temp, { recursive: true, force: true }));
chmodSync(binary, 0o755);

function readJson(file) {
	return JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
}

function schemaValidator() {
	const require = createRequire(path.resolve(modules, "package.json"));
	const ajv = new (require("ajv/dist/2020").default)({ strict: false, allErrors: true });

	require("ajv-formats").default(ajv);
	return ajv.compile(readJson(path.join(tool, "sarif-2.1.0.json")));
}

const validate = schemaValidator();

function schemaFaults(log) {
	return validate(log) ? [] : validate.errors.map((e) => `${e.instancePath} ${e.message}`);
}

// The exit status says nothing; what was found is in the output.
function multitoolFaults(files) {
	const out = path.join(temp, "validation.sarif");

	execFileSync(binary, ["validate", ...files, "--rule-kind", "Sarif;Ghas", "--level",
			      "Error;Warning", "--kind", "Fail;Review;Open", "-o", out, "--log",
			      "ForceOverwrite"], { stdio: ["ignore", "ignore", "inherit"] });
	const run = readJson(out).runs[0];
	const notes = run.invocations.flatMap((i) => [...(i.toolExecutionNotifications ?? []),
						      ...(i.toolConfigurationNotifications ?? [])]);
	const faults = notes.filter((n) => n.level === "error").map((n) => n.message.text);

	for (const r of run.results) {
		if (["note", "none"].includes(r.level))
			continue;
		const at = r.locations?.[0]?.physicalLocation;
		faults.push(`${at?.artifactLocation?.uri ?? ""}:${at?.region?.startLine ?? ""}: ` +
			    `${r.ruleId}: ${r.message.text ?? r.message.arguments?.join(" ")}`);
	}
	return faults;
}

// GitHub's fingerprint, as another implementation computes it from the same files.
function fingerprintFaults(file) {
	const log = readJson(file), bare = path.join(temp, "bare.sarif"), out = path.join(temp, "fp.sarif");
	const own = log.runs[0].results.map((r) => r.partialFingerprints.primaryLocationLineHash);

	log.runs[0].results.forEach((r) => delete r.partialFingerprints);
	writeFileSync(bare, JSON.stringify(log));
	execFileSync(binary, ["rewrite", bare, "--insert", "RollingHashPartialFingerprints", "-o",
			      out, "--log", "ForceOverwrite"], { stdio: "ignore" });
	const theirs = readJson(out).runs[0].results.map(
		(r) => r.partialFingerprints?.primaryLocationLineHash);
	return own.flatMap((h, i) => h === theirs[i] ? [] : [`result ${i}: ${h} is ${theirs[i]}`]);
}

const spoilers = {
	"a region at line 0": (run) => {
		run.results[0].locations[0].physicalLocation.region.startLine = 0;
	},
	"an unknown member": (run) => { run.results[0].levle = "error"; },
	"a rule without help": (run) => { delete run.tool.driver.rules[0].help; },
	"a result without a location": (run) => { run.results[0].locations = []; },
	"a rule index that is another's": (run) => { run.results[0].ruleIndex = 99; },
	"a message without a period": (run) => {
		run.tool.driver.rules[0].messageStrings.default.text = "No period";
	},
};

function selfTestFaults(file) {
	const names = Object.keys(spoilers);
	const files = names.map((_, i) => path.join(temp, `spoilt${i}.sarif`));
	const bySchema = names.map((name, i) => {
		const log = readJson(file);

		spoilers[name](log.runs[0]);
		writeFileSync(files[i], JSON.stringify(log));
		return schemaFaults(log).length > 0;
	});
	const byTool = multitoolFaults(files);

	return names.filter((_, i) => !bySchema[i] && !byTool.some((f) => f.includes(`spoilt${i}.`)))
		.map((name) => `the validators accept ${name}`);
}

const faults = logs.flatMap((f) => schemaFaults(readJson(f)).map((e) => `${f}: ${e}`));

faults.push(...multitoolFaults(logs));
if (selfTest)
	faults.push(...fingerprintFaults(logs[0]), ...selfTestFaults(logs[0]));
for (const fault of faults)
	console.error(fault);
console.log(`${logs.length} logs, ${faults.length} faults`);
process.exit(faults.length ? 1 : 0);
