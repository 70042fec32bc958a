/* Runs before the first paint. The server writes the reader's choice from a cookie; without one, the system decides. */
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => root.hasAttribute("data-theme-auto") && root.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
  follow();
  dark.addEventListener("change", follow);

  // Paper is white whatever the screen is.
  let screen = "";
  addEventListener("beforeprint", () => {
    screen = root.getAttribute("data-bs-theme");
    root.setAttribute("data-bs-theme", "light");
  });
  addEventListener("afterprint", () => screen && root.setAttribute("data-bs-theme", screen));
})();
