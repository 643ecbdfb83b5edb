const channel = new URLSearchParams(location.search).get("channel") ?? "lobby";
const show = (id, text) => (document.getElementById(id).textContent = text);
let pause = 500;

function connect() {
  const address = new URL(`/ws/online/${encodeURIComponent(channel)}`, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  const socket = new WebSocket(address);
  socket.onopen = () => {
    pause = 500;
    show("link", "");
  };
  socket.onmessage = ({ data }) => show("count", JSON.parse(data).online);
  socket.onclose = ({ reason }) => {
    show("count", "–");
    show("link", `${reason || "No connection"}; trying again …`);
    setTimeout(connect, pause);
    pause = Math.min(pause * 2, 10_000);
  };
}

show("channel", channel);
document.querySelector("input").value = channel;
connect();
