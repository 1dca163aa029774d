// Runs before the first paint, so that a dark page never flashes white. A file of its own: our
// Content-Security-Policy allows no inline scripts.
(function () {
  var wanted = null;
  try {
    wanted = localStorage.getItem("theme");
  } catch (refused) {
    // storage is blocked: the system's theme it is
  }
  var dark = wanted === "dark" || (wanted !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
