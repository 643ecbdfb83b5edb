// Runs scenarios with stock socket.io-client clients: one JSON line starts one, and what it says, returns or throws goes back as lines of JSON.
// A scenario is a function exported by scenarios/<file>.mjs; "file/function" names it.
import { createInterface } from "node:readline";
import { Scenario } from "./scenario.mjs";

const running = new Map();
const write = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

async function run({ id, name, url, transports, details }) {
  const scenario = new Scenario(url, transports, details, (said) => write({ id, said }));
  running.set(id, scenario);
  try {
    const [file, function_] = name.split("/");
    const module = await import(`./scenarios/${file}.mjs`);
    write({ id, value: (await module[function_](scenario)) ?? null });
  } catch (error) {
    write({ id, error: error?.stack ?? String(error) });
  } finally {
    running.delete(id);
    scenario.end();
  }
}

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const command = JSON.parse(line);
  if (command.name) {
    run(command);
  } else {
    running.get(command.id)?.hear(command.tell);
  }
});
lines.on("close", () => process.exit(0));
