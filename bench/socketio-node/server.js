// The same contract as Carillon's room style, on npm socket.io: `subscribe` joins the room T, a publish emits the event T with
// {"message": M} to it. Nothing is stored: this is the least work socket.io can do for it.
"use strict";

const http = require("node:http");
const { Server } = require("socket.io");
const { version } = require("socket.io/package.json");

const [host, port] = ["127.0.0.1", Number(process.argv[2] ?? 5000)];

const server = http.createServer((request, response) => {
  if (request.method !== "POST" || request.url !== "/publish") {
    response.writeHead(404).end();
    return;
  }
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const { topic, message } = JSON.parse(Buffer.concat(chunks));
    publish(topic, message);
    const body = '{"status":"ok"}';
    response.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body);
  });
});

const io = new Server(server, { serveClient: false });

function publish(topic, message) {
  io.to(topic).emit(topic, { message });
}

io.on("connection", (socket) => {
  socket.on("subscribe", ({ topic }, acknowledge) => {
    socket.join(topic);
    acknowledge?.({ status: "ok" });
  });
  socket.on("publish", ({ topic, message }, acknowledge) => {
    publish(topic, message);
    acknowledge?.({ status: "ok" });
  });
});

server.listen(port, host, () => console.log(`socket.io ${version} on Node ${process.version} at http://${host}:${port}`));
process.on("SIGTERM", () => process.exit(0));
