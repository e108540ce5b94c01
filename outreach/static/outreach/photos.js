/* Photos of the form: made small in the browser, which leaves the place where they were taken behind, and faces can be
   covered before anything is sent. Without this file the server does the same, but for the covering.

   mfPhotos(section) → {blobs, set, clear}: `blobs` is a promise of what is to be sent. */
window.mfPhotos = function (section) {
  "use strict";
  const LONGEST = 1600, QUALITY = 0.82, MOST = 6, BLOCKS = 10;
  const input = section.querySelector("input[type=file]"), list = section.querySelector("[data-field-photos]");
  const word = section.querySelector("[data-field-photos-word]");
  let photos = [];  // {canvas, plain: ImageData, item}

  function say(text) { word.textContent = text; }

  /* Promise of an image. A data: address, because our pages load no blob: ones. */
  function read(blob) {
    return new Promise(function (resolve, reject) {
      const reader = new FileReader(), image = new Image();
      reader.onload = function () { image.src = reader.result; };
      reader.onerror = image.onerror = reject;
      image.onload = function () { resolve(image); };
      reader.readAsDataURL(blob);
    });
  }

  function drawn(image) {
    const scale = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight)), canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  /* A few blocks of one colour each instead of what was there: nothing of it can be brought back. */
  function cover(canvas, x, y, width, height) {
    const pen = canvas.getContext("2d"), small = document.createElement("canvas");
    small.width = Math.max(1, Math.min(BLOCKS, Math.round(width / 8)));
    small.height = Math.max(1, Math.min(BLOCKS, Math.round(height / 8)));
    small.getContext("2d").drawImage(canvas, x, y, width, height, 0, 0, small.width, small.height);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(small, 0, 0, small.width, small.height, x, y, width, height);
    pen.imageSmoothingEnabled = true;
  }

  function place(canvas, event) {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height];
  }

  /* Draw a rectangle with a finger or the mouse: what is inside is covered. */
  function coverable(photo) {
    const canvas = photo.canvas;
    let from = null, before = null;
    function frame(to) {
      const pen = canvas.getContext("2d");
      pen.putImageData(before, 0, 0);
      pen.lineWidth = Math.max(4, canvas.width / 150);
      pen.strokeStyle = "#ffd45c";
      pen.strokeRect(Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]));
    }
    canvas.addEventListener("pointerdown", function (event) {
      if (!canvas.classList.contains("is-covering")) return;
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      from = place(canvas, event);
      before = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    });
    canvas.addEventListener("pointermove", function (event) { if (from) frame(place(canvas, event)); });
    canvas.addEventListener("pointercancel", function () {
      if (from) canvas.getContext("2d").putImageData(before, 0, 0);
      from = null;
    });
    canvas.addEventListener("pointerup", function (event) {
      if (!from) return;
      const to = place(canvas, event), x = Math.max(0, Math.min(from[0], to[0])), y = Math.max(0, Math.min(from[1], to[1]));
      const width = Math.min(canvas.width, Math.max(from[0], to[0])) - x, height = Math.min(canvas.height, Math.max(from[1], to[1])) - y;
      canvas.getContext("2d").putImageData(before, 0, 0);
      from = null;
      if (width < 8 || height < 8) return;
      cover(canvas, x, y, width, height);
      photo.item.querySelector("[data-field-undo]").hidden = false;
      say("已打码。照片发出去以后，被盖住的部分谁也看不到");
    });
  }

  function button(text, label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-plain";
    made.textContent = text;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  }

  function number() {
    photos.forEach(function (one, place) { one.canvas.setAttribute("aria-label", "照片 " + (place + 1)); });
  }

  function add(canvas) {
    const photo = { canvas: canvas, plain: canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height) };
    const item = photo.item = document.createElement("li"), row = document.createElement("div");
    canvas.className = "mf-photo-sheet";
    canvas.setAttribute("role", "img");
    row.className = "mf-cluster";
    const covering = button("打码", "在这张照片上打码", function () {
      const on = canvas.classList.toggle("is-covering");
      covering.setAttribute("aria-pressed", on ? "true" : "false");
      covering.textContent = on ? "打好了" : "打码";
      say(on ? "用手指在脸上画框，框里就看不清了" : "");
    });
    const undo = button("重来", "去掉这张照片上打的码", function () {
      canvas.getContext("2d").putImageData(photo.plain, 0, 0);
      undo.hidden = true;
      say("已恢复，还没有打码");
    });
    undo.setAttribute("data-field-undo", "");
    undo.hidden = true;
    row.append(covering, undo, button("不传这张", "不传这张照片", function () {
      photos = photos.filter(function (one) { return one !== photo; });
      item.remove();
      number();
      say("已去掉一张");
    }));
    item.append(canvas, row);
    list.append(item);
    photos.push(photo);
    coverable(photo);
    number();
  }

  function take(files) {
    const room = MOST - photos.length, taken = Array.prototype.slice.call(files, 0, room);
    return taken.reduce(function (before, file) {
      return before.then(function () { return read(file).then(function (image) { add(drawn(image)); }); })
        .catch(function () { say("“" + String(file.name || "这张").slice(0, 40) + "”不是照片，或已损坏"); });
    }, Promise.resolve()).then(function () { if (files.length > room) say("最多 " + MOST + " 张，多的没有加上"); });
  }

  input.addEventListener("change", function () {
    section.setAttribute("data-field-busy", "");
    take(Array.from(input.files)).then(function () {
      input.value = "";
      section.removeAttribute("data-field-busy");
    });
  });

  return {
    blobs: function () {
      return Promise.all(photos.map(function (one) {
        return new Promise(function (resolve) { one.canvas.toBlob(resolve, "image/jpeg", QUALITY); });
      }));
    },
    set: function (blobs) { return take(blobs); },
    clear: function () {
      photos = [];
      list.textContent = "";
      say("");
    }
  };
};
