// Prints a line for each connection and each loss of it, and ends at the second connection.
import { io } from "socket.io-client";

const [url, transports] = process.argv.slice(2);
const socket = io(url, { transports: transports.split(","), reconnectionDelay: 50, reconnectionDelayMax: 100 });
let connections = 0;

socket.on("disconnect", (reason) => console.log("disconnected", reason));
socket.on("connect", () => {
  connections++;
  console.log("connected", connections);
  if (connections === 2) {
    socket.disconnect();
  }
});
