// Says why nothing happens where modules are not even loaded. A classic
// script: it runs in a page that is opened as a file, and in old browsers.

(function () {
  var isFile = location.protocol === "file:";
  if (!isFile && "noModule" in HTMLScriptElement.prototype) return;
  var notice = document.getElementById("notice");
  var parts = notice.children;
  parts[0].textContent = isFile
    ? "This page needs a small web server"
    : "This browser is too old for this page";
  parts[1].textContent = isFile
    ? "A file may not load other files. In the folder of this one run"
    : "Chrome, Edge, Firefox and Safari of 2023 or later show it.";
  if (isFile) {
    parts[2].textContent =
      "python -m http.server\n\n# then open http://localhost:8000";
    parts[2].hidden = false;
  }
  notice.hidden = false;
  document.getElementById("main").hidden = true;
})();
