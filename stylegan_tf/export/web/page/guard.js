// Says why nothing happens where modules are not even loaded. A classic
// script: it runs in a page that is opened as a file, and in old browsers.

(function () {
  function say(title, text, code) {
    var notice = document.getElementById("notice");
    var parts = notice.children;
    parts[0].textContent = title;
    parts[1].textContent = text;
    parts[2].textContent = code || "";
    parts[2].hidden = !code;
    notice.hidden = false;
    document.getElementById("main").hidden = true;
  }

  if (location.protocol === "file:") {
    say(
      "This page needs a small web server",
      "A file may not load other files. In the folder of this one run",
      "python -m http.server\n\n# then open http://localhost:8000"
    );
  } else if (!("noModule" in HTMLScriptElement.prototype)) {
    say(
      "This browser is too old for this page",
      "Chrome, Edge, Firefox and Safari of 2023 or later show it."
    );
  } else {
    document.querySelector("script[type=module]").onerror = function () {
      say(
        "A part of this page is missing",
        "Load it again. If that changes nothing: not all files of its folder " +
          "were uploaded."
      );
    };
  }
})();
