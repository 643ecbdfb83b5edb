// Stock socket.io-client clients, driven by one JSON command a line on standard input; the lines are those of ../python/client.py.
import { createInterface } from "node:readline";
import { Manager } from "socket.io-client";

const clients = new Map();
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

class Client {
  sockets = new Map();

  constructor(name) {
    this.name = name;
  }

  async connect({ url, transports, namespaces }) {
    this.manager = new Manager(url, { transports, reconnectionDelay: 200, reconnectionDelayMax: 1000, autoConnect: false });
    await Promise.all(namespaces.map((namespace) => this.#open(namespace)));
    return this.sids();
  }

  #open(namespace) {
    const socket = this.manager.socket(namespace);
    this.sockets.set(namespace, socket);
    const client = this.name;
    socket.on("connect", () => say({ client, namespace, state: "connect" }));
    socket.on("disconnect", (reason, details) => {
      const answer = details?.context;
      const why = [reason, details?.message, answer?.status, answer?.statusText, answer?.responseText?.slice(0, 200)];
      say({ client, namespace, state: "disconnect", reason: why.filter(Boolean).join(": ") });
    });
    socket.onAny((event, ...args) => say({ client, namespace, event, arguments: args, listened: socket.listeners(event).length > 0 }));
    return new Promise((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("connect_error", reject);
      socket.connect();
    });
  }

  listen({ event, namespace }) {
    this.sockets.get(namespace).on(event, () => {});
  }

  emit({ event, payload, namespace }) {
    this.sockets.get(namespace).emit(event, payload);
  }

  call({ event, payload, namespace }) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no acknowledgement of ${event}`)), 10_000);
      this.sockets.get(namespace).emit(event, payload, (...answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
    });
  }

  transport() {
    return this.manager.engine.transport.name;
  }

  sids() {
    return { sids: Object.fromEntries([...this.sockets].map(([namespace, socket]) => [namespace, socket.id])) };
  }

  disconnect() {
    for (const socket of this.sockets.values()) {
      socket.disconnect();
    }
  }
}

const commands = new Set(["connect", "listen", "emit", "call", "transport", "sids", "disconnect"]);

async function run(command) {
  try {
    if (!commands.has(command.do)) {
      throw new Error(`unknown command ${command.do}`);
    }
    if (!clients.has(command.client)) {
      clients.set(command.client, new Client(command.client));
    }
    const value = await clients.get(command.client)[command.do](command);
    say({ id: command.id, value: value ?? null });
  } catch (error) {
    say({ id: command.id, error: String(error) });
  }
}

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => run(JSON.parse(line)));
lines.on("close", () => process.exit(0));
