import { io } from "socket.io-client";

/** What a scenario works with: the server's address, clients of its own, and the test that started it. */
export class Scenario {
  #sockets = [];
  #heard = [];
  #listener;

  constructor(url, transports, details, say) {
    this.url = url;
    this.transports = transports;
    this.details = details ?? {};
    this.say = say;
  }

  /** A client with a connection of its own, not connected yet. */
  open(namespace = "/", options = {}) {
    const socket = io(new URL(namespace, this.url).href, {
      transports: this.transports,
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 100,
      ...options,
    });
    this.#sockets.push(socket);
    return socket;
  }

  /** A connected client that has reached its last transport. */
  async connect(namespace = "/", options = {}) {
    const socket = this.open(namespace, options);
    await connected(socket);
    const last = (options.transports ?? this.transports).at(-1);
    if (socket.io.engine.transport.name !== last) {
      await once(socket.io.engine, "upgrade");
    }
    return socket;
  }

  /** The next word of the test. */
  async told() {
    while (this.#heard.length === 0) {
      await new Promise((resolve) => (this.#listener = resolve));
    }
    return this.#heard.shift();
  }

  hear(word) {
    this.#heard.push(word);
    this.#listener?.();
  }

  end() {
    for (const socket of this.#sockets) {
      socket.disconnect();
      socket.io._close();
    }
  }
}

const patience = 20_000;

/** The arguments of the emitter's next event of this name. */
export function once(emitter, event) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${event} within ${patience} ms`)), patience);
    emitter.once(event, (...args) => {
      clearTimeout(timer);
      resolve(args);
    });
  });
}

/** Waits for the connection; a refusal is thrown. */
export function connected(socket) {
  return new Promise((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
}

/** Asks the server and returns what it acknowledges. */
export const ask = (socket, ...event) => socket.timeout(patience).emitWithAck(...event);

/** All events of this name from now on, as lists of arguments. */
export function collect(socket, event) {
  const seen = [];
  socket.on(event, (...args) => seen.push(args));
  return seen;
}
