// The rooms of the side-by-side benchmark, on npm socket.io with the tuning its documentation gives: `join` enters a room, `publish` sends the
// event `message` to everybody in one. WebSocket only, no compression; ws finds bufferutil by itself.
"use strict";

const http = require("node:http");
const { Server } = require("socket.io");
const { version } = require("socket.io/package.json");

const [host, port] = ["127.0.0.1", Number(process.argv[2] ?? 5000)];

const server = http.createServer();
const io = new Server(server, { serveClient: false, transports: ["websocket"], perMessageDeflate: false, httpCompression: false });

// Frees the upgrade request of each connection: "Memory usage" in socket.io's documentation.
io.engine.on("connection", (connection) => {
  connection.request = null;
});

io.on("connection", (socket) => {
  socket.on("join", (room, acknowledge) => {
    socket.join(room);
    acknowledge(true);
  });
  socket.on("publish", (room, payload) => {
    io.to(room).emit("message", payload);
  });
});

server.listen(port, host, () => console.log(`socket.io ${version} on Node ${process.version} at http://${host}:${port}`));
process.on("SIGTERM", () => process.exit(0));
