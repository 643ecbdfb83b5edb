import { ask, collect, connected, once } from "../scenario.mjs";

const quietly = { reconnection: false };

/** How the connection ends, and what the client says of it. */
const end = async (scenario, act, event = "disconnect") => {
  const socket = await scenario.connect("/", quietly);
  const { id } = socket;
  const ended = once(socket, event);
  await act(socket);
  const [reason] = await ended;
  return { id, reason };
};

export const leave = (scenario) => end(scenario, (socket) => socket.disconnect());
export const kicked = (scenario) => end(scenario, (socket) => socket.emit("kick", false));
export const closed = (scenario) => end(scenario, (socket) => socket.emit("kick", true));

/** The client's link breaks without a farewell. */
export const broken = (scenario) => end(scenario, (socket) => socket.io.engine.transport.ws.terminate());

/** The client's engine says goodbye without a word in any namespace. */
export const engineClosed = (scenario) => end(scenario, (socket) => socket.io.engine.close());

/** The client stays, but answers no ping. */
export const mute = (scenario) =>
  end(scenario, (socket) => {
    const { engine } = socket.io;
    engine._sendPacket = () => {};
  });

/** The server says nothing more, neither a ping. */
export const deaf = (scenario) => end(scenario, () => {});

/** The client sends what no client may. */
export const malformed = (scenario) => end(scenario, (socket) => socket.io.engine.write("nonsense"));

/** The server goes while the client watches. */
export const stopped = (scenario) => end(scenario, () => scenario.say("ready"));

/** Comes back by itself after a restart, and delivers what it held back meanwhile. */
export async function restart(scenario) {
  const socket = await scenario.connect();
  const reasons = collect(socket, "disconnect");
  const before = socket.id;
  scenario.say("connected");
  await once(socket, "disconnect");
  const answer = ask(socket, "sum", 20, 22);
  scenario.say("disconnected");
  await once(socket, "connect");
  return { answer: await answer, isNew: socket.id !== before, recovered: socket.recovered === true, losses: reasons.length };
}

/** A client whose server is not there yet keeps trying. */
export async function early(scenario) {
  const socket = scenario.open();
  const [error] = await once(socket, "connect_error");
  scenario.say("refused");
  await connected(socket).catch(() => once(socket, "connect"));
  return { error: error.message, answer: await ask(socket, "sum", 1, 2) };
}
