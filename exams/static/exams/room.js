/* What the organiser does while a paper is open: more time, messages, lock, another device. A hint over the socket
   says that there is something to ask; without a socket the page asks by itself. */
(function () {
  "use strict";
  const paper = window.mfPaper, data = paper.data, shown = {}, WITHOUT_SOCKET = 4000, WITH_SOCKET = 30000;  // milliseconds
  let socket = null, timer = 0, asking = false, over = false;

  function ask() {
    clearTimeout(timer);
    if (asking || over) return;
    if (paper.leaving()) {  // being handed in: there is nothing to ask, unless that fails
      timer = setTimeout(ask, WITHOUT_SOCKET);
      return;
    }
    asking = true;
    fetch(data.state, { headers: { "X-Sitting-Token": data.token }, credentials: "same-origin" }).then(function (response) {
      return response.json().then(function (reply) { received(response, reply); });
    }).catch(function () { return; }).then(function () {
      asking = false;
      if (!over) timer = setTimeout(ask, socket && socket.readyState === 1 ? WITH_SOCKET : WITHOUT_SOCKET);
    });
  }

  function received(response, reply) {
    if (reply.ends) paper.clock.synchronise(reply.now, reply.ends);
    (reply.messages || []).slice().reverse().forEach(show);
    if (response.status !== 409 && response.status !== 403) return;
    over = true;
    if (socket) socket.close();
    if (reply.code !== "closed") paper.stop(reply.code, reply.message);  // at its end the paper hands itself in
  }

  function show(message) {
    if (shown[message.id]) return;
    shown[message.id] = true;
    const box = document.createElement("div"), icon = document.createElement("i"), text = document.createElement("div");
    box.className = "mf-notice";
    icon.className = "bi bi-info-circle";
    icon.setAttribute("aria-hidden", "true");
    text.textContent = message.at + " 考场通知：" + message.text;
    box.appendChild(icon);
    box.appendChild(text);
    const room = document.getElementById("room");
    room.insertBefore(box, room.firstChild);
  }

  /* Another device has gone on: beside one's own choice stands what is stored, to choose from when going on here. */
  document.addEventListener("mf-stored", function (event) {
    Object.keys(event.detail).forEach(function (token) {
      const box = document.querySelector('fieldset[data-q="' + token + '"]'), inputs = Array.from(box.querySelectorAll("input[type=radio], input[type=checkbox]"));
      const ticked = inputs.length > 0, letters = ticked ? inputs.map(function (input, at) {
        return event.detail[token].indexOf(input.value) < 0 ? "" : String.fromCharCode(65 + at);
      }).join("") : event.detail[token].join(" ").trim().slice(0, 100);
      const line = document.createElement("span");
      line.className = "mf-small";
      line.textContent = letters ? "另一台设备上保存的是 " + letters : "服务器上这道题还没有答案";
      box.querySelector(".qf").appendChild(line);
    });
  });

  function listen() {
    if (!window.WebSocket || over) return;
    socket = new WebSocket(location.origin.replace(/^http/, "ws") + "/ws/me/");
    socket.onmessage = function (event) {
      const hint = JSON.parse(event.data);
      if (hint.kind === "sitting" && hint.id === data.sitting) ask();
    };
    socket.onclose = function () { ask(); setTimeout(listen, 15000 + Math.random() * 15000); };
  }

  ask();
  listen();
})();
