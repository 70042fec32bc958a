/* A voice note, where the browser can record one: the recording joins the files of the form.
   <div data-voice="#file-input" hidden><button type="button" data-record>…</button><span role="status"></span></div>
   Nothing is played from a blob: address; the policy of the pages allows none (files.js plays what was decoded). */
(() => {
  "use strict";
  const {all, one, words, toast, files} = window.bh;
  const KINDS = [["audio/webm;codecs=opus", "webm"], ["audio/mp4", "m4a"], ["audio/ogg;codecs=opus", "ogg"]];
  const BITS = 32000;
  const able = window.MediaRecorder && navigator.mediaDevices && navigator.mediaDevices.getUserMedia;

  const kindFor = (input) => able && KINDS.find(([type, ending]) =>
    MediaRecorder.isTypeSupported(type) && (input.dataset.endings || "").split(" ").includes(`.${ending}`));
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

  const prepare = (part) => all("[data-voice]", part).forEach((place) => (place.hidden = !kindFor(one(place.dataset.voice))));
  const record = async (place) => {
    const input = one(place.dataset.voice);
    const [type, ending] = kindFor(input);
    const button = one("[data-record]", place);
    const label = one("span", button);
    const before = label.textContent;
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({audio: true});
    } catch {
      return toast({message: words().nomicrophone, kind: "bad"});
    }
    const recorder = new MediaRecorder(stream, {mimeType: type, audioBitsPerSecond: BITS});
    const parts = [];
    const most = Number(input.dataset.max) || Infinity;
    const started = Date.now();
    const tick = setInterval(() => (label.textContent = `${words().stop} ${clock(Math.round((Date.now() - started) / 1000))}`), 500);
    recorder.addEventListener("dataavailable", (event) => {
      parts.push(event.data);
      if (parts.reduce((sum, each) => sum + each.size, 0) > most * 0.95 && recorder.state === "recording") recorder.stop();
    });
    recorder.addEventListener("stop", () => {
      clearInterval(tick);
      stream.getTracks().forEach((track) => track.stop());
      button.removeAttribute("data-recording");
      label.textContent = before;
      const time = clock(Math.round((Date.now() - started) / 1000)).replace(":", "-");
      files.add(input, [new File(parts, `${words().voicenote} ${time}.${ending}`, {type: type.split(";")[0]})]);
      one("[role=status]", place).textContent = words().recorded;
    });
    button.dataset.recording = "";
    place.recorder = recorder;
    label.textContent = words().stop;
    one("[role=status]", place).textContent = words().recording;
    recorder.start(1000);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-record]");
    if (!button) return;
    const place = button.closest("[data-voice]");
    if (button.hasAttribute("data-recording")) place.recorder.stop();
    else record(place);
  });
  prepare(document);
  document.addEventListener("htmx:load", (event) => prepare(event.target));
})();
