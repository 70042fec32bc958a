/* Files on a phone: pictures are made smaller before they are sent, which also drops where they were taken (EXIF).
   <input type="file" multiple data-shrink="1600" data-max="20971520" data-previews="#id"> (else the .m-photos of its fieldset)
   Sounds can be listened to; they are decoded and played, not linked to. Previews are drawn on canvas: the policy of the pages allows no blob: or data: addresses. */
(() => {
  "use strict";
  const {one, words, toast} = window.bh;
  const chosen = new WeakMap();

  const shrink = async (file, side) => {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type)) return {file};
    let picture;
    try {
      picture = await createImageBitmap(file, {imageOrientation: "from-image"});
    } catch {
      return {file};
    }
    const ratio = Math.min(1, side / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * ratio);
    canvas.height = Math.round(picture.height * ratio);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
    if (!blob) return {file};
    return {file: new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", {type: "image/jpeg"}), canvas};
  };

  const listen = (file) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "listen";
    button.textContent = "▶";
    button.setAttribute("aria-label", `${words().listen} ${file.name}`);
    let playing = null;
    button.addEventListener("click", async () => {
      if (playing) return playing.close().then(() => (playing = null));
      playing = new AudioContext();
      try {
        const source = playing.createBufferSource();
        source.buffer = await playing.decodeAudioData(await file.arrayBuffer());
        source.connect(playing.destination);
        source.addEventListener("ended", () => (playing = null));
        source.start();
      } catch {
        playing = null;
        toast({message: words().failed, kind: "bad"});
      }
    });
    return button;
  };

  const write = (input) => {
    const transfer = new DataTransfer();
    (chosen.get(input) || []).forEach((each) => transfer.items.add(each.file));
    input.files = transfer.files;
  };
  const draw = (input) => {
    const place = input.dataset.previews ? one(input.dataset.previews) : one(".m-photos", input.closest("fieldset"));
    if (!place) return;
    [...place.querySelectorAll("[data-preview]")].forEach((old) => old.remove());
    (chosen.get(input) || []).forEach((each, index) => {
      const box = document.createElement("div");
      box.dataset.preview = "";
      if (each.canvas) {
        each.canvas.setAttribute("role", "img");
        each.canvas.setAttribute("aria-label", each.file.name);
        box.append(each.canvas);
      } else {
        if (each.file.type.startsWith("audio/")) box.append(listen(each.file));
        const name = document.createElement("span");
        name.className = "name";
        name.textContent = each.file.name;
        box.append(name);
      }
      const remove = document.createElement("button");
      remove.type = "button";
      remove.textContent = "×";
      remove.setAttribute("aria-label", `${words().remove} ${each.file.name}`);
      remove.addEventListener("click", () => {
        chosen.get(input).splice(index, 1);
        write(input);
        draw(input);
      });
      box.append(remove);
      place.insertBefore(box, place.lastElementChild);
    });
  };

  const add = async (input, given) => {
    const most = Number(input.dataset.max) || Infinity;
    const added = await Promise.all(given.map((file) => shrink(file, Number(input.dataset.shrink))));
    const fitting = added.filter((each) => each.file.size <= most);
    if (fitting.length < added.length) toast({message: words().toolarge, kind: "bad"});
    chosen.set(input, input.multiple ? [...(chosen.get(input) || []), ...fitting] : fitting);
    write(input);
    draw(input);
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[type=file][data-shrink]")) add(event.target, [...event.target.files]);
  });
  document.addEventListener("reset", (event) => [...event.target.elements].filter((field) => chosen.has(field)).forEach((input) => {
    chosen.set(input, []);
    draw(input);
  }));

  const inputs = (part) => [...part.querySelectorAll("input[type=file][data-shrink]")];
  window.bh.files = {
    add,
    // What is chosen, by the name of its input, so that a form that comes back from the server can keep it.
    chosen: (part) => new Map(inputs(part).map((input) => [input.name, chosen.get(input) || []])),
    restore: (part, kept) => inputs(part).filter((input) => kept.has(input.name)).forEach((input) => {
      chosen.set(input, kept.get(input.name));
      write(input);
      draw(input);
    }),
  };
})();
