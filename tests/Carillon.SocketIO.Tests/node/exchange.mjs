// Connects the way its second argument says, exchanges events and prints one line per observation.
import { io } from "socket.io-client";

const [url, transports] = process.argv.slice(2);
const socket = io(url, { transports: transports.split(","), auth: { token: "abc" }, reconnection: false });

socket.on("connect_error", (error) => {
  console.log("refused", error.message);
  process.exit(1);
});
socket.on("greeting", (data) => console.log("greeting", data));
socket.on("disconnect", (reason) => console.log("disconnected", reason));
socket.on("connect", async () => {
  if (transports.includes("websocket") && socket.io.engine.transport.name !== "websocket") {
    await new Promise((resolve) => socket.io.engine.once("upgrade", resolve));
  }

  console.log("transport", socket.io.engine.transport.name);
  console.log("acknowledged", await socket.timeout(5000).emitWithAck("add", 2, 3));
  socket.emit("ask", { text: "grüße 🎉" });
});
socket.on("answer", (data) => {
  console.log("answer", data.text);
  socket.disconnect();
});
