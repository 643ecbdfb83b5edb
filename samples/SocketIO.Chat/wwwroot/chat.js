import { io } from "./lib/socket.io.esm.min.js";

const at = (id) => document.getElementById(id);
const socket = io({ autoConnect: false, auth: (give) => give({ name: at("name").value }) });
const typists = new Map();
const deliveredEarly = new Map();
let shown = new Set();
let room;

at("door").addEventListener("submit", (event) => {
  event.preventDefault();
  room = at("room").value.trim();
  if (socket.connected) {
    enter();
  } else {
    socket.connect();
  }
});

at("leave").addEventListener("click", () => {
  at("chat").hidden = true;
  at("door").hidden = false;
  at("room").select();
});

socket.on("connect", () => {
  at("link").textContent = "";
  enter();
});
socket.on("disconnect", () => {
  at("link").textContent = "reconnecting…";
  at("compose").inert = true;
});
socket.on("connect_error", (error) => (at("refusal").textContent = error.message));

// After a lost connection the room is joined anew: what was missed comes with its latest messages.
async function enter() {
  const welcome = await ask("join", room);
  at("refusal").textContent = welcome.error ?? "";
  if (welcome.error) {
    return;
  }
  if (at("room-name").textContent !== room) {
    at("messages").replaceChildren();
    shown = new Set();
  }
  at("room-name").textContent = room;
  at("door").hidden = true;
  at("chat").hidden = false;
  at("compose").inert = false;
  welcome.latest.forEach((message) => show(message));
  at("text").focus();
}

socket.on("message", (message, answer) => {
  show(message);
  answer(true);
});

socket.on("people", (people) => {
  at("count").textContent = people.length;
  at("people").replaceChildren(...people.map((name) => element("li", name)));
});

socket.on("typing", (name, isTyping) => {
  clearTimeout(typists.get(name));
  typists.delete(name);
  if (isTyping) {
    typists.set(name, setTimeout(() => typists.delete(name) && showTypists(), 4000));
  }
  showTypists();
});

// It may come before the receipt has been dealt with: both can be in one answer.
socket.on("delivered", (id, count) => {
  const item = document.querySelector(`[data-id="${id}"]`);
  if (item) {
    showDelivered(item, count);
  } else {
    deliveredEarly.set(id, count);
  }
});

let lastTyped = 0;
at("text").addEventListener("input", () => {
  if (Date.now() - lastTyped > 2000) {
    lastTyped = Date.now();
    socket.volatile.emit("typing", true);
  }
});

at("compose").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = at("text").value;
  if (text.trim() !== "") {
    say({ text });
    at("text").value = "";
  }
});

at("image").addEventListener("change", async () => {
  const [file] = at("image").files;
  at("image").value = "";
  if (file) {
    say({ text: "", image: await file.arrayBuffer(), imageType: file.type });
  }
});

async function say(draft) {
  lastTyped = 0;
  socket.emit("typing", false);
  const item = show({ ...draft, name: at("name").value, time: new Date() }, true);
  const receipt = await ask("say", draft);
  const tick = item.querySelector(".tick");
  if (receipt.error) {
    tick.textContent = `✗ ${receipt.error}`;
    return;
  }
  shown.add(receipt.id);
  item.dataset.id = receipt.id;
  tick.textContent = "✓";
  tick.title = "The server has it";
  showDelivered(item, deliveredEarly.get(receipt.id) ?? 0);
  deliveredEarly.delete(receipt.id);
}

function showDelivered(item, count) {
  if (count > 0) {
    const tick = item.querySelector(".tick");
    tick.textContent = "✓✓";
    tick.title = `Arrived at ${count}`;
  }
}

// What the server acknowledges: a value, or an error in words.
const ask = (...event) => socket.timeout(10_000).emitWithAck(...event).catch(() => ({ error: "no answer" }));

function show(message, isMine = false) {
  if (shown.has(message.id)) {
    return null;
  }
  if (message.id) {
    shown.add(message.id);
  }
  const item = element("li");
  item.className = isMine ? "mine" : "";
  item.append(element("b", message.name));
  if (message.image) {
    const image = new Image();
    image.alt = `An image of ${message.name}`;
    image.src = URL.createObjectURL(new Blob([message.image], { type: message.imageType }));
    item.append(image);
  }
  if (message.text) {
    item.append(element("p", message.text));
  }
  item.append(element("time", new Date(message.time).toLocaleTimeString([], { timeStyle: "short" })));
  if (isMine) {
    const tick = element("span", "…");
    tick.className = "tick";
    item.append(tick);
  }
  at("messages").append(item);
  item.scrollIntoView();
  return item;
}

function showTypists() {
  const names = [...typists.keys()];
  at("typing").textContent = names.length === 0 ? "" : `${names.join(", ")} ${names.length === 1 ? "is" : "are"} typing…`;
}

// What others typed becomes text, never markup.
function element(tag, text = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

at("enter").disabled = false; // Before, the browser itself would have sent the form.
