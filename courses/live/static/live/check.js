/* 设备检查: camera, microphone and the line upwards, on the trainer's own computer. */
(function () {
  "use strict";
  const data = JSON.parse(document.getElementById("check-data").textContent), SIZE = 1024 * 1024, PART = 64 * 1024;
  const NEEDS = 480, GOOD = 800;  // kbit/s upwards
  let stream = null, sound = null, timer = 0;

  function by(id) { return document.getElementById(id); }

  function say(id, words) { by(id).textContent = words; }

  function listed() {
    return navigator.mediaDevices.enumerateDevices().then(function (all) {
      [["camera", "videoinput"], ["microphone", "audioinput"]].forEach(function (pair) {
        const select = by(pair[0]), chosen = select.value;
        while (select.options.length > 1) select.remove(1);
        all.filter(function (one) { return one.kind === pair[1] && one.label; }).forEach(function (one) { select.add(new Option(one.label, one.deviceId)); });
        select.value = chosen;
      });
    });
  }

  function devices() {
    say("device-line", "正在打开…");
    if (stream) stream.getTracks().forEach(function (track) { track.stop(); });
    window.mfPublish.capture("camera", { video: by("camera").value, audio: by("microphone").value }).then(function (opened) {
      stream = opened;
      const video = by("preview").querySelector("video") || by("preview").appendChild(document.createElement("video"));
      video.className = "lv-video";
      video.muted = video.playsInline = true;
      video.srcObject = stream;
      by("preview").hidden = false;
      video.play();
      const size = stream.getVideoTracks()[0].getSettings();
      say("device-line", "摄像头正常，" + size.width + " × " + size.height + "。请看画面，再说几句话看音量条。");
      meter();
      return listed();
    }).catch(function (error) { say("device-line", error.message); });
  }

  function meter() {
    clearInterval(timer);
    if (sound) sound.close();
    sound = new AudioContext();
    const listener = sound.createAnalyser(), values = new Float32Array(1024);
    listener.fftSize = 1024;
    sound.createMediaStreamSource(stream).connect(listener);
    timer = setInterval(function () {
      listener.getFloatTimeDomainData(values);
      by("level").value = Math.min(100, 140 * Math.max.apply(null, values));
    }, 100);
  }

  /* The same socket the class will use; the server counts the bytes and keeps none. */
  function measure() {
    by("measure").disabled = true;
    say("line-line", "正在检查…");
    const socket = new WebSocket(location.origin.replace(/^http/, "ws") + data.publish);
    let began = 0, sent = 0, over = false;
    const end = function (words) { if (over) return; over = true; clearTimeout(limit); socket.close(); by("measure").disabled = false; say("line-line", words); };
    const limit = setTimeout(function () { end("线路太慢或连不上：20 秒没有传完 1 MB。只能用课件，或先换一条线路。"); }, 20000);
    socket.onopen = function () { socket.send(JSON.stringify({ ticket: data.ticket, test: 1 })); };
    socket.onmessage = function (event) {
      const have = JSON.parse(event.data).have;
      if (!began) { began = performance.now(); }
      if (have >= SIZE) {
        const rate = Math.round(SIZE * 8 / (performance.now() - began));
        return end("上行约 " + (rate >= 1000 ? (rate / 1000).toFixed(1) + " Mbit/s" : rate + " kbit/s") + (rate >= GOOD ? "，可以直播画面和声音。" : rate >= NEEDS ? "，刚够用，最好不开别的程序。" : "，不够放画面，请只用声音。"));
      }
      if (have === sent) { socket.send(new Uint8Array(PART)); sent += PART; if (sent < SIZE) { socket.send(new Uint8Array(PART)); sent += PART; } }
    };
    socket.onclose = function () { end("线路断了，没有测完。请再试一次。"); };
  }

  const why = window.mfPublish.can();
  if (why) { by("cannot").hidden = false; say("cannot-words", why); by("devices").disabled = true; }
  by("devices").addEventListener("click", devices);
  by("measure").addEventListener("click", measure);
  ["camera", "microphone"].forEach(function (id) { by(id).addEventListener("change", devices); });
})();
