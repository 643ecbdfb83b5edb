// Joins two namespaces; with one of them it connects, disconnects and connects again in one go, as a page does whose component is mounted twice. Prints what it sees.
import { Manager } from "socket.io-client";

const [url, transports] = process.argv.slice(2);
const manager = new Manager(url, { transports: transports.split(","), reconnection: false });
const main = manager.socket("/");
const checked = manager.socket("/checked", { auth: { number: 1 } });

checked.disconnect();
main.on("disconnect", (reason) => console.log("main disconnected", reason));
checked.on("connect", () => console.log("connected", checked.id !== undefined));
checked.on("disconnect", (reason) => console.log("disconnected", reason));
checked.on("connect_error", (error) => console.log("refused", error.message));
main.on("connect", async () => {
  checked.connect();
  checked.disconnect();
  checked.auth = { number: 2 };
  checked.connect();
  console.log("read", await main.emitWithAck("release"));
  console.log("answer", await checked.timeout(5000).emitWithAck("ticket"));
  console.log("main", await main.timeout(5000).emitWithAck("release"));
  manager._close();
});
