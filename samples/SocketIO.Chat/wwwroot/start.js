// The client is copied from npm by the build; a page without it says so instead of staying blank.
import("./chat.js").catch(() => {
  document.getElementById("refusal").textContent = "The Socket.IO client is missing: install Node.js and build the sample again.";
});
